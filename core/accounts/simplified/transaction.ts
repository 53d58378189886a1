import type { OpenBankingError } from '../../errors/OpenBankingError';
import { plainText } from '../../lib/displayText';
import { eachInPieces, type Pieces } from '../../lib/pieces';
import { counted, type Remarks } from '../../lib/remarks';
import { amountError } from './amountErrors';
import { currencyOf, signedAmount, type SignedAmount } from './amounts';
import { dateOf, type DateText } from './dates';
import { canonical } from './decimal';
import { detailsOf, type TransactionDetails } from './transactionDetails';
import { identitiesOf, isPlaceholder, type IdentityFacts } from './identity';
import { objectIn } from './members';
import { consentFields, type AccountFields, type ConsentFields, type Origin } from './origin';
import type { RawRow } from './rawRow';
import { statusOf, type TransactionStatus } from './status';
import { identifierOf, textOf } from './texts';

/** A transaction, made for a database row. Fields that the bank left out are absent. */
export interface SimplifiedTransaction extends AccountFields, ConsentFields, TransactionDetails {
  /** Never empty, and never the ID of two transactions of an account. An upsert goes on `account_key` and `transaction_id`. */
  transaction_id: string;
  /** Whether `transaction_id` is the bank's, or a digest in which the reference took part, or one without a reference. */
  id_source: 'bank' | 'reference' | 'fingerprint';
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

/** Maximum number of characters of an ID. The standard has 210; an index of PostgreSQL takes some 2,700 bytes. */
const MAXIMUM_ID = 500;

/** Whether a row is asked for. */
export type IsWanted = (row: RawRow, status: TransactionStatus) => boolean;

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
 */
export function* simplifiedTransactions(
  rows: readonly RawRow[],
  origin: Origin,
  remarks: Remarks,
  isWanted: IsWanted = () => true,
): Pieces<SimplifiedTransactions> {
  const { accountId } = origin;
  const facts: Facts[] = [];
  yield* eachInPieces(rows, (row) => facts.push(factsOf(row, remarks, isWanted)));
  const identities = yield* identitiesOf(facts, accountId, (at) => ownText(rows[at]!), remarks);
  const consent = consentFields(origin);
  const items: SimplifiedTransaction[] = [];
  let failed: { failure: OpenBankingError; failedAt: number } | undefined;
  yield* eachInPieces(rows, (row, at) => {
    const { isWanted, signed, status, currency, date } = facts[at]!;
    if (!isWanted) return;
    if ('fault' in signed) {
      failed ??= {
        failure: amountError(signed.fault, row, nameOf(row, at), accountId),
        failedAt: at,
      };
      return;
    }
    const identity = identities[at];
    if (!identity) return;
    const head: Head = {
      transaction_id: identity.id,
      id_source: identity.source,
      account_id: accountId,
      account_key: accountId,
      ...consent,
      status,
    };
    addDates(head, row, date, remarks);
    const item: SimplifiedTransaction = Object.assign(head, { amount: signed.text });
    if (currency === '') remarks.count(withoutCurrency);
    else item.currency = currency;
    Object.assign(item, detailsOf(row));
    const balance = balanceAfter(row, remarks);
    if (balance !== undefined) item.balance_after = balance;
    const other = identifierOf(row.AccountId);
    if (other !== undefined && other !== accountId) remarks.count(otherAccount);
    items.push(item);
  });
  return { rows: items, ...failed };
}

/** The facts of a row. They are read of each row, also of those that are not wanted. */
interface Facts extends IdentityFacts {
  readonly isWanted: boolean;
  readonly date: DateText | undefined;
  readonly signed: SignedAmount;
}

function factsOf(row: RawRow, remarks: Remarks, isWanted: IsWanted): Facts {
  const status = statusOf(row, remarks);
  const wanted = isWanted(row, status);
  const signed = signedAmount(row, wanted ? remarks : undefined);
  const date = dateOf(row.BookingDateTime);
  return {
    bankId: bankIdOf(row),
    reference: withoutPlaceholder(textOf(row.TransactionReference)),
    status,
    bookedAt: date?.text ?? '',
    date,
    amount: 'fault' in signed ? '' : canonical(signed.text),
    currency: currencyOf(objectIn(row, 'Amount')) ?? '',
    isWanted: wanted,
    signed,
  };
}

/** The bank's ID of a transaction, if it can be a key of a database. */
function bankIdOf(row: RawRow): string | undefined {
  const id = withoutPlaceholder(identifierOf(row.TransactionId));
  return id !== undefined && id.length <= MAXIMUM_ID ? id : undefined;
}

function withoutPlaceholder(text: string | undefined): string | undefined {
  return text === undefined || isPlaceholder(text) ? undefined : text;
}

/** The text by which rows are sorted if they differ only in their texts. It has no running balance, because a new row changes that. */
function ownText(row: RawRow): string {
  return JSON.stringify([dateOf(row.ValueDateTime)?.text, detailsOf(row)]);
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

/** A transaction in words. Without an ID of the bank, it is named by its place among the rows that were read. */
function nameOf(row: RawRow, at: number): string {
  const id = identifierOf(row.TransactionId);
  return id === undefined ? `the transaction in row ${at + 1}` : `transaction ${plainText(id)}`;
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
