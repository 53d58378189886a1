import type { INodeProperties } from 'n8n-workflow';
import {
  keepForConsentOption,
  optionsWith,
  redirectUriOption,
  scopeOption,
  shownFor,
} from './options';
import { receivedOutputOption } from './outputOption';

/** The fields of Exchange Authorization Code. */
export const exchangeFields: INodeProperties[] = shownFor('exchange', [
  {
    displayName: 'Authorization Code',
    name: 'code',
    type: 'string',
    required: true,
    default: '={{ $json.redirect }}',
    placeholder: 'e.g. https://app.example/redirect#code=4dc73435-eee5-3486&state=…',
    hint: 'A code works once, for a few minutes',
    description:
      'The output of the Open Banking Redirect Trigger, the whole address that the bank redirected the browser to, or the code in it. To paste an address, switch the field to Fixed.',
  },
  optionsWith(
    {
      displayName: 'Accept Another Customer',
      name: 'acceptAnotherCustomer',
      type: 'boolean',
      default: true,
      description:
        'Whether tokens of another customer may replace those that are stored under the name in "Keep for Consent". Without this option they are not used: a consent belongs to one person.',
    },
    {
      displayName: 'Code Verifier',
      name: 'codeVerifier',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      placeholder: 'e.g. {{ $json.code_verifier }}',
      description:
        'The PKCE verifier of the authorization request. Needed only if "Create Authorization URL" did not store it.',
    },
    {
      displayName: 'Consent ID',
      name: 'consentId',
      type: 'string',
      default: '',
      placeholder: 'e.g. 0a5b0b27-2b5d-4d1c-8a2e-0c7e1f1e5a11',
      description:
        'The consent that the customer was asked for. The ID token has to name it ("openbanking_intent_id"). Needed only if "Create Authorization URL" did not store it.',
    },
    keepForConsentOption,
    {
      displayName: 'Nonce',
      name: 'nonce',
      type: 'string',
      default: '',
      placeholder: 'e.g. {{ $json.nonce }}',
      description:
        'The nonce of the authorization request. The ID token has to repeat it. Needed only if "Create Authorization URL" did not store it.',
    },
    receivedOutputOption,
    redirectUriOption(
      'The redirect URI of the authorization request, if it was not the one of the credential',
    ),
    scopeOption,
    {
      displayName: 'State',
      name: 'state',
      type: 'string',
      default: '',
      placeholder: 'e.g. {{ $json.state }}',
      description:
        'The state of the authorization request. The redirect address has to repeat it, so give the whole address above. Needed only if "Create Authorization URL" did not store it.',
    },
  ),
]);
