import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import {
  itemOf,
  keptTokens,
  optionsWith,
  shownFor,
  textOptions,
  textParameter,
  type Operation,
  type OperationInput,
} from '../operation';
import { keepForConsentOption, keepingForConsent } from './keepForConsent';
import { receivedOutputOption } from './outputOption';

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
        'The refresh token of the last token response. Most banks replace it at every refresh: always use the one in the last output.',
    },
    optionsWith(keepForConsentOption, receivedOutputOption, {
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
    const { refreshTokens } = await import('../../../../core/oauth/grants/grants');
    const refreshToken = textParameter(input, 'refreshToken');
    assertRefreshToken(input, refreshToken.trim());
    const { originalIdToken } = textOptions(input);
    return keepingForConsent(
      input,
      (onReceived) => refreshTokens(input.profile, { refreshToken, originalIdToken, onReceived }),
      () => storedFor(input, refreshToken.trim()),
    );
  },
};

/** The consent that a refresh token is stored for: its record would be left with a token that is used up. */
async function storedFor(input: OperationInput, refreshToken: string): Promise<string | undefined> {
  try {
    return await (await keptTokens(input)).consentOf(refreshToken);
  } catch {
    // A refresh by hand needs no store.
    return undefined;
  }
}

const OTHER_TOKENS = {
  access_token: 'the access token',
  id_token: 'the ID token',
  authorization: 'the access token with "Bearer" before it',
};

/** @throws OpenBankingError `refresh-token-malformed` if it is another token of the incoming item */
function assertRefreshToken(input: OperationInput, given: string): void {
  const item = itemOf(input);
  if (!given || given === item.refresh_token) return;
  for (const [name, what] of Object.entries(OTHER_TOKENS)) {
    if (item[name] !== given) continue;
    throw new OpenBankingError('refresh-token-malformed', {
      message: `"Refresh Token" holds ${what} of the incoming item`,
    });
  }
}
