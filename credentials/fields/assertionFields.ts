import type { INodeProperties } from 'n8n-workflow';
import { algorithms } from './algorithms';

/** The way in which the application proves who it is. */
export const clientAuthenticationField: INodeProperties = {
  displayName: 'Client Authentication',
  name: 'clientAuthentication',
  type: 'options',
  options: [
    {
      name: 'Client Certificate Alone',
      value: 'tls_client_auth',
      description: '"tls_client_auth": the certificate identifies the client',
    },
    {
      name: 'Client Secret in the Form',
      value: 'client_secret_post',
      description: '"client_secret_post": each token request carries a secret in its form',
    },
    {
      name: 'Client Secret in the Header',
      value: 'client_secret_basic',
      description: '"client_secret_basic": each token request carries a secret in a header',
    },
    {
      name: 'Self-Signed Certificate',
      value: 'self_signed_tls_client_auth',
      description:
        '"self_signed_tls_client_auth": the certificate itself is registered, and its issuer does not matter',
    },
    {
      name: 'Signed Client Assertion',
      value: 'private_key_jwt',
      description: '"private_key_jwt": each token request carries a signed JWT',
    },
  ],
  default: 'private_key_jwt',
  description:
    'How the bank registered this application ("token_endpoint_auth_method"). The client certificate is always shown, too.',
};

/** The secret of the application. It stands below the choice that needs it, and is no custom setting of its own. */
export const clientSecretField: INodeProperties = {
  displayName: 'Client Secret',
  name: 'clientSecret',
  type: 'string',
  typeOptions: { password: true },
  default: '',
  description: 'The secret that the bank issued together with the client ID ("client_secret")',
  displayOptions: {
    show: { clientAuthentication: ['client_secret_basic', 'client_secret_post'] },
  },
};

/** The signature of client assertions and request objects. */
export const assertionFields: INodeProperties[] = [
  {
    displayName: 'Signature Algorithm',
    name: 'algorithm',
    type: 'options',
    options: algorithms,
    default: 'PS256',
    description:
      'The algorithm that signs client assertions and request objects ("token_endpoint_auth_signing_alg", "request_object_signing_alg")',
  },
  {
    displayName: 'Key ID From',
    name: 'keyIdSource',
    type: 'options',
    options: [
      {
        name: 'Certificate, SHA-1',
        value: 'x5t',
        description: '"x5t": WSO2 calls it the thumbprint of the certificate',
      },
      { name: 'Certificate, SHA-256', value: 'x5t#S256', description: '"x5t#S256"' },
      {
        name: 'Field Below',
        value: 'given',
        description: 'A key ID that the bank or directory assigned',
      },
      { name: 'Key', value: 'jwk', description: 'Thumbprint of the key (RFC 7638)' },
      { name: 'No Key ID', value: 'none', description: 'The header has no "kid"' },
      {
        name: 'Public Key, SHA-256',
        value: 'publicKeySha256',
        description: 'Keycloak gives this ID to the key of an imported certificate',
      },
    ],
    default: 'x5t',
    description:
      'How the bank finds the registered key: "kid" in the header of client assertions and request objects',
  },
  {
    displayName: 'Key ID',
    name: 'keyId',
    type: 'string',
    default: '',
    placeholder: 'e.g. DwMKdWMmj7PWinvoqfQyXVzyZ6Q',
    description: 'The key ID that the bank or directory assigned ("kid")',
    displayOptions: {
      show: { keyIdSource: ['given'] },
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
        description: 'The token endpoint for WSO2 without FAPI 2, the issuer otherwise',
      },
      { name: 'Custom Value', value: 'custom' },
      {
        name: 'Endpoint Being Called',
        value: 'endpoint',
        description: 'The address of each endpoint, as some servers require',
      },
      { name: 'Issuer', value: 'issuer', description: 'The safest, if the bank accepts it' },
      { name: 'Token Endpoint', value: 'tokenEndpoint' },
    ],
    default: 'automatic',
    description: 'The recipient that the assertion names ("aud")',
    displayOptions: { show: { clientAuthentication: ['private_key_jwt'] } },
  },
  {
    displayName: 'Audience Value',
    name: 'audienceValue',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://is.bank.example/oauth2/token',
    displayOptions: { show: { audience: ['custom'], clientAuthentication: ['private_key_jwt'] } },
  },
  {
    displayName: 'Assertion Type',
    name: 'assertionType',
    type: 'options',
    options: [
      {
        name: 'Client Authentication',
        value: 'client-authentication+jwt',
        description: '"client-authentication+jwt"',
      },
      { name: 'JWT', value: 'JWT', description: '"JWT": most banks expect it' },
    ],
    default: 'JWT',
    description: '"typ" of the assertion',
    displayOptions: { show: { clientAuthentication: ['private_key_jwt'] } },
  },
  {
    displayName: 'Use a Separate Signing Key',
    name: 'separateSigningKey',
    type: 'boolean',
    default: false,
    description:
      'Whether assertions and request objects are signed with another key than the transport key',
  },
  {
    displayName: 'Signing Private Key',
    name: 'signingPrivateKey',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    placeholder: '-----BEGIN PRIVATE KEY-----',
    description:
      'The private key that assertions and request objects are signed with, in PEM or as a JWK',
    displayOptions: {
      show: { separateSigningKey: [true] },
    },
  },
  {
    displayName: 'Signing Passphrase',
    name: 'signingPassphrase',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    description: 'The passphrase of the signing key, if it is encrypted',
    displayOptions: {
      show: { separateSigningKey: [true] },
    },
  },
  {
    displayName: 'Signing Certificate',
    name: 'signingCertificate',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    placeholder: '-----BEGIN CERTIFICATE-----',
    description: 'The certificate of the signing key in PEM; the key ID is computed from it',
    displayOptions: {
      show: { separateSigningKey: [true] },
    },
  },
];
