import { type Pulled } from '../../core/accounts/pull';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Remarks } from '../../core/lib/remarks';
import { sourceOf, type Given } from './pageSource';

/** A row of a pull. */
export type Item = Record<string, unknown>;

/** The path of the transactions of account A-1. */
export const T1 = '/accounts/A-1/transactions';

/** A pull from a bank that answers by path and query. */
export function requestTo(answers: Record<string, Given | Given[]>, simplify = true) {
  const api = sourceOf(answers);
  const origin = { consent: 'Customer 7', consentId: 'c-1' };
  return { api, asked: api.asked, origin, simplify, remarks: new Remarks() };
}

/** An answer with these accounts. */
export const accounts = (...list: unknown[]) => ({ Data: { Account: list }, Links: {}, Meta: {} });

/** An account with an ID. */
export const account = (id: unknown, more: object = {}) => ({
  AccountId: id,
  Currency: 'GBP',
  ...more,
});

/** The error for a request that the bank refuses. */
export const refusal = (status: number) =>
  new OpenBankingError('api-refused', { message: `refused ${status}`, status });

/** The IDs of the rows of a pull. */
export const idsOf = ({ rows }: Pulled, name = 'transaction_id') =>
  (rows as readonly Item[]).map((item) => item[name]);
