import type { INodeProperties } from 'n8n-workflow';

/** The identity of the application: client ID, certificates and keys. */
export const keyFields: INodeProperties[] = [
  {
    displayName: 'Client ID',
    name: 'clientId',
    type: 'string',
    required: true,
    default: '',
    placeholder: 'e.g. aBcD1234efGh5678',
    description: 'The name that the bank gave this application when it was registered',
  },
  {
    displayName: 'Key Format',
    name: 'keyFormat',
    type: 'options',
    options: [
      {
        name: 'PEM',
        value: 'pem',
        description: 'Certificate and private key as text (.pem, .crt, .cer, .key)',
      },
      {
        name: 'PKCS #12',
        value: 'pkcs12',
        description: 'One file with both (.p12, .pfx), encoded in base64',
      },
    ],
    default: 'pem',
    description: 'The form in which you have the transport certificate and its private key',
  },
  {
    displayName: 'Transport Certificate',
    name: 'transportCertificate',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    placeholder: '-----BEGIN CERTIFICATE-----',
    description:
      'The client certificate for TLS in PEM, with its intermediate certificates if there are any. Banks and directories call it transport certificate, OBTransport, OBWAC or QWAC.',
    displayOptions: { show: { keyFormat: ['pem'] } },
  },
  {
    displayName: 'Transport Private Key',
    name: 'transportPrivateKey',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    placeholder: '-----BEGIN PRIVATE KEY-----',
    description:
      'The private key of the transport certificate, in PEM. Lost line breaks are restored.',
    displayOptions: { show: { keyFormat: ['pem'] } },
  },
  {
    displayName: 'PKCS #12 File',
    name: 'pkcs12',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    placeholder: 'e.g. the output of "openssl base64 -A -in transport.p12"',
    description:
      'The .p12 or .pfx file with the transport certificate, its intermediate certificates and the private key, encoded in base64',
    displayOptions: { show: { keyFormat: ['pkcs12'] } },
  },
  {
    displayName: 'Passphrase',
    name: 'passphrase',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    description: 'The passphrase of the private key or the PKCS #12 file, if it is encrypted',
  },
  {
    displayName: 'Certificate Authorities',
    name: 'certificateAuthorities',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    placeholder: '-----BEGIN CERTIFICATE-----',
    description:
      "Certificates in PEM that verify the bank's server certificate, if it does not come from a well-known authority. They replace the well-known ones.",
  },
  {
    displayName: 'Also Trust Well-Known Authorities',
    name: 'trustWellKnownAuthorities',
    type: 'boolean',
    default: false,
    description:
      'Whether the well-known authorities are trusted in addition to those above, for a bank whose addresses have certificates of both kinds',
    displayOptions: { hide: { certificateAuthorities: [''] } },
  },
];
