import { optionsWith, shownFor, textOptions, textParameter, type Operation } from '../operation';
import { keepForConsentOption, keepingForConsent } from './keepForConsent';

/** Refresh: `grant_type=refresh_token` (RFC 6749 §6). */
export const refresh: Operation = {
  yieldsUserTokens: true,
  fields: shownFor('refresh', [
    {
      displayName: 'Refresh Token',
      name: 'refreshToken',
      type: 'string',
      typeOptions: { password: true },
      required: true,
      default: '={{ $json.refresh_token }}',
      description:
        'The refresh token of the last token response. Most banks replace it at every refresh: always keep the one of the output.',
    },
    optionsWith(keepForConsentOption, {
      displayName: 'Original ID Token',
      name: 'originalIdToken',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description:
        'The ID token of the first token response; the refreshed one has to name the same customer',
    }),
  ]),
  async execute(input) {
    const { refreshTokens } = await import('../../../../oauth/grants');
    const refreshToken = textParameter(input, 'refreshToken');
    const { originalIdToken } = textOptions(input);
    return keepingForConsent(input, (onReceived) =>
      refreshTokens(input.profile, { refreshToken, originalIdToken, onReceived }),
    );
  },
};
