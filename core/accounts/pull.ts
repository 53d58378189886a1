import type { OpenBankingError } from '../errors/OpenBankingError';
import { eachInPieces, inPieces } from '../lib/pieces';
import { counted } from '../lib/remarks';
import { accountPath } from './accountApi';
import { withInteraction } from './apiError';
import type { Period } from './bookingDates';
import { collectedRows, ownError } from './collectedRows';
import { listedAccounts } from './listedAccounts';
import type { Pulled, PullRequest } from './pullRequest';
import { RowOrigins } from './rowOrigins';
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

export type { Pulled, PullRequest } from './pullRequest';
export { pullOfAllAccounts } from './pullOfAllAccounts';

const STATUSES: Readonly<Record<StatusFilter, ReadonlySet<TransactionStatus> | undefined>> = {
  booked: new Set(['booked']),
  pending: new Set(['pending', 'future']),
  all: undefined,
};

/** The accounts of the consent. */
export async function pullAccounts(request: PullRequest, limit?: number): Promise<Pulled> {
  return accountsOf(request, await listedAccounts(request, { limit }));
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
  const rows = await collectedRows(request, { path, member: 'Account', isWanted });
  return { ...(await accountsOf(request, rows)), accountId };
}

/** The balances of an account. */
export async function pullBalances(request: PullRequest, accountId: string): Promise<Pulled> {
  const { origin, simplify, remarks, lookup } = request;
  const path = () => accountPath(accountId, 'balances');
  const origins = new RowOrigins();
  const raw = await collectedRows(request, { path, member: 'Balance', origins });
  if (!simplify) return { ...raw, accountId };
  const whole = { ...origin, accountId, accountKey: await lookup?.accountKeyOf(accountId) };
  const rows: object[] = [];
  let { failure } = raw;
  const simplified = (row: RawRow, at: number) => {
    try {
      rows.push(simplifiedBalance(row, whole, remarks));
    } catch (error) {
      failure ??= ofRow(ownError(error), at, origins);
    }
  };
  await inPieces(eachInPieces(raw.rows, simplified));
  return { rows, failure, accountId };
}

/** The transactions of an account. Its pages are read until the limit is reached. */
export async function pullTransactions(
  request: PullRequest,
  accountId: string,
  { period, status, limit = Infinity }: TransactionQuery,
): Promise<Pulled> {
  const { origin, simplify, remarks, lookup } = request;
  const statuses = STATUSES[status];
  const isWithin = (row: RawRow) => period?.includes(row) ?? true;
  const origins = new RowOrigins();
  lookup?.willRead(accountId);
  const raw = await collectedRows(request, {
    path: () => accountPath(accountId, 'transactions'),
    query: period?.query,
    member: 'Transaction',
    limit,
    origins,
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
  const whole = { ...origin, accountId, accountKey: await lookup?.accountKeyOf(accountId) };
  const known = await lookup?.knownRowsOf(accountId);
  let left = limit;
  const isWanted = (row: RawRow, rowStatus: TransactionStatus) =>
    (statuses?.has(rowStatus) ?? true) && isWithin(row) && left-- > 0;
  const { rows, failure, failedAt } = await inPieces(
    simplifiedTransactions(raw.rows, whole, remarks, isWanted, known),
  );
  const failed = failure && ofRow(failure, failedAt, origins);
  return { rows, failure: raw.failure ?? failed, accountId };
}

/** The failure of a row, with the interaction ID of the request that brought it. */
function ofRow(failure: OpenBankingError, at: number | undefined, origins: RowOrigins) {
  const interactionId = at === undefined ? undefined : origins.interactionOf(at);
  return interactionId === undefined ? failure : withInteraction(failure, interactionId);
}

/** Accounts in the form that is asked for. */
async function accountsOf(
  { simplify, origin, remarks, lookup }: PullRequest,
  raw: Pulled,
): Promise<Pulled> {
  if (!simplify) return raw;
  const rows: object[] = [];
  for (const row of raw.rows as RawRow[]) {
    const accountId = accountIdOf(row);
    const accountKey = accountId === undefined ? undefined : await lookup?.accountKeyOf(accountId);
    rows.push(simplifiedAccount(row, origin, remarks, accountKey));
  }
  return { ...raw, rows };
}

const otherAccounts = (count: number) =>
  `In ${counted(count, 'row')}, the bank gave another account than the one that was asked for. It is left out.`;

const outsidePeriod = (count: number) =>
  `In ${counted(count, 'row')}, the bank gave a transaction outside From and To. It is left out.`;
