import type { INodeProperties } from 'n8n-workflow';
import { algorithms } from './algorithms';

/** The verification of ID tokens. */
export const idTokenFields: INodeProperties[] = [
  {
    displayName: 'ID Token Algorithm',
    name: 'idTokenAlgorithm',
    type: 'options',
    options: algorithms,
    default: 'PS256',
    description:
      'The algorithm with which the bank signs ID tokens and the responses in its redirects ("id_token_signed_response_alg", "authorization_signed_response_alg")',
  },
  {
    displayName: 'Clock Tolerance (Seconds)',
    name: 'clockTolerance',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 300 },
    default: 30,
    description:
      'How much the clocks of this machine and of the bank may differ when the dates of an ID token or response JWT are checked',
  },
  {
    displayName: 'Issuer of ID Tokens',
    name: 'issuer',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://is.bank.example/oauth2/token',
    description: '"iss" of the bank\'s ID tokens, if it is not the address of the token endpoint',
    displayOptions: { show: { bank: ['wso2'] } },
  },
];
