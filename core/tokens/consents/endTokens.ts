import { OpenBankingError } from '../../errors/OpenBankingError';
import type { BankClient } from '../../oauth/client';
import type { ManagedToken } from '../../oauth/grants/tokenManagement';
import type { TokenSet } from '../../oauth/grants/tokenSet';

const NAMES = { refresh_token: 'refresh token', access_token: 'access token' };

/**
 * Ends the tokens of a set at the bank. The refresh token comes first, so that no new access token can be got with it. If the bank refuses
 * one, the other one is ended all the same. If no answer comes, the other one is not tried: it would take as long again.
 *
 * @param advice what a person does after a failure
 * @throws OpenBankingError the first failure, which says which tokens were not ended
 */
export async function endTokens(
  client: BankClient,
  tokens: TokenSet,
  advice: string,
): Promise<void> {
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
    description: `${failure.description} ${advice}`,
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
