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
 * The accounts of a stored consent, encrypted in its record in the token store. They are needed because some banks list the accounts only for
 * some minutes after the customer has logged in, and give their transactions as long as the consent lasts.
 */
export class AccountsOfConsent implements KnownAccounts {
  /** @param grant of the consent that the list is asked with, see `RecordContent.grant` */
  constructor(
    private readonly tokens: Pick<ConsentTokens, 'rememberAccounts' | 'knownAccounts'>,
    private readonly consent: string,
    private readonly grant: string | undefined,
  ) {}

  async remember(accountIds: readonly string[]): Promise<void> {
    const { tokens, consent, grant } = this;
    await tokens.rememberAccounts(consent, accountIds, grant).catch(() => undefined);
  }

  async known(): Promise<readonly string[]> {
    return this.tokens.knownAccounts(this.consent).catch(() => []);
  }
}

/** Refusals of the list alone: the accounts themselves can perhaps be read. */
const OF_THE_LIST = new Set<string>(['permission-missing', 'reauthentication-needed']);

/** Whether the bank refuses the list of accounts alone: the accounts themselves can perhaps be read. */
export function isListClosed({ code }: OpenBankingError): boolean {
  return OF_THE_LIST.has(code);
}

/**
 * The accounts that the bank listed before, if it refuses the list of accounts now; empty if it failed otherwise, or none are known. Some
 * banks give the list only for some minutes after the customer has logged in.
 */
export async function accountsListedBefore(
  failure: OpenBankingError | undefined,
  knownAccounts: KnownAccounts | undefined,
): Promise<readonly string[]> {
  if (!failure || !knownAccounts || !isListClosed(failure)) return [];
  return knownAccounts.known();
}

/** The remark that stored accounts were read. @param count the number of accounts */
export function listClosed(count: number): string {
  const last = count === 1 ? 'account' : `${count} accounts`;
  return `The bank refuses the list of accounts. The node read the ${last} of the last list. Accounts that were added later are missing until the customer logs in at the bank again.`;
}
