import { optionsWith, shownFor, textOptions, textParameter, type Operation } from '../operation';
import { keepForConsentOption, keepingForConsent } from './keepForConsent';

/** Exchange Authorization Code: `grant_type=authorization_code` (RFC 6749 §4.1.3). */
export const exchange: Operation = {
  yieldsUserTokens: true,
  fields: shownFor('exchange', [
    {
      displayName: 'Authorization Code',
      name: 'code',
      type: 'string',
      required: true,
      default: '',
      placeholder: 'e.g. https://app.example/redirect#code=4dc73435-eee5-3486&state=…',
      description:
        'The code that the bank issued when the customer consented, or the whole address that it redirected the browser to. A code works once, for a few minutes.',
    },
    optionsWith(
      keepForConsentOption,
      {
        displayName: 'Nonce',
        name: 'nonce',
        type: 'string',
        default: '',
        description: 'The nonce of the authorization request; the ID token has to repeat it',
      },
      {
        displayName: 'Redirect URI',
        name: 'redirectUri',
        type: 'string',
        default: '',
        placeholder: 'e.g. https://app.example/redirect',
        description: 'The one of the authorization request, where it is not that of the credential',
      },
      {
        displayName: 'Scope',
        name: 'scope',
        type: 'string',
        default: '',
        placeholder: 'e.g. openid accounts',
        description: 'Separated by spaces, where it is not that of the credential',
      },
      {
        displayName: 'State',
        name: 'state',
        type: 'string',
        default: '',
        description:
          'The state of the authorization request; the redirect address has to repeat it, so give the whole address above',
      },
    ),
  ]),
  async execute(input) {
    const { authorizationCode } = await import('../../../../oauth/authorizationResponse');
    const { endpointsOf } = await import('../../../../oauth/discovery');
    const { exchangeCode } = await import('../../../../oauth/grants');
    const given = textParameter(input, 'code');
    const { nonce, redirectUri, scope, state } = textOptions(input);
    return keepingForConsent(input, async (onReceived) => {
      const { issuer } = await endpointsOf(input.profile);
      const code = authorizationCode(given, { state: state?.trim(), issuer });
      return exchangeCode(input.profile, { code, nonce, redirectUri, scope, onReceived });
    });
  },
};
