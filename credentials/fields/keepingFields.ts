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
    placeholder: 'e.g. postgres://user:password@db.example:5432/n8n?sslmode=verify-full',
    description:
      'Connection string with user, password and database. The tables "open_banking_tokens…" are created in it. A server on another machine needs "sslmode".',
    displayOptions: { show: { keepTokensIn: ['postgres'] } },
  },
  {
    displayName: 'PostgreSQL Schema',
    name: 'postgresSchema',
    type: 'string',
    default: '',
    placeholder: 'e.g. n8n',
    description:
      'The schema that contains the tables. If it is empty, the first schema of the search path is used, mostly "public".',
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
      'The key that encrypts stored tokens. If it is empty, the key is derived from the private key, and a new private key cannot read the stored tokens. To change the key, empty the field, and fill in the new key, a space, and the former key.',
  },
];
