import { OpenBankingError } from '../errors/OpenBankingError';
import type { Slots } from '../lib/slots';
import { withInteraction } from './apiError';
import { accountsListedBefore, listClosed } from './knownAccounts';
import { listedAccounts } from './listedAccounts';
import type { Pulled, PullRequest } from './pullRequest';
import { RowOrigins } from './rowOrigins';
import { accountIdOf } from './simplified/account';

/** Pulls an account. @param limit number of rows */
export type AccountPull = (accountId: string, limit?: number) => Promise<Pulled>;

/** How the accounts of a consent are pulled. */
export interface AllAccountsOptions {
  /** One is in use for the list of accounts, and one for each account. The caller holds none of them. */
  readonly slots: Slots;
  /** Number of rows of all accounts together. If it is given, accounts are read in turn, so that nothing is asked in vain. */
  readonly limit?: number;
  /** Whether the other accounts are read after a failure. */
  readonly continues: boolean;
}

/**
 * Pulls each account of the consent, side by side, in the order of the bank's accounts. If the list of accounts fails, the last result is its
 * failure, unless the bank listed them before, see {@link accountsToPull}. Without `continues`, no account is begun after the first failure.
 */
export async function pullOfAllAccounts(
  request: PullRequest,
  pull: AccountPull,
  { slots, limit, continues }: AllAccountsOptions,
): Promise<Pulled[]> {
  const { accounts, failure } = await slots.use(() => accountsToPull(request));
  const failed: Pulled[] = failure ? [{ rows: [], failure }] : [];
  if (failure && !continues) return failed;
  let hasEnded = false;
  const begin = (account: AccountToPull, left?: number): Promise<Pulled | undefined> =>
    slots.use(async () => {
      if (hasEnded) return undefined;
      try {
        const pulled = account.failure
          ? { rows: [], failure: account.failure }
          : await pull(account.id, left);
        if (pulled.failure) hasEnded ||= !continues || pulled.failure.code === 'cancelled';
        return pulled;
      } catch (error) {
        hasEnded = true;
        throw error;
      }
    });
  const all =
    limit === undefined
      ? await Promise.all(accounts.map((account) => begin(account)))
      : await inTurn(accounts, begin, limit);
  return [...all.filter((pulled) => pulled !== undefined), ...failed];
}

/** An account of the consent, or the reason why it cannot be pulled. */
type AccountToPull =
  { readonly id: string; readonly failure?: undefined } | { readonly failure: OpenBankingError };

/** The accounts of the consent. */
interface AccountsToPull {
  readonly accounts: readonly AccountToPull[];
  /** The reason why the bank did not list all of them. */
  readonly failure?: OpenBankingError;
}

/** The accounts that the bank lists, or those that it listed before if it refuses the list now. */
async function accountsToPull(request: PullRequest): Promise<AccountsToPull> {
  const { knownAccounts, remarks } = request;
  const origins = new RowOrigins();
  const { rows, failure } = await listedAccounts(request, { origins });
  const accounts = rows.map((row, at) => {
    const id = accountIdOf(row);
    return id === undefined ? { failure: withoutId(origins.interactionOf(at)) } : { id };
  });
  const known = rows.length === 0 ? await accountsListedBefore(failure, knownAccounts) : [];
  if (known.length === 0) return { accounts, failure };
  remarks.add(listClosed(known.length));
  return { accounts: known.map((id) => ({ id })) };
}

async function inTurn(
  accounts: readonly AccountToPull[],
  begin: (account: AccountToPull, left: number) => Promise<Pulled | undefined>,
  limit: number,
): Promise<(Pulled | undefined)[]> {
  const all: (Pulled | undefined)[] = [];
  let left = limit;
  for (const account of accounts) {
    if (left <= 0) break;
    const pulled = await begin(account, left);
    all.push(pulled && { ...pulled, rows: pulled.rows.slice(0, left) });
    left -= pulled?.rows.length ?? 0;
  }
  return all;
}

/** The failure of an account without an ID: nothing can be asked of it. */
function withoutId(interactionId: string | undefined): OpenBankingError {
  const failure = new OpenBankingError('data-missing', { problem: 'noAccountId' });
  return interactionId === undefined ? failure : withInteraction(failure, interactionId);
}
