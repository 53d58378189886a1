import type { INodeProperties } from 'n8n-workflow';
import { createUrlFields } from './createUrlFields';

/** The fields of the resource Authorization. */
export const authorizationFields: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: { resource: ['authorization'] } },
    default: 'createUrl',
    options: [
      {
        name: 'Create Authorization URL',
        value: 'createUrl',
        action: 'Create authorization URL',
        description: 'Create the address at the bank where a customer gives consent',
      },
    ],
  },
  ...createUrlFields,
];
