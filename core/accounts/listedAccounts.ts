import { counted } from '../lib/remarks';
import { collectedRows } from './collectedRows';
import type { Pulled, PullRequest } from './pullRequest';
import type { RowOrigins } from './rowOrigins';
import { accountIdOf } from './simplified/account';
import type { RawRow } from './simplified/rawRow';

/** Options of {@link listedAccounts}. */
interface ListOptions {
  /** Number of accounts after which no page is asked. */
  readonly limit?: number;
  /** Is told which page the accounts came on. */
  readonly origins?: RowOrigins;
}

/**
 * The list of accounts, as the bank sent it. An account that came twice is in it once. If the list is complete, its accounts become the known
 * ones of the consent.
 */
export async function listedAccounts(
  request: PullRequest,
  { limit, origins }: ListOptions = {},
): Promise<Pulled<RawRow>> {
  request.lookup?.willRead();
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
  const asked = { path: () => '/accounts', member: 'Account', isWanted, limit, origins } as const;
  const listed = await collectedRows(request, asked);
  const isComplete = !listed.failure && (limit === undefined || listed.rows.length < limit);
  if (isComplete && listed.rows.length === 0) request.remarks.count(noAccount);
  if (isComplete && hasIds) await request.knownAccounts?.remember([...ids]);
  return listed;
}

const noAccount = (count: number) =>
  `In ${counted(count, 'list')}, the bank gave no account of the consent. The customer may share no account, or may have closed it.`;

const accountsTwice = (count: number) =>
  `In ${counted(count, 'row')}, the bank lists an account again. It is read once.`;
