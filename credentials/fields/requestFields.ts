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
      {
        name: "A Consent's Token",
        value: 'consent',
        description: "The kept token of a customer's consent is set, refreshed before it expires",
      },
    ],
    default: 'certificate',
    description:
      'What HTTP Request nodes with this credential present to the bank, besides the client certificate',
  },
  {
    displayName: 'Consent',
    name: 'consent',
    type: 'string',
    required: true,
    default: '',
    placeholder: 'e.g. 0a5b0b27-2b5d-4d1c-8a2e-0c7e1f1e5a11',
    description:
      'The name that the tokens are kept under: what an Open Banking Token node has in "Keep for Consent"',
    displayOptions: { show: { authorizeWith: ['consent'] } },
  },
  {
    displayName: 'First Refresh Token',
    name: 'firstRefreshToken',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    description:
      'Only to begin with a refresh token that you got elsewhere: it is used once, and what the bank sends in its place is kept. Leave empty where an Open Banking Token node keeps the tokens.',
    displayOptions: { show: { authorizeWith: ['consent'] } },
  },
];
