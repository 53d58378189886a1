import type { INodeProperties } from 'n8n-workflow';
import type { ManagedToken } from '../../../../core/oauth/grants/tokenManagement';
import type { TokenSet } from '../../../../core/oauth/grants/tokenSet';
import { consentField } from '../consentField';
import { textParameter, type OperationInput } from '../operation';

/** Which token is revoked or asked about. */
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
      { name: 'Field', value: 'field', description: 'A token of your own' },
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
    displayOptions: { show: { tokenFrom: ['field'] } },
  },
];

/** The token of the fields "Token" and "Kind of Token". */
export function givenToken(input: OperationInput): ManagedToken {
  const hint = textParameter(input, 'tokenTypeHint');
  return {
    token: textParameter(input, 'token'),
    hint: hint === 'refresh_token' ? hint : 'access_token',
  };
}

/** The access token of a token set. */
export function accessTokenOf({ access_token: token }: TokenSet): ManagedToken {
  return { token: typeof token === 'string' ? token : '', hint: 'access_token' };
}
