import { OpenBankingError } from '../errors/OpenBankingError';
import { eachInPieces, inPieces } from '../lib/pieces';
import type { ListMember } from './page';
import { pagesOf } from './pages';
import type { Pulled, PullRequest } from './pullRequest';
import type { RowOrigins } from './rowOrigins';
import type { RawRow } from './simplified/rawRow';

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
  /** Is called if rows are missing although the list ends. */
  readonly onGap?: () => void;
  /** Is called for rows that may have come on an earlier page, see `AskedPages.onEqual`. */
  readonly onEqual?: (row: RawRow) => void;
}

/** The rows of a list. If a page fails, those of the pages before it. */
export async function collectedRows(
  { api, remarks }: PullRequest,
  {
    path,
    query,
    member,
    isWanted,
    keepsOthers = false,
    limit = Infinity,
    origins,
    onGap,
    onEqual,
  }: Collection,
): Promise<Pulled<RawRow>> {
  const rows: RawRow[] = [];
  let left = limit;
  try {
    const asked = { path: path(), query, member, areAllWanted: limit === Infinity, onGap, onEqual };
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

/** An error of this package. @throws any other error */
export function ownError(error: unknown): OpenBankingError {
  if (error instanceof OpenBankingError) return error;
  throw error;
}
