import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import { application } from './application.operation';
import { exchange } from './exchange.operation';
import { introspect } from './introspect.operation';
import { list } from './list.operation';
import { refresh } from './refresh.operation';
import { revoke } from './revoke.operation';
import { valid } from './valid.operation';

/** The operations of the resource Token, by the value that saved workflows carry. */
export const tokenOperations: Record<string, Operation> = {
  exchange,
  refresh,
  application,
  valid,
  revoke,
  introspect,
  list,
};

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
        name: 'Get Valid Token',
        value: 'valid',
        action: 'Get valid token',
        description: 'Get the kept token of a consent, refreshed when it is about to expire',
      },
      {
        name: 'Introspect',
        value: 'introspect',
        action: 'Introspect token',
        description: 'Ask the bank whether a token is still valid, and what for',
      },
      {
        name: 'List Kept Tokens',
        value: 'list',
        action: 'List kept tokens',
        description: 'List the consents whose tokens are kept, without any secret',
      },
      {
        name: 'Refresh',
        value: 'refresh',
        action: 'Refresh token',
        description: 'Get new tokens for a refresh token',
      },
      {
        name: 'Revoke',
        value: 'revoke',
        action: 'Revoke token',
        description: 'End a token at the bank, and forget what is kept for the consent',
      },
    ],
  },
  ...exchange.fields,
  ...refresh.fields,
  ...application.fields,
  ...valid.fields,
  ...revoke.fields,
  ...introspect.fields,
  ...list.fields,
];
