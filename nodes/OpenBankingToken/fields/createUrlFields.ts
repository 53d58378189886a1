import type { INodeProperties } from 'n8n-workflow';
import { createUrlOptions } from './createUrlOptions';
import { optionsWith, shownFor } from './options';

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
      hint: 'If the bank has no consents that are created first, such as WSO2 with scope-based consents, empty this field and fill in Consent Name',
      description:
        'The bank\'s ID of the consent that the customer is asked to authorize: that of the item, after "Consent → Create" of the Open Banking node',
    },
    {
      displayName: 'Consent Name',
      name: 'consentName',
      type: 'string',
      default: "={{ $json.consent ?? '' }}",
      placeholder: 'e.g. customer-4711',
      description:
        'The name under which the tokens will be stored, if there is no consent ID because the bank has no consents that are created first. The redirect trigger puts it out as "consent". "Consent → Create" gives one. With a consent ID, it has no effect.',
    },
    {
      displayName: 'Send Request As',
      name: 'sendRequestAs',
      type: 'options',
      options: [
        {
          name: 'Automatic (by Regime)',
          value: 'automatic',
          description:
            'As the regime of the credential says: a signed request object in the address, if none is chosen. It is pushed if the metadata of the bank demands that.',
        },
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
      default: 'automatic',
      description: 'How the authorization request reaches the bank',
    },
    {
      displayName: 'Response Type',
      name: 'responseType',
      type: 'options',
      options: [
        {
          name: 'Automatic (by Regime)',
          value: 'automatic',
          description: 'As the regime of the credential says: code and ID token, if none is chosen',
        },
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
      default: 'automatic',
      description: 'The kind of answer that the customer brings back from the bank',
    },
    optionsWith(...createUrlOptions),
  ],
  'authorization',
);
