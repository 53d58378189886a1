import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import { application } from './application.operation';
import { exchange } from './exchange.operation';
import { refresh } from './refresh.operation';

/** The operations of the resource Token, by the value that saved workflows carry. */
export const tokenOperations: Record<string, Operation> = { exchange, refresh, application };

/** The choice of the operation, and the fields of each. */
export const tokenFields: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: { resource: ['token'] } },
    default: 'exchange',
    options: [
      {
        name: 'Exchange Authorization Code',
        value: 'exchange',
        action: 'Exchange authorization code for token',
        description: "Turn the code of a customer's consent into tokens",
      },
      {
        name: 'Get Application Token',
        value: 'application',
        action: 'Get application token',
        description: 'Get a token for the application itself, for example to create a consent',
      },
      {
        name: 'Refresh',
        value: 'refresh',
        action: 'Refresh token',
        description: 'Get new tokens for a refresh token',
      },
    ],
  },
  ...exchange.fields,
  ...refresh.fields,
  ...application.fields,
];
