import type { INodeProperties } from 'n8n-workflow';

const exchange = { exchangeKeys: [true] };

/** The keys and certificates that replace the present ones on a date. */
export const keyExchangeFields: INodeProperties[] = [
  {
    displayName: 'Exchange Keys on a Date',
    name: 'exchangeKeys',
    type: 'boolean',
    default: false,
    description:
      'Whether other keys and certificates replace those above on a date. Fill in only the ones that change.',
  },
  {
    displayName: 'Next Keys From',
    name: 'nextKeysFrom',
    type: 'string',
    default: '',
    placeholder: 'e.g. 2026-12-01T02:00Z',
    description:
      'The date and time from which the keys below are used in place of those above. A time without an offset such as +01:00 is in UTC.',
    displayOptions: { show: exchange },
  },
  {
    displayName: 'Next Transport Certificate',
    name: 'nextTransportCertificate',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    placeholder: '-----BEGIN CERTIFICATE-----',
    description: 'The next client certificate for TLS in PEM, with its intermediate certificates',
    displayOptions: { show: { ...exchange, keyFormat: ['pem'] } },
  },
  {
    displayName: 'Next Transport Private Key',
    name: 'nextTransportPrivateKey',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    placeholder: '-----BEGIN PRIVATE KEY-----',
    description:
      'The private key of the next transport certificate, in PEM. If this is empty, the next certificate belongs to the present key.',
    displayOptions: { show: { ...exchange, keyFormat: ['pem'] } },
  },
  {
    displayName: 'Next PKCS #12 File',
    name: 'nextPkcs12',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    placeholder: 'e.g. the output of "openssl base64 -A -in transport.p12"',
    description:
      'The file with the next transport certificate, its intermediate certificates and the private key, encoded in base64',
    displayOptions: { show: { ...exchange, keyFormat: ['pkcs12'] } },
  },
  {
    displayName: 'Next Passphrase',
    name: 'nextPassphrase',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    description: 'The passphrase of the next private key or PKCS #12 file, if it is encrypted',
    displayOptions: { show: exchange },
  },
  {
    displayName: 'Next Signing Private Key',
    name: 'nextSigningPrivateKey',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    placeholder: '-----BEGIN PRIVATE KEY-----',
    description:
      'The next signing key, in PEM or as a JWK. If this is empty, the present signing key stays or, without one, the next transport key signs.',
    displayOptions: { show: exchange },
  },
  {
    displayName: 'Next Signing Passphrase',
    name: 'nextSigningPassphrase',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    description: 'The passphrase of the next signing key, if it is encrypted',
    displayOptions: { show: exchange },
  },
  {
    displayName: 'Next Signing Certificate',
    name: 'nextSigningCertificate',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    placeholder: '-----BEGIN CERTIFICATE-----',
    description: 'The certificate of the next signing key in PEM',
    displayOptions: { show: exchange },
  },
  {
    displayName: 'Next Key ID',
    name: 'nextKeyId',
    type: 'string',
    default: '',
    placeholder: 'e.g. DwMKdWMmj7PWinvoqfQyXVzyZ6Q',
    description: 'The key ID that the bank or directory assigned to the next signing key ("kid")',
    displayOptions: { show: { ...exchange, keyIdSource: ['given'] } },
  },
];
