import type { INodeProperties } from 'n8n-workflow';
import { applicationFields } from './applicationFields';
import { exchangeFields } from './exchangeFields';
import { introspectFields } from './introspectFields';
import { refreshFields } from './refreshFields';
import { revokeFields } from './revokeFields';
import { validFields } from './validFields';

/** The fields of the resource Token. */
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
        description:
          "Get tokens for the code of a customer's consent. A code works once, for a few minutes.",
      },
      {
        name: 'Get Application Token',
        value: 'application',
        action: 'Get application token',
        description: 'Get a token for the application itself, for example to create a consent',
      },
      {
        name: 'Get Stored Token',
        value: 'valid',
        action: 'Get stored token',
        description: 'Get the stored token of a consent, refreshed if it is about to expire',
      },
      {
        name: 'Introspect',
        value: 'introspect',
        action: 'Introspect token',
        description: 'Ask the bank whether a token is still valid, and what for',
      },
      {
        name: 'List Stored Consents',
        value: 'list',
        action: 'List stored consents',
        description: 'List the consents whose tokens are stored, without any secret',
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
        description: 'End a token at the bank, and delete what is stored for the consent',
      },
    ],
  },
  ...exchangeFields,
  ...refreshFields,
  ...applicationFields,
  ...validFields,
  ...revokeFields,
  ...introspectFields,
];
