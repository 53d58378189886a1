import { OpenBankingError } from '../errors/OpenBankingError';
import { eachInPieces, inPieces } from '../lib/pieces';
import type { Remarks } from '../lib/remarks';
import type { KnownAccounts } from './knownAccounts';
import type { ListMember } from './page';
import { pagesOf, type PageSource } from './pages';
import type { RowOrigins } from './rowOrigins';
import { accountIdOf } from './simplified/account';
import type { Origin } from './simplified/origin';
import type { RawRow } from './simplified/rawRow';

/** The result of a pull. */
export interface Pulled<Row extends object = object> {
  /** The rows that were read, in the bank's order, also if there is a failure. */
  readonly rows: readonly Row[];
  /** The reason why there are no more rows. */
  readonly failure?: OpenBankingError;
  /** The account that was asked for, if it was one. */
  readonly accountId?: string;
}

/** The input of all pulls. */
export interface PullRequest {
  readonly api: PageSource;
  readonly origin: Omit<Origin, 'accountId'>;
  /** Whether rows come in the simplified form, else as the bank sent them. */
  readonly simplify: boolean;
  readonly remarks: Remarks;
  /** The accounts that the bank listed before, for a bank that does not list them any more. */
  readonly knownAccounts?: KnownAccounts;
}

/** Which rows are collected. */
interface Collection {
  /** The path of the resource. It may throw an error of this package. */
  readonly path: () => string;
  readonly query?: string;
  readonly member: ListMember;
  /** It is called once for each row; all are wanted if it is not given. */
  readonly isWanted?: (row: RawRow) => boolean;
  /** Whether all rows of the pages are collected: also others, and those behind the limit. */
  readonly keepsOthers?: boolean;
  /** Number of wanted rows after which no page is asked. */
  readonly limit?: number;
  /** Is told which page the rows came on. */
  readonly origins?: RowOrigins;
}

/** The rows of a list. If a page fails, those of the pages before it. */
export async function collected(
  { api, remarks }: PullRequest,
  { path, query, member, isWanted, keepsOthers = false, limit = Infinity, origins }: Collection,
): Promise<Pulled<RawRow>> {
  const rows: RawRow[] = [];
  let left = limit;
  try {
    const asked = { path: path(), query, member, areAllWanted: limit === Infinity };
    for await (const page of pagesOf(api, asked, remarks)) {
      origins?.begin(rows.length, page.interactionId);
      const look = (row: RawRow) => {
        const wanted = isWanted?.(row) ?? true;
        if (keepsOthers || (wanted && left > 0)) rows.push(row);
        if (wanted) left--;
      };
      await inPieces(eachInPieces(page.rows, look));
      if (left <= 0) break;
    }
    return { rows };
  } catch (error) {
    return { rows, failure: ownError(error) };
  }
}

/**
 * The list of accounts, as the bank sent it. An account that came twice is in it once. If the list is complete, its accounts become the known
 * ones of the consent.
 */
export async function listedAccounts(
  request: PullRequest,
  limit?: number,
): Promise<Pulled<RawRow>> {
  const ids = new Set<string>();
  let hasIds = true;
  const isWanted = (row: RawRow) => {
    const id = accountIdOf(row);
    if (id === undefined) {
      hasIds = false;
      return true;
    }
    if (ids.has(id)) {
      request.remarks.count(accountsTwice);
      return false;
    }
    ids.add(id);
    return true;
  };
  const asked = { path: () => '/accounts', member: 'Account', isWanted, limit } as const;
  const listed = await collected(request, asked);
  const isComplete = !listed.failure && (limit === undefined || listed.rows.length < limit);
  if (isComplete && listed.rows.length === 0) request.remarks.count(noAccount);
  if (isComplete && hasIds) await request.knownAccounts?.remember([...ids]);
  return listed;
}

/** An error of this package. @throws any other error */
export function ownError(error: unknown): OpenBankingError {
  if (error instanceof OpenBankingError) return error;
  throw error;
}

const noAccount = (count: number) =>
  `The bank lists no account for the consent${count > 1 ? `, ${count} times` : ''}. The customer may share no account, or may have closed it.`;

const accountsTwice = (count: number) =>
  `The bank lists accounts more than once: ${count}. They are read once.`;
