import type { INodeProperties } from 'n8n-workflow';

/** What tokens are asked for, and how HTTP requests are authorised. */
export const requestFields: INodeProperties[] = [
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
];
