import type { RawRow } from '../../../core/accounts/simplified/rawRow';
import { simplifiedTransactions } from '../../../core/accounts/simplified/transaction';
import type { Pieces } from '../../../core/lib/pieces';
import { Remarks } from '../../../core/lib/remarks';

/** A booked row of v3.1, as most banks send it. */
export const ROW: RawRow = {
  AccountId: 'A-1',
  TransactionId: 'T1',
  CreditDebitIndicator: 'Debit',
  Status: 'Booked',
  BookingDateTime: '2026-03-02T00:00:00+00:00',
  ValueDateTime: '2026-03-02T00:00:00+00:00',
  Amount: { Amount: '12.50', Currency: 'GBP' },
  TransactionInformation: 'SHOP 11',
};

/** {@link ROW} with changes. A member that is `undefined` is absent. */
export function row(changes: Record<string, unknown> = {}): RawRow {
  const members = Object.entries({ ...ROW, ...changes });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** {@link ROW} with an amount in GBP. */
export function amounting(amount: unknown, changes: Record<string, unknown> = {}): RawRow {
  return row({ Amount: { Amount: amount, Currency: 'GBP' }, ...changes });
}

/** A row without an ID of the bank. */
export function nameless(changes: Record<string, unknown> = {}): RawRow {
  return row({ TransactionId: undefined, ...changes });
}

/** The result of work in pieces, without a pause between them. */
export function atOnce<Result>(work: Pieces<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The items of rows of the account A-1, with the failure and the warnings. */
export function simplified(
  rows: readonly RawRow[],
  isWanted?: Parameters<typeof simplifiedTransactions>[3],
  accountId = 'A-1',
) {
  const remarks = new Remarks();
  const work = simplifiedTransactions(rows, { accountId }, remarks, isWanted);
  const { rows: items, failure } = atOnce(work);
  return { items, failure, remarks: remarks.texts };
}

/** The one item of a row, with the warnings. */
export function simplifiedRow(raw: RawRow) {
  const { items, failure, remarks } = simplified([raw]);
  if (failure) throw failure;
  return { item: items[0]!, remarks };
}
