import type { OpenBankingError } from '../../errors/OpenBankingError';
import { plainText } from '../../lib/displayText';
import { eachInPieces, type Pieces } from '../../lib/pieces';
import type { Remarks } from '../../lib/remarks';
import type { Sighting, TransactionStatus } from '../../sync/identities/facts';
import { isPlaceholder } from '../../sync/identities/recipe';
import { amountError } from './amountErrors';
import { currencyOf, signedAmount, type SignedAmount } from './amounts';
import { dateOf, type DateText } from './dates';
import { canonical } from './decimal';
import { detailsOf } from './transactionDetails';
import { objectIn } from './members';
import type { RawRow } from './rawRow';
import { statusOf } from './status';
import { identifierOf, textOf } from './texts';

/** Whether a row is asked for. */
export type IsWanted = (row: RawRow, status: TransactionStatus) => boolean;

/** Maximum number of characters of an ID. The standard has 210; an index of PostgreSQL takes some 2,700 bytes. */
const MAXIMUM_ID = 500;

/** A transaction of the bank with the facts of its identity. They are read of each row, also of those that are not wanted. */
export class SeenRow implements Sighting {
  readonly bankId: string | undefined;

  readonly reference: string | undefined;

  readonly status: TransactionStatus;

  readonly isWanted: boolean;

  readonly bookedAt: string;

  readonly amount: string;

  readonly currency: string;

  readonly date: DateText | undefined;

  readonly signed: SignedAmount;

  constructor(
    readonly row: RawRow,
    remarks: Remarks,
    isWanted: IsWanted,
  ) {
    this.status = statusOf(row, remarks);
    this.isWanted = isWanted(row, this.status);
    this.signed = signedAmount(row, this.isWanted ? remarks : undefined);
    this.date = dateOf(row.BookingDateTime);
    this.bankId = bankIdOf(row);
    this.reference = withoutPlaceholder(textOf(row.TransactionReference));
    this.bookedAt = this.date?.text ?? '';
    this.amount = 'fault' in this.signed ? '' : canonical(this.signed.text);
    this.currency = currencyOf(objectIn(row, 'Amount')) ?? '';
  }

  /** Without the running balance, because a new row changes that. The reference is a fact of its own. */
  get text(): string {
    const details = { ...detailsOf(this.row), reference: undefined };
    return JSON.stringify([dateOf(this.row.ValueDateTime)?.text, details]);
  }

  get label(): string | undefined {
    const { counterparty, description } = detailsOf(this.row);
    return counterparty ?? description;
  }

  get isMutable(): boolean {
    return textOf(this.row.TransactionMutability)?.toLowerCase() === 'mutable';
  }
}

/** The facts of all rows of an account. */
export function* sightingsOf(
  rows: readonly RawRow[],
  remarks: Remarks,
  isWanted: IsWanted = () => true,
): Pieces<SeenRow[]> {
  const seen: SeenRow[] = [];
  yield* eachInPieces(rows, (row) => seen.push(new SeenRow(row, remarks, isWanted)));
  return seen;
}

/**
 * The error of a row whose amount cannot be used; `undefined` if it can.
 *
 * @param at its place among the rows that were read
 */
export function unreadableAmount(
  { row, signed }: SeenRow,
  at: number,
  accountId: string,
): OpenBankingError | undefined {
  return 'fault' in signed ? amountError(signed.fault, row, nameOf(row, at), accountId) : undefined;
}

/** The bank's ID of a transaction, if it can be a key of a database. */
function bankIdOf(row: RawRow): string | undefined {
  const id = withoutPlaceholder(identifierOf(row.TransactionId));
  return id !== undefined && id.length <= MAXIMUM_ID ? id : undefined;
}

function withoutPlaceholder(text: string | undefined): string | undefined {
  return text === undefined || isPlaceholder(text) ? undefined : text;
}

/** A transaction in words. Without an ID of the bank, it is named by its place among the rows that were read. */
function nameOf(row: RawRow, at: number): string {
  const id = identifierOf(row.TransactionId);
  return id === undefined ? `the transaction in row ${at + 1}` : `transaction ${plainText(id)}`;
}
