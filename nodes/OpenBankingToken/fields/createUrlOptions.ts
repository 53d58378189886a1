import type { INodeProperties } from 'n8n-workflow';
import { consentField } from '../../fields/consentField';
import { regimeOption } from '../../fields/regimeOption';
import { redirectUriOption, scopeOption } from './options';

/** Options about the claims and the log-in that the request asks for. */
const logInOptions: INodeProperties[] = [
  {
    displayName: 'ACR',
    name: 'acr',
    type: 'options',
    options: [
      {
        name: 'Automatic (by Regime)',
        value: 'automatic',
        description: 'Essential if "ACR Values" has values, and otherwise as the regime says',
      },
      {
        name: 'Essential',
        value: 'essential',
        description:
          'The bank has to name one of "ACR Values" or of the regime; without values, any strength is accepted that it names',
      },
      {
        name: 'Not Requested',
        value: 'none',
        description: 'The bank decides, and nothing is compared',
      },
      {
        name: 'Voluntary',
        value: 'voluntary',
        description: 'The bank gets the values, and nothing is compared',
      },
    ],
    default: 'automatic',
    description: 'Whether the bank has to say in ID tokens how the customer logged in ("acr")',
  },
  {
    displayName: 'ACR Values',
    name: 'acrValues',
    type: 'string',
    default: 'urn:openbanking:psd2:sca urn:openbanking:psd2:ca',
    description:
      'The strengths of log-in that are accepted ("acr"), separated by spaces. One of them is enough. If this is not set, they are those of the regime. Leave empty to ask for none.',
  },
  {
    displayName: 'Further Claims',
    name: 'furtherClaims',
    type: 'json',
    default: '{\n  "id_token": {}\n}',
    description:
      'A JSON object with members of the parameter "claims" (OpenID Connect), in addition to those of the node. The bank documents them.',
  },
  {
    displayName: 'Maximum Login Age (Seconds)',
    name: 'maxAge',
    type: 'number',
    typeOptions: { minValue: 0, numberPrecision: 0 },
    default: 86400,
    description:
      'The longest time since the log-in at the bank that is accepted ("max_age"). ID tokens then have to say when the customer logged in. If this is not set, the regime decides: a day for WSO2, and mostly unlimited. It is not the length of the access.',
  },
  {
    displayName: 'Prompt',
    name: 'prompt',
    type: 'string',
    default: 'login',
    placeholder: 'e.g. login consent',
    description:
      'The steps that the customer has to take at the bank ("prompt"). If this is not set, the regime decides: "login" for WSO2, and mostly the bank. Leave empty to ask for none.',
  },
];

/** Options about the consent. */
const consentOptions: INodeProperties[] = [
  {
    displayName: 'Authorization Details',
    name: 'authorizationDetails',
    type: 'json',
    default: '[\n  { "type": "" }\n]',
    description:
      'A JSON list of what the customer is asked for (RFC 9396), if the bank documents its types. The exchange puts out what was granted as "authorization_details".',
  },
  {
    displayName: 'Consent Scope Prefix',
    name: 'consentScopePrefix',
    type: 'string',
    default: 'consent:',
    placeholder: 'e.g. consent:',
    description:
      'The text before the consent ID in the scope, with its separator. If this is not set, the regime decides: "consent:" in Brazil, "accounts:" in Saudi Arabia.',
  },
  {
    displayName: 'Name the Consent By',
    name: 'nameConsentBy',
    type: 'options',
    options: [
      {
        name: 'Automatic (by Regime)',
        value: 'automatic',
        description: 'As the regime says: by the claim, if none is chosen',
      },
      {
        name: 'Claim',
        value: 'claim',
        description:
          'The claim "openbanking_intent_id", as in the UK and with WSO2. ID tokens have to repeat it.',
      },
      {
        name: 'Nothing',
        value: 'nothing',
        description: 'The request does not name the consent',
      },
      {
        name: 'Scope',
        value: 'scope',
        description:
          'A scope of prefix and consent ID, as in Brazil. If the bank says which scope it granted, that one has to repeat it.',
      },
    ],
    default: 'automatic',
    description: 'How the request tells the bank which consent the customer is asked for',
  },
  {
    ...consentField,
    displayName: 'Renew Stored Consent',
    name: 'renewConsent',
    required: false,
    description:
      'The stored consent that the customer renews. The new tokens get its name, although the bank gives the new consent another ID, and replace the old tokens once they have passed their checks. No transaction comes twice because of it.',
  },
  {
    displayName: 'Sharing Duration (Days)',
    name: 'sharingDuration',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 365, numberPrecision: 0 },
    default: 90,
    description:
      'For how long data is shared ("sharing_duration"), in Australia. If this is not set, "Consent → Create" says it, and otherwise it is 90 days. With 0, data can be read once.',
  },
];

/** Options about the form of the request and of its answer. */
const formOptions: INodeProperties[] = [
  {
    displayName: 'Further Parameters',
    name: 'furtherParameters',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Parameter' },
    placeholder: 'Add Parameter',
    default: {},
    description:
      'Other parameters of the request, such as "login_hint" or "ui_locales". They are in the signed request if there is one. They cannot replace a parameter that the node sets itself.',
    options: [
      {
        displayName: 'Parameter',
        name: 'parameter',
        values: [
          {
            displayName: 'Name',
            name: 'name',
            type: 'string',
            default: '',
            placeholder: 'e.g. ui_locales',
          },
          {
            displayName: 'Value',
            name: 'value',
            type: 'string',
            default: '',
            placeholder: 'e.g. pt-BR',
          },
        ],
      },
    ],
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
    displayName: 'PKCE',
    name: 'pkce',
    type: 'boolean',
    default: true,
    description:
      'Whether the code can be exchanged only with a verifier that no browser sees (S256)',
  },
  redirectUriOption(
    'The address that the bank sends the customer to, if it is not the redirect URI of the credential',
  ),
  {
    displayName: 'Request Object Type',
    name: 'requestObjectType',
    type: 'options',
    options: [
      {
        name: 'Authorization Request',
        value: 'oauth-authz-req+jwt',
        description: '"oauth-authz-req+jwt" (RFC 9101)',
      },
      {
        name: 'Automatic (by Regime)',
        value: 'automatic',
        description: '"JWT" for WSO2, and "oauth-authz-req+jwt" for other banks',
      },
      { name: 'JWT', value: 'JWT', description: '"JWT": older servers expect it' },
    ],
    default: 'automatic',
    description: '"typ" of the signed request, if there is one',
  },
  {
    displayName: 'Use Form Post',
    name: 'formPost',
    type: 'boolean',
    default: false,
    description:
      'Whether the browser posts the response of the bank as a form ("response_mode=form_post")',
  },
];

/** The options of Create Authorization URL. */
export const createUrlOptions: INodeProperties[] = [
  ...logInOptions,
  ...consentOptions,
  ...formOptions,
  regimeOption,
  scopeOption,
];
