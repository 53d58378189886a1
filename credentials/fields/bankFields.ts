import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** The regimes, as fields of nodes offer them too. */
export const regimeOptions: INodePropertyOptions[] = [
  {
    name: 'Australia (CDR)',
    value: 'australia',
    description: 'Consumer Data Right: the request itself is the consent',
  },
  { name: 'Brazil', value: 'brazil', description: 'Open Finance Brasil' },
  {
    name: 'FAPI 1 Advanced',
    value: 'fapi1',
    description: 'The security profile alone, without the rules of a country',
  },
  {
    name: 'FAPI 2',
    value: 'fapi2',
    description: 'The security profile alone, without the rules of a country',
  },
  {
    name: 'Saudi Arabia (FAPI 1)',
    value: 'saudiArabia',
    description: 'KSA Open Banking, with consents in plain JSON',
  },
  {
    name: 'Saudi Arabia (FAPI 2)',
    value: 'saudiArabiaFapi2',
    description: 'KSA Open Banking from version 2024.09.01 on, with signed consents',
  },
  { name: 'United Kingdom', value: 'uk', description: 'Open Banking UK (OBIE)' },
];

const regimeField: INodeProperties = {
  displayName: 'Regime',
  name: 'regime',
  type: 'options',
  options: [
    {
      name: 'Automatic',
      value: 'automatic',
      description:
        'At WSO2 as its documents say; at other banks FAPI 1 Advanced, with the consents of Open Banking UK',
    },
    ...regimeOptions,
  ],
  default: 'automatic',
  description:
    'The rules of the country or the security profile that the bank follows. It decides how customers are asked for consent: fields of the nodes with the value "Automatic (by Regime)" follow it. A node can have another one under "Options".',
};

/** The addresses of the bank, and the rules that it follows. */
export const bankFields: INodeProperties[] = [
  {
    displayName: 'Bank',
    name: 'bank',
    type: 'options',
    options: [
      {
        name: 'WSO2 Open Banking',
        value: 'wso2',
        description: 'The paths and ports of WSO2 on the hosts that the bank names',
      },
      {
        name: 'Discovery',
        value: 'discovery',
        description: 'The bank publishes its addresses (OpenID Connect Discovery)',
      },
      { name: 'Custom Endpoints', value: 'custom', description: 'You fill in each address' },
    ],
    default: 'wso2',
    description: 'How this credential finds the addresses of the bank',
  },
  regimeField,
  {
    displayName: 'Host',
    name: 'host',
    type: 'string',
    default: '',
    placeholder: 'e.g. is.bank.example:9446',
    description:
      "The bank's identity server, which issues tokens at https://&lt;host&gt;/oauth2/token. The port is 9446 if you give none.",
    displayOptions: { show: { bank: ['wso2'] } },
  },
  {
    displayName: 'API Gateway Host',
    name: 'gatewayHost',
    type: 'string',
    default: '',
    placeholder: 'e.g. api.bank.example:8243',
    description:
      'The bank\'s API gateway, where the account API is. The port is 8243 if you give none. Tokens are refreshed there only if "Refresh At" is "API Gateway"; the field is one of the custom settings.',
    displayOptions: { show: { bank: ['wso2'] } },
  },
  {
    displayName: 'Issuer',
    name: 'issuer',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://auth.bank.example',
    description:
      'The name of the authorization server, exactly as in its metadata ("issuer") and its ID tokens ("iss")',
    displayOptions: { show: { bank: ['discovery', 'custom'] } },
  },
  {
    displayName: 'Token Endpoint',
    name: 'tokenEndpoint',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://mtls.bank.example/token',
    description: 'Where codes are exchanged and application tokens are requested',
    displayOptions: { show: { bank: ['custom'] } },
  },
  {
    displayName: 'Refresh Endpoint',
    name: 'refreshEndpoint',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://api.bank.example/token',
    description: 'Where tokens are refreshed, if not at the token endpoint',
    displayOptions: { show: { bank: ['custom'] } },
  },
  {
    displayName: 'Authorization Endpoint',
    name: 'authorizationEndpoint',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://auth.bank.example/authorize',
    description:
      'Where customers log in and give consent; only the operation "Create Authorization URL" needs it',
    displayOptions: { show: { bank: ['custom'] } },
  },
  {
    displayName: 'Pushed Authorization Request Endpoint',
    name: 'pushedAuthorizationRequestEndpoint',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://mtls.bank.example/par',
    description:
      'Where authorization requests are sent before the customer is (PAR). Only "Create Authorization URL" needs it, and only if the bank asks for PAR.',
    displayOptions: { show: { bank: ['custom'] } },
  },
  {
    displayName: 'JWKS URL',
    name: 'jwksUri',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://auth.bank.example/jwks',
    description:
      'Where the bank publishes the keys that verify its ID tokens ("jwks_uri"). Needed for the scope "openid".',
    displayOptions: { show: { bank: ['custom'] } },
  },
  {
    displayName: 'Revocation Endpoint',
    name: 'revocationEndpoint',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://mtls.bank.example/revoke',
    description: 'Where tokens are revoked; only the operation "Revoke" needs it',
    displayOptions: { show: { bank: ['custom'] } },
  },
  {
    displayName: 'Introspection Endpoint',
    name: 'introspectionEndpoint',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://mtls.bank.example/introspect',
    description:
      'Where the bank says whether a token is valid; only the operation "Introspect" needs it',
    displayOptions: { show: { bank: ['custom'] } },
  },
];

/** The server at which WSO2 refreshes tokens. */
export const refreshAtField: INodeProperties = {
  displayName: 'Refresh At',
  name: 'refreshAt',
  type: 'options',
  options: [
    {
      name: 'API Gateway',
      value: 'apiGateway',
      description:
        'At https://&lt;API gateway host&gt;/token, as gateways before WSO2 API Manager 4.0 do',
    },
    {
      name: 'Identity Server',
      value: 'identityServer',
      description: 'At https://&lt;host&gt;/oauth2/token, where codes are exchanged',
    },
  ],
  default: 'identityServer',
  description:
    'Where tokens are refreshed. Gateways of WSO2 API Manager 4.0 and later have no token endpoint.',
  displayOptions: { show: { bank: ['wso2'] } },
};

/** The base address of the account API. Most WSO2 banks need none: it follows from "API Gateway Host". */
export function accountApiField(banks: string[]): INodeProperties {
  const isWso2 = banks.includes('wso2');
  return {
    displayName: 'Account API URL',
    name: 'accountApiUrl',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://api.bank.example/open-banking/v3.1/aisp',
    description: `The base address of the bank's account API, below which it has "/accounts". The node "Open Banking" needs it. ${
      isWso2
        ? 'If this is empty, it is https://&lt;API gateway host&gt;/open-banking/v3.1/aisp.'
        : 'HTTP Request nodes may send tokens to its host.'
    }`,
    displayOptions: { show: { bank: banks } },
  };
}

/** A brand of the bank. The node has the same field under "Options". */
export const financialIdField: INodeProperties = {
  displayName: 'Financial ID',
  name: 'financialId',
  type: 'string',
  default: '',
  placeholder: 'e.g. 0015800000aBcDeFAA',
  description:
    'The ID of the bank or its brand, for banks that demand the header "x-fapi-financial-id" at their account API',
};
