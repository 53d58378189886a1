import type { INodeProperties } from 'n8n-workflow';
import { optionsWith, scopeOption, shownFor } from '../operation';

/** What a customer is asked for, and how. */
export const createUrlFields: INodeProperties[] = shownFor(
  'createUrl',
  [
    {
      displayName: 'Consent ID',
      name: 'consentId',
      type: 'string',
      default: '={{ $json.Data.ConsentId }}',
      description:
        'The consent that the customer is to authorise, as the bank named it ("openbanking_intent_id"). Empty where the bank has no consents of that kind.',
    },
    {
      displayName: 'Send Request As',
      name: 'sendRequestAs',
      type: 'options',
      options: [
        {
          name: 'Plain Parameters',
          value: 'plain',
          description: 'Not signed: banks of FAPI grade refuse it',
        },
        {
          name: 'Pushed Parameters (PAR)',
          value: 'pushed',
          description: 'Parameters that the bank is given beforehand, as in FAPI 2',
        },
        {
          name: 'Pushed Request Object (PAR)',
          value: 'pushedRequestObject',
          description: 'A signed request object that the bank is given beforehand (RFC 9126)',
        },
        {
          name: 'Request Object',
          value: 'requestObject',
          description: 'Signed, in the address itself: what WSO2 and UK Open Banking expect',
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
            '"code": the response is not signed, as in FAPI 2; PKCE and "iss" protect it, the latter where the bank sends it',
        },
        {
          name: 'Code and ID Token (Hybrid)',
          value: 'code id_token',
          description: '"code id_token": the ID token signs the response. What WSO2 expects.',
        },
        {
          name: 'Code in a Signed JWT (JARM)',
          value: 'jwt',
          description: '"code" with the response mode "jwt"',
        },
      ],
      default: 'code id_token',
      description: 'What the bank redirects the customer back with',
    },
    optionsWith(
      {
        displayName: 'ACR Values',
        name: 'acrValues',
        type: 'string',
        default: 'urn:openbanking:psd2:sca urn:openbanking:psd2:ca',
        description:
          'How strongly the customer has to log in: one of these, separated by spaces. For WSO2 those of PSD2 are asked for where this is not set.',
      },
      {
        displayName: 'Keep Pending Authorization',
        name: 'keepPending',
        type: 'boolean',
        default: true,
        description:
          'Whether state, nonce and code verifier are kept where tokens are, for ten minutes and one answer, so that it can be verified. Otherwise they are put out, and the workflow has to keep them. The Open Banking Redirect Trigger takes only answers to kept ones.',
      },
      {
        displayName: 'Maximum Login Age (Seconds)',
        name: 'maxAge',
        type: 'number',
        typeOptions: { minValue: 0, numberPrecision: 0 },
        default: 86400,
        description:
          'How long ago the customer may have logged in to the bank ("max_age"). For WSO2 it is a day where this is not set.',
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
          'What the bank has to ask the customer for ("prompt"). For WSO2 it is "login" where this is not set.',
      },
      {
        displayName: 'Redirect URI',
        name: 'redirectUri',
        type: 'string',
        default: '',
        placeholder: 'e.g. https://app.example/redirect',
        description: 'Where the bank sends the customer, where it is not that of the credential',
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
