import type { INodeProperties } from 'n8n-workflow';

/** Where the bank is. */
export const bankFields: INodeProperties[] = [
  {
    displayName: 'Bank',
    name: 'bank',
    type: 'options',
    options: [
      {
        name: 'WSO2 Open Banking',
        value: 'wso2',
        description: "WSO2's paths and ports on the host that the bank names",
      },
      {
        name: 'Discovery',
        value: 'discovery',
        description: 'The issuer publishes its endpoints (OpenID Connect Discovery)',
      },
      { name: 'Custom Endpoints', value: 'custom', description: 'Each endpoint by itself' },
    ],
    default: 'wso2',
    description: "How the addresses of the bank's endpoints are known",
  },
  {
    displayName: 'Host',
    name: 'host',
    type: 'string',
    required: true,
    default: '',
    placeholder: 'e.g. is.bank.example:9446',
    description:
      "The bank's identity server. Codes are exchanged at https://&lt;host&gt;/oauth2/token; the port is 9446 unless you give one.",
    displayOptions: { show: { bank: ['wso2'] } },
  },
  {
    displayName: 'API Gateway Host',
    name: 'gatewayHost',
    type: 'string',
    default: '',
    placeholder: 'e.g. api.bank.example:8243',
    description:
      "The bank's API gateway, where it refreshes tokens: at https://&lt;host&gt;/token; the port is 8243 unless you give one. Leave empty to refresh at the identity server.",
    displayOptions: { show: { bank: ['wso2'] } },
  },
  {
    displayName: 'Issuer',
    name: 'issuer',
    type: 'string',
    required: true,
    default: '',
    placeholder: 'e.g. https://auth.bank.example',
    description:
      'How the authorization server calls itself ("issuer" in its metadata, "iss" in its ID tokens), to the letter',
    displayOptions: { show: { bank: ['discovery', 'custom'] } },
  },
  {
    displayName: 'Token Endpoint',
    name: 'tokenEndpoint',
    // eslint-disable-next-line n8n-nodes-base/cred-class-field-type-options-password-missing -- an address, no token
    type: 'string',
    required: true,
    default: '',
    placeholder: 'e.g. https://mtls.bank.example/token',
    description: 'Where codes are exchanged and application tokens handed out',
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
      'Where authorization requests are sent before the customer is (PAR); only "Create Authorization URL" needs it, where the bank wants it so',
    displayOptions: { show: { bank: ['custom'] } },
  },
  {
    displayName: 'JWKS URL',
    name: 'jwksUri',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://auth.bank.example/jwks',
    description:
      'Where the bank publishes the keys it signs ID tokens with ("jwks_uri"). Needed for the scope "openid".',
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
    description: 'Where the bank tells about tokens; only the operation "Introspect" needs it',
    displayOptions: { show: { bank: ['custom'] } },
  },
];
