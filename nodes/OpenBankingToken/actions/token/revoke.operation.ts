import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { BankClient } from '../../../../core/oauth/client';
import type { ManagedToken } from '../../../../core/oauth/grants/tokenManagement';
import type { TokenSet } from '../../../../core/oauth/grants/tokenSet';
import { consentTokens, type Operation } from '../operation';
import { consentParameter, switchOption } from '../../../parameters';
import { givenToken, isTokenGiven } from './managedToken';

/**
 * Revoke (RFC 7009): ends a token at the bank. For a stored consent it ends the refresh token and the access token, and then deletes what is
 * stored.
 */
export const revoke: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    if (isTokenGiven(input)) {
      await input.client.revoke(givenToken(input));
      return { items: [{ revoked: true }], remarks: [] };
    }
    const consent = consentParameter(input);
    const isOnlyForgotten = switchOption(input, 'onlyForget', 'Only Forget', false);
    const storage = consentTokens(input);
    if (isOnlyForgotten) {
      return { items: [{ consent, forgotten: await storage.forget(consent) }], remarks: [] };
    }
    await storage.end(consent, (tokens) => endAll(input.client, tokens));
    return { items: [{ revoked: true, consent }], remarks: [] };
  },
};

const NAMES = { refresh_token: 'refresh token', access_token: 'access token' };

/**
 * Ends the tokens of a set at the bank. The refresh token comes first, so that no new access token can be got with it. If the bank refuses
 * one, the other one is ended all the same. If no answer comes, the other one is not tried: it would take as long again.
 *
 * @throws OpenBankingError the first failure, which says which tokens were not ended
 */
async function endAll(client: BankClient, tokens: TokenSet): Promise<void> {
  const ended: string[] = [];
  const failed: string[] = [];
  let failure: OpenBankingError | undefined;
  for (const hint of ['refresh_token', 'access_token'] as const) {
    const { [hint]: token } = tokens;
    if (typeof token !== 'string' || !token.trim()) continue;
    const isTried = !failure || failure.outcome === 'refused';
    const error = isTried ? await end(client, { token, hint }) : failure;
    (error ? failed : ended).push(NAMES[hint]);
    failure ??= error;
  }
  if (!failure) return;
  if (failure.stage === 'configuration') throw failure;
  const others = ended.length ? `, and the ${ended.join()} was` : '';
  throw failure.with({
    message: `The ${failed.join(' and the ')} could not be ended${others}: ${failure.message}`,
    description: `${failure.description} The consent is still stored: run the node again, or switch on "Only Forget" to delete it without asking the bank.`,
  });
}

/** @returns the failure, if there was one */
function end(client: BankClient, token: ManagedToken): Promise<OpenBankingError | undefined> {
  return client.revoke(token).then(
    () => undefined,
    (error: unknown) =>
      error instanceof OpenBankingError ? error : Promise.reject(error as Error),
  );
}
