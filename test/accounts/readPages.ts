import { pagesOf } from '../../core/accounts/pages';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Remarks } from '../../core/lib/remarks';
import { sourceOf, type Given } from './pageSource';

/** The path of the pages. */
export const PATH = '/accounts/A-1/transactions';

/** Reads all pages of transactions. */
export async function readAll(answers: Record<string, Given | Given[]>, query?: string) {
  const source = sourceOf(
    Object.fromEntries(Object.entries(answers).map(([key, given]) => [PATH + key, given])),
  );
  const remarks = new Remarks();
  const read: Record<string, unknown>[] = [];
  let failure: OpenBankingError | undefined;
  try {
    const asked = { path: PATH, query, member: 'Transaction' } as const;
    for await (const { rows } of pagesOf(source, asked, remarks)) read.push(...rows);
  } catch (error) {
    if (!(error instanceof OpenBankingError)) throw error;
    failure = error;
  }
  const ids = read.map(({ TransactionId }) => TransactionId);
  return { rows: read, ids, failure, remarks: remarks.texts, asked: source.asked };
}

/** The error for a page that the bank refuses. */
export const refusal = (status: number, code = 'api-refused') =>
  new OpenBankingError(code as 'server-error', { message: 'page token expired', status });
