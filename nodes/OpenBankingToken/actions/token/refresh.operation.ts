import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { keptTokens, type Operation, type OperationInput } from '../operation';
import { itemOf, textOptions, textParameter } from '../parameters';
import { withTokenStorage } from './tokenStorage';

/** Refresh: `grant_type=refresh_token` (RFC 6749 §6). */
export const refresh: Operation = {
  yieldsUserTokens: true,
  async execute(input) {
    const refreshToken = textParameter(input, 'refreshToken');
    assertRefreshToken(input, refreshToken.trim());
    const { originalIdToken } = textOptions(input);
    return withTokenStorage(
      input,
      (onReceived) => input.client.refresh({ refreshToken, originalIdToken, onReceived }),
      () => consentThatStores(input, refreshToken.trim()),
    );
  },
};

/** The consent that a refresh token is stored for. If the new tokens did not replace it, the store would keep a used token. */
async function consentThatStores(
  input: OperationInput,
  refreshToken: string,
): Promise<string | undefined> {
  try {
    return await keptTokens(input).consentOf(refreshToken);
  } catch {
    // A refresh whose tokens are not stored works without a store.
    return undefined;
  }
}

const OTHER_TOKENS = {
  access_token: 'the access token',
  id_token: 'the ID token',
  authorization: 'the access token with "Bearer" before it',
};

/** @throws OpenBankingError `refresh-token-malformed` if the value is another token of the incoming item */
function assertRefreshToken(input: OperationInput, given: string): void {
  const item = itemOf(input);
  if (!given || given === item.refresh_token) return;
  for (const [name, token] of Object.entries(OTHER_TOKENS)) {
    if (item[name] !== given) continue;
    throw new OpenBankingError('refresh-token-malformed', {
      problem: 'otherToken',
      values: { token },
    });
  }
}
