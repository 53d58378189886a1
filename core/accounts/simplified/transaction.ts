import type { OpenBankingError } from '../../errors/OpenBankingError';
import { eachInPieces, type Pieces } from '../../lib/pieces';
import { counted, type Remarks } from '../../lib/remarks';
import type { Identity, IdSource, TransactionStatus } from '../../sync/identities/facts';
import type { KnownRows } from '../../sync/identities/knownRows';
import { lookedUp } from '../../sync/identities/lookedUp';
import { identitiesOf } from '../../sync/identities/identitiesOf';
import { signedAmount } from './amounts';
import { dateOf, type DateText } from './dates';
import { detailsOf, type TransactionDetails } from './transactionDetails';
import { objectIn } from './members';
import { consentFields, type AccountFields, type ConsentFields, type Origin } from './origin';
import type { RawRow } from './rawRow';
import { sightingsOf, unreadableAmount, type IsWanted, type SeenRow } from './sightings';
import { identifierOf, textOf } from './texts';

export type { IsWanted } from './sightings';

/** A transaction, made for a database row. Fields that the bank left out are absent. */
export interface SimplifiedTransaction extends AccountFields, ConsentFields, TransactionDetails {
  /** Never empty, and never the ID of two transactions of an account. An upsert goes on `account_key` and `transaction_id`. */
  transaction_id: string;
  /** Whether `transaction_id` is the bank's, or a digest in which the reference took part, or one without a reference. */
  id_source: IdSource;
  status: TransactionStatus;
  /** The booking date: the bank's own text, with its offset. */
  booked_at?: string;
  /** The value date: the bank's own text, with its offset. */
  value_at?: string;
  /** Signed decimal text, with the bank's digits: negative if money left the account. */
  amount: string;
  /** ISO 4217. */
  currency?: string;
  /** The balance after the transaction, as signed decimal text. */
  balance_after?: string;
}

/** The transactions of an account, as far as they could be read. */
export interface SimplifiedTransactions {
  readonly rows: SimplifiedTransaction[];
  /** `amount-unreadable` or `amount-sign-missing`, of the first row that cannot be an item. */
  readonly failure?: OpenBankingError;
  /** The index of that row among all. */
  readonly failedAt?: number;
}

/**
 * Simplifies the transactions of an account. A row that cannot be an item does not stop the others.
 *
 * @param rows all rows of the account that were read, in the bank's order: the IDs depend on all of them
 * @param isWanted decides which rows become items. The others take part in the IDs alone: they cause no failure, and no
 *   warning but those of IDs and statuses. An unknown status may be the reason why a row is not put out.
 * @param known the rows of the account that reads of triggers have shown: they keep the IDs that they were given then
 */
export function* simplifiedTransactions(
  rows: readonly RawRow[],
  origin: Origin,
  remarks: Remarks,
  isWanted: IsWanted = () => true,
  known?: KnownRows,
): Pieces<SimplifiedTransactions> {
  const { accountId, accountKey = accountId } = origin;
  const seen = yield* sightingsOf(rows, remarks, isWanted);
  const identities = known
    ? yield* lookedUp(known, seen.map(readableOnly), accountKey)
    : yield* identitiesOf(seen, accountKey, remarks);
  const items: SimplifiedTransaction[] = [];
  let failed: { failure: OpenBankingError; failedAt: number } | undefined;
  yield* eachInPieces(seen, (sighting, at) => {
    if (!sighting.isWanted) return;
    if ('fault' in sighting.signed) {
      failed ??= { failure: unreadableAmount(sighting, at, accountId)!, failedAt: at };
      return;
    }
    const identity = identities[at];
    if (identity) items.push(transactionItem(sighting, identity, origin, remarks));
  });
  return { rows: items, ...failed };
}

/**
 * The item of a transaction.
 *
 * @param sighting a row whose amount can be read
 */
export function transactionItem(
  { row, date, signed, status, currency }: SeenRow,
  identity: Identity,
  origin: Origin,
  remarks: Remarks,
): SimplifiedTransaction {
  const { accountId, accountKey = accountId } = origin;
  const head: Head = {
    transaction_id: identity.id,
    id_source: identity.source,
    account_id: accountId,
    account_key: accountKey,
    ...consentFields(origin),
    status,
  };
  addDates(head, row, date, remarks);
  const amount = 'fault' in signed ? '' : signed.text;
  const item: SimplifiedTransaction = Object.assign(head, { amount });
  if (currency === '') remarks.count(withoutCurrency);
  else item.currency = currency;
  Object.assign(item, detailsOf(row));
  const balance = balanceAfter(row, remarks);
  if (balance !== undefined) item.balance_after = balance;
  const other = identifierOf(row.AccountId);
  if (other !== undefined && other !== accountId) remarks.count(otherAccount);
  return item;
}

/** A row that has an identity. */
function readableOnly(row: SeenRow): SeenRow | undefined {
  return row.amount === '' ? undefined : row;
}

/** The fields of an item before its amount, in the order of the columns in n8n. */
type Head = Omit<SimplifiedTransaction, 'amount'>;

function addDates(item: Head, row: RawRow, bookedAt: DateText | undefined, remarks: Remarks): void {
  if (bookedAt) item.booked_at = bookedAt.text;
  else remarks.count(withoutBookingDate);
  if (bookedAt?.lacksZone) remarks.count(withoutZone);
  const valueAt = dateOf(row.ValueDateTime);
  if (valueAt) item.value_at = valueAt.text;
  else if (textOf(row.ValueDateTime) !== undefined) remarks.count(unreadableValueDate);
}

function balanceAfter(row: RawRow, remarks: Remarks): string | undefined {
  const balance = objectIn(row, 'Balance');
  if (textOf(objectIn(balance, 'Amount').Amount) === undefined) return undefined;
  const signed = signedAmount(balance, remarks);
  if (!('fault' in signed)) return signed.text;
  remarks.count(unreadableBalance);
  return undefined;
}

const withoutBookingDate = (count: number) =>
  `In ${counted(count, 'row')}, the bank sent no booking date that can be read, so "booked_at" is absent.`;

const withoutZone = (count: number) =>
  `In ${counted(count, 'row')}, the booking date has a time without an offset. It is put out as it is.`;

const unreadableValueDate = (count: number) =>
  `In ${counted(count, 'row')}, the value date cannot be read, so "value_at" is absent.`;

const withoutCurrency = (count: number) =>
  `In ${counted(count, 'row')}, the amount has no currency, so "currency" is absent.`;

const unreadableBalance = (count: number) =>
  `In ${counted(count, 'row')}, the amount or the sign of the balance cannot be read, so "balance_after" is absent.`;

const otherAccount = (count: number) =>
  `In ${counted(count, 'row')}, "AccountId" names another account than the one that was asked for.`;
