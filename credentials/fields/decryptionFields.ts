import type { INodeProperties } from 'n8n-workflow';

/** The keys that decrypt ID tokens and redirects. */
export const decryptionFields: INodeProperties[] = [
  {
    displayName: 'Decryption Keys',
    name: 'decryptionKeys',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    placeholder: '-----BEGIN PRIVATE KEY-----',
    description:
      'The private keys that are registered for encryption ("use": "enc"): in PEM, as a JWK or JWK set, or as a PKCS #12 file in base64. If this is empty, the signing key decrypts.',
  },
  {
    displayName: 'Decryption Passphrase',
    name: 'decryptionPassphrase',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    description: 'The passphrase of the decryption keys, if they are encrypted',
  },
];
