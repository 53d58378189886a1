import type {
  ICredentialDataDecryptedObject,
  ICredentialType,
  Icon,
  IHttpRequestOptions,
  INodeProperties,
} from 'n8n-workflow';
import { authenticateRequest } from './authenticateRequest';

const algorithms = [
  { name: 'PS256', value: 'PS256', description: 'RSA with PSS: what FAPI and WSO2 expect' },
  { name: 'ES256', value: 'ES256', description: 'EC on the curve P-256' },
  { name: 'EdDSA', value: 'EdDSA', description: 'Ed25519' },
  { name: 'RS256 (Legacy)', value: 'RS256', description: 'RSA with PKCS #1 v1.5: refused by FAPI' },
];

/** Open Banking API: where the bank is, who we are, and how stock HTTP Request nodes are authorised. */
export class OpenBankingApi implements ICredentialType {
  name = 'openBankingApi';

  displayName = 'Open Banking API';

  icon: Icon = { light: 'file:openBankingApi.svg', dark: 'file:openBankingApi.dark.svg' };

  documentationUrl = 'https://ob.docs.wso2.com/en/latest/learn/user-access-token/';

  properties: INodeProperties[] = [
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
    // eslint-disable-next-line @n8n/community-nodes/credential-password-field -- an address, no token
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
      displayName: 'Client ID',
      name: 'clientId',
      type: 'string',
      required: true,
      default: '',
      description: 'What the bank issued when the application was registered',
    },
    {
      displayName: 'Transport Certificate',
      name: 'transportCertificate',
      type: 'string',
      typeOptions: { password: true, rows: 4 },
      required: true,
      default: '',
      placeholder: '-----BEGIN CERTIFICATE-----',
      description:
        'The client certificate for TLS in PEM, followed by its intermediate certificates if there are any',
    },
    {
      displayName: 'Transport Private Key',
      name: 'transportPrivateKey',
      type: 'string',
      typeOptions: { password: true, rows: 4 },
      required: true,
      default: '',
      placeholder: '-----BEGIN PRIVATE KEY-----',
      description: 'The private key of the transport certificate in PEM',
    },
    {
      displayName: 'Passphrase',
      name: 'passphrase',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description: 'Of the private key, if it is encrypted',
    },
    {
      displayName: 'Certificate Authorities',
      name: 'certificateAuthorities',
      type: 'string',
      typeOptions: { password: true, rows: 4 },
      default: '',
      placeholder: '-----BEGIN CERTIFICATE-----',
      description:
        "Certificates in PEM that the bank's server certificate is verified with, if it does not come from a well-known authority. They replace the well-known ones.",
    },
    {
      displayName: 'Redirect URI',
      name: 'redirectUri',
      type: 'string',
      default: '',
      placeholder: 'e.g. https://app.example/redirect',
      description:
        'Where the bank sends customers after they consented, to the letter as it was registered',
    },
    {
      displayName: 'Scope',
      name: 'scope',
      type: 'string',
      default: 'openid accounts',
      placeholder: 'e.g. openid accounts',
      description: 'What tokens are asked for, separated by spaces',
    },
    {
      displayName: 'Authorise HTTP Requests With',
      name: 'authorizeWith',
      type: 'options',
      options: [
        {
          name: 'Client Certificate Only',
          value: 'certificate',
          description: 'The workflow sets the Authorization header itself',
        },
        {
          name: 'Application Token',
          value: 'application',
          description: 'A token for the application is fetched, kept in memory and set',
        },
      ],
      default: 'certificate',
      description:
        'What HTTP Request nodes with this credential present to the bank, besides the client certificate',
    },
    {
      displayName: 'Client Authentication',
      name: 'clientAuthentication',
      type: 'options',
      options: [
        {
          name: 'Signed Client Assertion (Private_key_jwt)',
          value: 'private_key_jwt',
          description: 'Besides the certificate, each token request carries a signed JWT',
        },
        {
          name: 'Client Certificate (Tls_client_auth)',
          value: 'tls_client_auth',
          description: 'The certificate alone says who the client is',
        },
      ],
      default: 'private_key_jwt',
      description: 'How the bank registered this application ("token_endpoint_auth_method")',
    },
    {
      displayName: 'Signature Algorithm',
      name: 'algorithm',
      type: 'options',
      options: algorithms,
      default: 'PS256',
      description: 'Of the client assertion ("token_endpoint_auth_signing_alg")',
      displayOptions: { show: { clientAuthentication: ['private_key_jwt'] } },
    },
    {
      displayName: 'Key ID From',
      name: 'keyIdSource',
      type: 'options',
      options: [
        {
          name: 'Certificate, SHA-1 (X5t)',
          value: 'x5t',
          description: 'What WSO2 calls the thumbprint of the certificate',
        },
        { name: 'Certificate, SHA-256 (X5t#S256)', value: 'x5t#S256' },
        { name: 'Field Below', value: 'given', description: 'What the bank or directory assigned' },
        { name: 'Key (RFC 7638 Thumbprint)', value: 'jwk' },
      ],
      default: 'x5t',
      description: 'How the bank finds the registered key ("kid" of the assertion)',
      displayOptions: { show: { clientAuthentication: ['private_key_jwt'] } },
    },
    {
      displayName: 'Key ID',
      name: 'keyId',
      // eslint-disable-next-line n8n-nodes-base/cred-class-field-type-options-password-missing -- public, in every assertion's header
      type: 'string',
      required: true,
      default: '',
      description: '"kid" of the registered key',
      displayOptions: {
        show: { clientAuthentication: ['private_key_jwt'], keyIdSource: ['given'] },
      },
    },
    {
      displayName: 'Audience',
      name: 'audience',
      type: 'options',
      options: [
        {
          name: 'Automatic',
          value: 'automatic',
          description: 'The token endpoint for WSO2, the issuer otherwise',
        },
        { name: 'Custom Value', value: 'custom' },
        {
          name: 'Endpoint Being Called',
          value: 'endpoint',
          description: 'Each endpoint its own address, as some servers demand',
        },
        { name: 'Issuer', value: 'issuer', description: 'The safest, where the bank accepts it' },
        { name: 'Token Endpoint', value: 'tokenEndpoint' },
      ],
      default: 'automatic',
      description: 'Whom the assertion is made out to ("aud")',
      displayOptions: { show: { clientAuthentication: ['private_key_jwt'] } },
    },
    {
      displayName: 'Audience Value',
      name: 'audienceValue',
      type: 'string',
      required: true,
      default: '',
      placeholder: 'e.g. https://is.bank.example/oauth2/token',
      displayOptions: {
        show: { clientAuthentication: ['private_key_jwt'], audience: ['custom'] },
      },
    },
    {
      displayName: 'Assertion Type',
      name: 'assertionType',
      type: 'options',
      options: [
        { name: 'Client-Authentication+jwt', value: 'client-authentication+jwt' },
        { name: 'JWT', value: 'JWT' },
      ],
      default: 'JWT',
      description: '"typ" of the assertion; most banks expect JWT',
      displayOptions: { show: { clientAuthentication: ['private_key_jwt'] } },
    },
    {
      displayName: 'Use a Separate Signing Key',
      name: 'separateSigningKey',
      type: 'boolean',
      default: false,
      description:
        'Whether assertions are signed with another key than that of the transport certificate',
      displayOptions: { show: { clientAuthentication: ['private_key_jwt'] } },
    },
    {
      displayName: 'Signing Private Key',
      name: 'signingPrivateKey',
      type: 'string',
      typeOptions: { password: true, rows: 4 },
      required: true,
      default: '',
      placeholder: '-----BEGIN PRIVATE KEY-----',
      description: 'The private key that assertions are signed with, in PEM',
      displayOptions: {
        show: { clientAuthentication: ['private_key_jwt'], separateSigningKey: [true] },
      },
    },
    {
      displayName: 'Signing Passphrase',
      name: 'signingPassphrase',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description: 'Of the signing key, if it is encrypted',
      displayOptions: {
        show: { clientAuthentication: ['private_key_jwt'], separateSigningKey: [true] },
      },
    },
    {
      displayName: 'Signing Certificate',
      name: 'signingCertificate',
      type: 'string',
      typeOptions: { password: true, rows: 4 },
      default: '',
      placeholder: '-----BEGIN CERTIFICATE-----',
      description: 'The certificate of the signing key in PEM; the key ID is computed from it',
      displayOptions: {
        show: { clientAuthentication: ['private_key_jwt'], separateSigningKey: [true] },
      },
    },
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
    {
      displayName: 'Connect Timeout (Seconds)',
      name: 'connectTimeout',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 600 },
      default: 10,
      description: 'How long to wait for a connection to the bank',
    },
    {
      displayName: 'Request Timeout (Seconds)',
      name: 'requestTimeout',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 600 },
      default: 30,
      description: 'How long to wait for the whole answer of the bank',
    },
  ];

  /** Used by HTTP Request and every other node that sends requests with this credential. */
  async authenticate(
    credentials: ICredentialDataDecryptedObject,
    requestOptions: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> {
    return authenticateRequest(credentials, requestOptions);
  }
}
