import { OpenBankingError } from '../errors/OpenBankingError';
import type { Slots } from '../lib/slots';
import { accountsListedBefore, listClosed } from './knownAccounts';
import { listedAccounts } from './listedAccounts';
import type { Pulled, PullRequest } from './pullRequest';
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
  const { ids, failure } = await slots.use(() => accountsToPull(request));
  const failed: Pulled[] = failure ? [{ rows: [], failure }] : [];
  if (failure && !continues) return failed;
  let hasEnded = false;
  const begin = (id: string | undefined, left?: number): Promise<Pulled | undefined> =>
    slots.use(async () => {
      if (hasEnded) return undefined;
      try {
        const pulled = id === undefined ? withoutId() : await pull(id, left);
        if (pulled.failure) hasEnded ||= !continues || pulled.failure.code === 'cancelled';
        return pulled;
      } catch (error) {
        hasEnded = true;
        throw error;
      }
    });
  const all =
    limit === undefined
      ? await Promise.all(ids.map((id) => begin(id)))
      : await inTurn(ids, begin, limit);
  return [...all.filter((pulled) => pulled !== undefined), ...failed];
}

/** The accounts of the consent. `undefined` stands for an account without an ID. */
interface AccountsToPull {
  readonly ids: readonly (string | undefined)[];
  /** The reason why the bank did not list all of them. */
  readonly failure?: OpenBankingError;
}

/** The accounts that the bank lists, or those that it listed before if it refuses the list now. */
async function accountsToPull(request: PullRequest): Promise<AccountsToPull> {
  const { knownAccounts, remarks } = request;
  const { rows, failure } = await listedAccounts(request);
  const ids = rows.map(accountIdOf);
  const known = ids.length === 0 ? await accountsListedBefore(failure, knownAccounts) : [];
  if (known.length === 0) return { ids, failure };
  remarks.add(listClosed(known.length));
  return { ids: known };
}

async function inTurn(
  ids: readonly (string | undefined)[],
  begin: (id: string | undefined, left: number) => Promise<Pulled | undefined>,
  limit: number,
): Promise<(Pulled | undefined)[]> {
  const all: (Pulled | undefined)[] = [];
  let left = limit;
  for (const id of ids) {
    if (left <= 0) break;
    const pulled = await begin(id, left);
    all.push(pulled && { ...pulled, rows: pulled.rows.slice(0, left) });
    left -= pulled?.rows.length ?? 0;
  }
  return all;
}

/** The failure of an account without an ID: nothing can be asked of it. */
function withoutId(): Pulled {
  return { rows: [], failure: new OpenBankingError('data-missing', { problem: 'noAccountId' }) };
}
