import type { ManagedToken } from '../../../../core/oauth/grants/tokenManagement';
import type { TokenSet } from '../../../../core/oauth/grants/tokenSet';
import { keptTokens, type Operation } from '../operation';
import { consentParameter, switchOption } from '../parameters';
import { accessTokenOf, givenToken, isTokenGiven } from './managedToken';

/** Revoke (RFC 7009): ends a token at the bank, and deletes what is stored for the consent. */
export const revoke: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    if (isTokenGiven(input)) {
      await input.client.revoke(givenToken(input));
      return { items: [{ revoked: true }], remarks: [] };
    }
    const consent = consentParameter(input);
    const kept = keptTokens(input);
    if (switchOption(input, 'onlyForget', 'Only Forget', false)) {
      return { items: [{ consent, forgotten: await kept.forget(consent) }], remarks: [] };
    }
    await kept.end(consent, (tokens) => input.client.revoke(tokenToRevoke(tokens)));
    return { items: [{ revoked: true, consent }], remarks: [] };
  },
};

/** The refresh token if there is one: most banks then also end the access token. */
function tokenToRevoke(tokens: TokenSet): ManagedToken {
  const { refresh_token: token } = tokens;
  return token ? { token, hint: 'refresh_token' } : accessTokenOf(tokens);
}
