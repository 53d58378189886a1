import type { INodeProperties } from 'n8n-workflow';
import { optionsWith, scopeOption, shownFor } from './options';

/** The fields of Create Authorization URL. */
export const createUrlFields: INodeProperties[] = shownFor(
  'createUrl',
  [
    {
      displayName: 'Consent ID',
      name: 'consentId',
      type: 'string',
      default: '={{ $json.Data.ConsentId }}',
      placeholder: 'e.g. 0a5b0b27-2b5d-4d1c-8a2e-0c7e1f1e5a11',
      description:
        'The consent that the customer is asked to authorize, as the bank named it ("openbanking_intent_id"). Leave empty if the bank has no consents of that kind.',
    },
    {
      displayName: 'Send Request As',
      name: 'sendRequestAs',
      type: 'options',
      options: [
        {
          name: 'Plain Parameters',
          value: 'plain',
          description: 'Not signed: FAPI-grade banks refuse it',
        },
        {
          name: 'Pushed Parameters (PAR)',
          value: 'pushed',
          description: 'The parameters are sent to the bank before the customer is, as in FAPI 2',
        },
        {
          name: 'Pushed Request Object (PAR)',
          value: 'pushedRequestObject',
          description:
            'A signed request object is sent to the bank before the customer is (RFC 9126)',
        },
        {
          name: 'Request Object',
          value: 'requestObject',
          description: 'Signed, in the address itself, as WSO2 and UK Open Banking expect',
        },
      ],
      default: 'requestObject',
      description: 'How the authorization request reaches the bank',
    },
    {
      displayName: 'Response Type',
      name: 'responseType',
      type: 'options',
      options: [
        {
          name: 'Code',
          value: 'code',
          description:
            '"code": the response is not signed, as in FAPI 2. PKCE protects it, and "iss" if the bank sends it.',
        },
        {
          name: 'Code and ID Token (Hybrid)',
          value: 'code id_token',
          description: '"code id_token": the ID token signs the response. WSO2 expects this.',
        },
        {
          name: 'Code in a Signed JWT (JARM)',
          value: 'jwt',
          description: '"code" with the response mode "jwt"',
        },
      ],
      default: 'code id_token',
      description: 'The kind of answer with which the bank sends the customer back',
    },
    optionsWith(
      {
        displayName: 'ACR Values',
        name: 'acrValues',
        type: 'string',
        default: 'urn:openbanking:psd2:sca urn:openbanking:psd2:ca',
        description:
          'How strongly the customer has to log in, separated by spaces. One of them is enough. If this is not set, WSO2 is asked for the values of PSD2. Leave empty to ask for none.',
      },
      {
        displayName: 'Keep Pending Authorization',
        name: 'keepPending',
        type: 'boolean',
        default: true,
        description:
          'Whether state, nonce and code verifier are stored where tokens are, for ten minutes and one answer, so that the answer can be verified. Otherwise they are in the output, and the workflow has to store them. The Open Banking Redirect Trigger accepts only answers to stored requests.',
      },
      {
        displayName: 'Maximum Login Age (Seconds)',
        name: 'maxAge',
        type: 'number',
        typeOptions: { minValue: 0, numberPrecision: 0 },
        default: 86400,
        description:
          'How long ago the customer may have logged in to the bank ("max_age"). If this is not set, it is a day with WSO2.',
      },
      {
        displayName: 'PKCE',
        name: 'pkce',
        type: 'boolean',
        default: true,
        description:
          'Whether the code can be exchanged only with a verifier that never leaves this side (S256)',
      },
      {
        displayName: 'Prompt',
        name: 'prompt',
        type: 'string',
        default: 'login',
        placeholder: 'e.g. login consent',
        description:
          'The bank asks the customer for this ("prompt"). If this is not set, it is "login" with WSO2. Leave empty to ask for nothing.',
      },
      {
        displayName: 'Redirect URI',
        name: 'redirectUri',
        type: 'string',
        default: '',
        placeholder: 'e.g. https://app.example/redirect',
        description:
          'Where the bank sends the customer, if it is not the redirect URI of the credential',
      },
      scopeOption,
      {
        displayName: 'Use Form Post',
        name: 'formPost',
        type: 'boolean',
        default: false,
        description:
          'Whether the bank has the browser post its response as a form ("response_mode=form_post")',
      },
    ),
  ],
  'authorization',
);
