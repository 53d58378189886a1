import type { INodeProperties } from 'n8n-workflow';

/** The field "Resource". */
export const resourceField: INodeProperties = {
  displayName: 'Resource',
  name: 'resource',
  type: 'options',
  noDataExpression: true,
  options: [
    { name: 'Account', value: 'account' },
    { name: 'Consent', value: 'consent' },
    { name: 'Transaction', value: 'transaction' },
  ],
  default: 'transaction',
};
