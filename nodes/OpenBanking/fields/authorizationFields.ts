import type { INodeProperties } from 'n8n-workflow';
import { consentField } from '../../fields/consentField';

/**
 * The fields that say what authorizes the requests. As a tool the node has only the stored consents: a language model must not handle
 * tokens. A field that is hidden has no value in the editor, so the consent is shown unless another choice is made.
 */
export const authorizationFields: INodeProperties[] = [
  {
    displayName: 'Authorize With',
    name: 'authorizeWith',
    type: 'options',
    noDataExpression: true,
    options: [
      {
        name: 'Stored Consent',
        value: 'consent',
        description:
          "The tokens that are stored for a customer's consent, refreshed before they expire. No token is in the workflow.",
      },
      {
        name: 'Access Token',
        value: 'accessToken',
        description: 'An access token that another node put out. It is not refreshed.',
      },
    ],
    default: 'consent',
    description: 'What allows this node to read the accounts of a customer',
    displayOptions: { hide: { '@tool': [true] } },
  },
  {
    ...consentField,
    hint: 'No consent in the list? Get one with the Open Banking Token node: "Exchange Authorization Code" with the option "Keep for Consent"',
    displayOptions: { hide: { authorizeWith: ['accessToken'] } },
  },
  {
    displayName: 'Access Token',
    name: 'accessToken',
    type: 'string',
    typeOptions: { password: true },
    required: true,
    default: '={{ $json.authorization }}',
    placeholder: 'e.g. {{ $json.authorization }}',
    description:
      'The access token of a customer, with or without "Bearer" before it. The token of the application itself cannot read accounts.',
    displayOptions: { show: { authorizeWith: ['accessToken'] }, hide: { '@tool': [true] } },
  },
];
