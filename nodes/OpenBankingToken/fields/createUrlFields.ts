import type { INodeProperties } from 'n8n-workflow';
import { consentField } from '../../fields/consentField';
import { optionsWith, scopeOption, shownFor } from './options';

/** The fields of Create Authorization URL. */
export const createUrlFields: INodeProperties[] = shownFor(
  'createUrl',
  [
    {
      displayName: 'Consent ID',
      name: 'consentId',
      type: 'string',
      default: '={{ $json.Data?.ConsentId ?? $json.consent_id }}',
      placeholder: 'e.g. 0a5b0b27-2b5d-4d1c-8a2e-0c7e1f1e5a11',
      hint: 'Empty this field if the bank has no consents that are created first, such as WSO2 with scope-based consents',
      description:
        'The bank\'s ID of the consent that the customer is asked to authorize ("openbanking_intent_id"): that of the item, after "Consent → Create" of the Open Banking node',
    },
    {
      displayName: 'Send Request As',
      name: 'sendRequestAs',
      type: 'options',
      options: [
        {
          name: 'Plain Parameters',
          value: 'plain',
          description: 'Not signed: banks that follow FAPI refuse it',
        },
        {
          name: 'Pushed Parameters (PAR)',
          value: 'pushed',
          description:
            'The parameters are first sent to the bank; the address refers to them, as in FAPI 2',
        },
        {
          name: 'Pushed Request Object (PAR)',
          value: 'pushedRequestObject',
          description:
            'A signed request object is first sent to the bank; the address refers to it (RFC 9126)',
        },
        {
          name: 'Request Object',
          value: 'requestObject',
          description:
            'The signed request is in the address itself, as WSO2 and UK Open Banking expect',
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
            '"code": the response is not signed, as in FAPI 2. PKCE protects it, and so does "iss" if the bank sends it.',
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
      description: 'The kind of answer that the customer brings back from the bank',
    },
    optionsWith(
      {
        displayName: 'ACR Values',
        name: 'acrValues',
        type: 'string',
        default: 'urn:openbanking:psd2:sca urn:openbanking:psd2:ca',
        description:
          'The strengths of log-in that are accepted ("acr"), separated by spaces. One of them is enough. If this is not set, WSO2 is asked for the two values of PSD2. Leave empty to ask for none.',
      },
      {
        displayName: 'Keep Pending Authorization',
        name: 'keepPending',
        type: 'boolean',
        default: true,
        description:
          'Whether state, nonce and code verifier are stored in the same place as tokens, for ten minutes and one answer. The answer is compared with them. If this is off, they are in the output, and the workflow has to store them. The Open Banking Redirect Trigger accepts only answers to stored requests.',
      },
      {
        displayName: 'Maximum Login Age (Seconds)',
        name: 'maxAge',
        type: 'number',
        typeOptions: { minValue: 0, numberPrecision: 0 },
        default: 86400,
        description:
          'The longest time since the log-in at the bank that is accepted ("max_age"). If this is not set, it is a day for WSO2, and unlimited for other banks.',
      },
      {
        displayName: 'PKCE',
        name: 'pkce',
        type: 'boolean',
        default: true,
        description:
          'Whether the code can be exchanged only with a verifier that no browser sees (S256)',
      },
      {
        displayName: 'Prompt',
        name: 'prompt',
        type: 'string',
        default: 'login',
        placeholder: 'e.g. login consent',
        description:
          'The steps that the customer has to take at the bank ("prompt"). If this is not set, it is "login" for WSO2, and other banks decide. Leave empty to ask for none.',
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
      {
        ...consentField,
        displayName: 'Renew Stored Consent',
        name: 'renewConsent',
        required: false,
        description:
          'The stored consent that the customer renews. The new tokens get its name, although the bank gives the new consent another ID, and replace the old tokens once they have passed their checks. No transaction comes twice because of it.',
      },
      scopeOption,
      {
        displayName: 'Use Form Post',
        name: 'formPost',
        type: 'boolean',
        default: false,
        description:
          'Whether the browser posts the response of the bank as a form ("response_mode=form_post")',
      },
    ),
  ],
  'authorization',
);
