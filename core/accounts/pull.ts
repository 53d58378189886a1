import { accountPath } from './accountApi';
import type { Period } from './bookingDates';
import { collected, listedAccounts, ownError, type Pulled, type PullRequest } from './collected';
import { accountIdOf, simplifiedAccount } from './simplified/account';
import { simplifiedBalance } from './simplified/balance';
import type { RawRow } from './simplified/rawRow';
import { statusOf, type TransactionStatus } from './simplified/status';
import { simplifiedTransactions } from './simplified/transaction';

/** Which transactions are asked for. */
export interface TransactionQuery {
  readonly period?: Period;
  /** `booked`: booked ones alone. `pending`: pending and future ones. `all`: also those that are rejected or mere information. */
  readonly status: StatusFilter;
  /** Number of transactions that pass the filters. */
  readonly limit?: number;
}

type StatusFilter = 'booked' | 'pending' | 'all';

export type { Pulled, PullRequest } from './collected';
export { pullOfAllAccounts } from './pullOfAllAccounts';

const STATUSES: Readonly<Record<StatusFilter, ReadonlySet<TransactionStatus> | undefined>> = {
  booked: new Set(['booked']),
  pending: new Set(['pending', 'future']),
  all: undefined,
};

/** The accounts of the consent. */
export async function pullAccounts(request: PullRequest, limit?: number): Promise<Pulled> {
  return accountsOf(request, await listedAccounts(request, limit));
}

/** One account. */
export async function pullAccount(request: PullRequest, accountId: string): Promise<Pulled> {
  const isWanted = (row: RawRow) => {
    // Some banks give all accounts here.
    if ((accountIdOf(row) ?? accountId) === accountId) return true;
    request.remarks.count(otherAccounts);
    return false;
  };
  const path = () => accountPath(accountId);
  const rows = await collected(request, { path, member: 'Account', isWanted });
  return { ...accountsOf(request, rows), accountId };
}

/** The balances of an account. */
export async function pullBalances(request: PullRequest, accountId: string): Promise<Pulled> {
  const { origin, simplify, remarks } = request;
  const path = () => accountPath(accountId, 'balances');
  const raw = await collected(request, { path, member: 'Balance' });
  if (!simplify) return { ...raw, accountId };
  const rows: object[] = [];
  let { failure } = raw;
  for (const row of raw.rows) {
    try {
      rows.push(simplifiedBalance(row, { ...origin, accountId }, remarks));
    } catch (error) {
      failure ??= ownError(error);
    }
  }
  return { rows, failure, accountId };
}

/** The transactions of an account. Its pages are read until the limit is reached. */
export async function pullTransactions(
  request: PullRequest,
  accountId: string,
  { period, status, limit = Infinity }: TransactionQuery,
): Promise<Pulled> {
  const { origin, simplify, remarks } = request;
  const statuses = STATUSES[status];
  const isWithin = (row: RawRow) => period?.includes(row) ?? true;
  const raw = await collected(request, {
    path: () => accountPath(accountId, 'transactions'),
    query: period?.query,
    member: 'Transaction',
    limit,
    // The IDs of the simplified form depend on all rows.
    keepsOthers: simplify,
    isWanted: (row) => {
      // The simplified form has its own remarks on a status.
      const ownRemarks = simplify ? undefined : remarks;
      if (statuses && !statuses.has(statusOf(row, ownRemarks))) return false;
      if (isWithin(row)) return true;
      remarks.count(outsidePeriod);
      return false;
    },
  });
  if (!simplify) return { ...raw, accountId };
  let left = limit;
  const isWanted = (row: RawRow, rowStatus: TransactionStatus) =>
    (statuses?.has(rowStatus) ?? true) && isWithin(row) && left-- > 0;
  const read = simplifiedTransactions(raw.rows, { ...origin, accountId }, remarks, isWanted);
  return { rows: read.rows, failure: raw.failure ?? read.failure, accountId };
}

/** Accounts in the form that is asked for. */
function accountsOf({ simplify, origin, remarks }: PullRequest, raw: Pulled): Pulled {
  if (!simplify) return raw;
  return { ...raw, rows: raw.rows.map((row) => simplifiedAccount(row as RawRow, origin, remarks)) };
}

const otherAccounts = (count: number) =>
  `The bank gave other accounts than the one that was asked for: ${count}. They are left out.`;

const outsidePeriod = (count: number) =>
  `The bank gave rows outside From and To: ${count}. They are left out.`;
