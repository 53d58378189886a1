import { OpenBankingError } from '../errors/OpenBankingError';
import type { SyncMemory } from '../sync/memory';
import type { ConsentTokens } from '../tokens/consents/consentTokens';

/** Transactions of one account that a workflow has received. */
export interface ReceivedTransactions {
  readonly consent: string;
  /** The bank's, or the key of the account. */
  readonly accountId: string;
  readonly transactionIds: readonly string[];
}

/**
 * Marks transactions as handed over to subscribers. The account has to be one that was read or listed: otherwise any text would add a memory.
 *
 * @throws OpenBankingError `consent-unknown`, `account-not-read`, `store-busy`, and those of the store
 */
export async function markProcessed(
  { sync, tokens }: { readonly sync: SyncMemory; readonly tokens: ConsentTokens },
  subscribers: readonly string[],
  { consent, accountId, transactionIds }: ReceivedTransactions,
): Promise<void> {
  if (!(await sync.hasSeen(consent, accountId))) {
    // Of a consent whose tokens are gone, nothing is known.
    await tokens.stored(consent);
    const known = await tokens.knownAccounts(consent);
    if (!known.includes(accountId)) {
      throw new OpenBankingError('account-not-read', {
        values: { account: accountId, consent },
        outcome: 'not-sent',
      });
    }
  }
  for (const subscriber of subscribers) {
    await sync.markProcessed(subscriber, consent, accountId, transactionIds);
  }
}
