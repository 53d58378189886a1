import type { INodeProperties } from 'n8n-workflow';
import { consentField } from '../../fields/consentField';

/** The token to revoke or introspect. */
export const managedTokenFields: INodeProperties[] = [
  {
    displayName: 'Token From',
    name: 'tokenFrom',
    type: 'options',
    options: [
      {
        name: 'Consent',
        value: 'consent',
        description: 'The tokens that are stored for a consent',
      },
      { name: 'Field', value: 'field', description: 'A token that you give below' },
    ],
    default: 'consent',
  },
  { ...consentField, displayOptions: { show: { tokenFrom: ['consent'] } } },
  {
    displayName: 'Token',
    name: 'token',
    type: 'string',
    typeOptions: { password: true },
    required: true,
    default: '={{ $json.access_token }}',
    description: 'An access token or refresh token',
    displayOptions: { show: { tokenFrom: ['field'] } },
  },
  {
    displayName: 'Kind of Token',
    name: 'tokenTypeHint',
    type: 'options',
    options: [
      { name: 'Access Token', value: 'access_token' },
      { name: 'Refresh Token', value: 'refresh_token' },
    ],
    default: 'access_token',
    description: 'It helps the bank to find the token ("token_type_hint")',
    displayOptions: { show: { tokenFrom: ['field'] } },
  },
];
