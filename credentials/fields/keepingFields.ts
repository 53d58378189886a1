import type { INodeProperties } from 'n8n-workflow';

/** The place where tokens are stored between runs. */
export const keepingFields: INodeProperties[] = [
  {
    displayName: 'Keep Tokens In',
    name: 'keepTokensIn',
    type: 'options',
    options: [
      {
        name: 'This Machine',
        value: 'machine',
        description: "A file in n8n's folder: for one n8n with one process",
      },
      {
        name: 'PostgreSQL',
        value: 'postgres',
        description: 'A database: for queue mode, and for n8n on several hosts',
      },
    ],
    default: 'machine',
    description: 'Where the tokens of consents are stored between runs, encrypted',
  },
  {
    displayName: 'PostgreSQL Connection',
    name: 'postgresUrl',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    placeholder: 'e.g. postgres://user:password@db.example:5432/n8n',
    description:
      'Connection string with user, password and database; the table "open_banking_tokens" is created in it',
    displayOptions: { show: { keepTokensIn: ['postgres'] } },
  },
  {
    displayName: 'Encryption Key',
    name: 'encryptionKey',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    placeholder: 'e.g. the output of "openssl rand -base64 32"',
    description:
      'The key that encrypts stored tokens. If it is empty, the key is derived from the private key, and a new private key cannot read the stored tokens. To change the key, add the old one after the new one, separated by a space.',
  },
];
