import type { OpenBankingError } from '../errors/OpenBankingError';
import type { ConsentTokens } from '../tokens/consents/consentTokens';

/** The accounts of a consent, as the bank last listed them. Neither method fails: without them a pull is as good as before. */
export interface KnownAccounts {
  /** Stores the complete list. */
  remember(accountIds: readonly string[]): Promise<void>;
  /** The stored list, in the bank's order; empty if there is none. */
  known(): Promise<readonly string[]>;
}

/**
 * The accounts of a kept consent, encrypted in its record in the token store. They are needed because some banks list the accounts only for
 * some minutes after the customer has logged in, and give their transactions as long as the consent lasts.
 */
export class AccountsOfConsent implements KnownAccounts {
  /** @param consentId the bank's ID of the consent that the list is asked with, if it is known */
  constructor(
    private readonly tokens: Pick<ConsentTokens, 'rememberAccounts' | 'knownAccounts'>,
    private readonly consent: string,
    private readonly consentId: string | undefined,
  ) {}

  async remember(accountIds: readonly string[]): Promise<void> {
    const { tokens, consent, consentId } = this;
    await tokens.rememberAccounts(consent, accountIds, consentId).catch(() => undefined);
  }

  async known(): Promise<readonly string[]> {
    return this.tokens.knownAccounts(this.consent).catch(() => []);
  }
}

/** Refusals of the list alone: the accounts themselves can perhaps be read. */
const OF_THE_LIST = new Set<string>(['permission-missing', 'reauthentication-needed']);

/**
 * The accounts that the bank listed before, if it refuses the list of accounts now; empty if it failed otherwise, or none are known. Some
 * banks give the list only for some minutes after the customer has logged in.
 */
export async function accountsListedBefore(
  failure: OpenBankingError | undefined,
  knownAccounts: KnownAccounts | undefined,
): Promise<readonly string[]> {
  if (!failure || !knownAccounts || !OF_THE_LIST.has(failure.code)) return [];
  return knownAccounts.known();
}

/** The remark that stored accounts were read. @param count the number of accounts */
export function listClosed(count: number): string {
  return `The bank does not give the list of accounts any more. The accounts were read that it listed before: ${count}. An account that was added since is missing: it is found when the customer has logged in at the bank again.`;
}
