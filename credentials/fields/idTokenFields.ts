import type { INodeProperties } from 'n8n-workflow';
import { algorithms } from './algorithms';

/** How ID tokens are verified. */
export const idTokenFields: INodeProperties[] = [
  {
    displayName: 'ID Token Algorithm',
    name: 'idTokenAlgorithm',
    type: 'options',
    options: algorithms,
    default: 'PS256',
    description: 'What the bank signs ID tokens with ("id_token_signed_response_alg")',
  },
  {
    displayName: 'Issuer of ID Tokens',
    name: 'issuer',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://is.bank.example/oauth2/token',
    description:
      '"iss" of the bank\'s ID tokens, where it is not the address of the token endpoint',
    displayOptions: { show: { bank: ['wso2'] } },
  },
];
