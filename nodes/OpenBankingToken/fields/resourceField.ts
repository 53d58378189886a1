import type { INodeProperties } from 'n8n-workflow';

/** The field "Resource". */
export const resourceField: INodeProperties = {
  displayName: 'Resource',
  name: 'resource',
  type: 'options',
  noDataExpression: true,
  options: [
    { name: 'Authorization', value: 'authorization' },
    { name: 'Payload', value: 'payload' },
    { name: 'Token', value: 'token' },
  ],
  default: 'token',
};
