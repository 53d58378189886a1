import {
  optionsWith,
  scopeOption,
  shownFor,
  textOptions,
  textParameter,
  type Operation,
} from '../operation';
import { knownRequest } from './knownRequest';
import { keepForConsentOption, keepingForConsent } from './keepForConsent';
import { receivedOutputOption } from './outputOption';

/** Exchange Authorization Code: `grant_type=authorization_code` (RFC 6749 §4.1.3). */
export const exchange: Operation = {
  yieldsUserTokens: true,
  fields: shownFor('exchange', [
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
        displayName: 'Code Verifier',
        name: 'codeVerifier',
        type: 'string',
        typeOptions: { password: true },
        default: '',
        placeholder: 'e.g. {{ $json.code_verifier }}',
        description:
          'The PKCE verifier of the authorization request. Only if "Create Authorization URL" did not store it.',
      },
      {
        displayName: 'Consent ID',
        name: 'consentId',
        type: 'string',
        default: '',
        placeholder: 'e.g. 0a5b0b27-2b5d-4d1c-8a2e-0c7e1f1e5a11',
        description:
          'The consent that the customer was asked for; the ID token has to name it ("openbanking_intent_id")',
      },
      keepForConsentOption,
      {
        displayName: 'Nonce',
        name: 'nonce',
        type: 'string',
        default: '',
        placeholder: 'e.g. {{ $json.nonce }}',
        description: 'The nonce of the authorization request; the ID token has to repeat it',
      },
      receivedOutputOption,
      {
        displayName: 'Redirect URI',
        name: 'redirectUri',
        type: 'string',
        default: '',
        placeholder: 'e.g. https://app.example/redirect',
        description:
          'The one of the authorization request. Leave empty for that of the credential.',
      },
      scopeOption,
      {
        displayName: 'State',
        name: 'state',
        type: 'string',
        default: '',
        placeholder: 'e.g. {{ $json.state }}',
        description:
          'The state of the authorization request; the redirect address has to repeat it, so give the whole address above. Only if "Create Authorization URL" did not store it.',
      },
    ),
  ]),
  async execute(input) {
    const { readAuthorizationResponse } =
      await import('../../../../core/oauth/authorization/authorizationResponse');
    const { endpointsOf } = await import('../../../../core/oauth/bank/discovery');
    const { exchangeCode } = await import('../../../../core/oauth/grants/grants');
    const given = textParameter(input, 'code');
    const { profile } = input;
    return keepingForConsent(input, async (onReceived) => {
      const endpoints = await endpointsOf(profile);
      const { expected, codeVerifier, redirectUri, take, remarks } = await knownRequest(
        input,
        given,
      );
      const response = await readAuthorizationResponse(given, profile, endpoints, expected);
      await take();
      const received = await exchangeCode(profile, {
        ...expected,
        code: response.code,
        codeVerifier,
        redirectUri,
        scope: textOptions(input).scope,
        redirectIdToken: response.idToken,
        onReceived,
      });
      return {
        ...received,
        consentId: expected.consentId,
        remarks: [...remarks, ...received.remarks],
      };
    });
  },
};
