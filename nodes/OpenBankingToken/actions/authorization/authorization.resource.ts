import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import { createUrl } from './createUrl.operation';

/** The operations of the resource Authorization, by the value that saved workflows carry. */
export const authorizationOperations: Record<string, Operation> = { createUrl };

/** The choice of the operation, and the fields of each. */
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
  ...createUrl.fields,
];
