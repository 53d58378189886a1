import { eachInPieces, PIECE, sortedInPieces, type Pieces } from '../../lib/pieces';
import { counted, type Remarks } from '../../lib/remarks';
import { dayOf, type Identity, type IdentityFacts, type TransactionStatus } from './facts';
import { fingerprint, isCounter } from './recipe';

/** Equal rows are numbered in this order. So a row has the same ID whatever status the user asks for. */
const STATUS_ORDER: readonly TransactionStatus[] = [
  'booked',
  'pending',
  'future',
  'rejected',
  'information',
];

/**
 * The identities of all rows of an account that were read. It needs all of them, because the bank's ID counts only if no other row has it with
 * another sign, amount or currency. The effort grows with the number of rows.
 *
 * @param orderText the own text of a row, by its index. Rows that are equal in everything else are numbered in the order of these texts.
 * @returns an identity for each row; `undefined` for a row that is another row again, or whose amount cannot be read
 */
export function* identitiesOf(
  rows: readonly IdentityFacts[],
  account: string,
  orderText: (index: number) => string,
  remarks: Remarks,
): Pieces<(Identity | undefined)[]> {
  const identities: (Identity | undefined)[] = new Array<undefined>(rows.length).fill(undefined);
  const { uses, others, isReused } = yield* usesOfIds(rows);
  yield* eachInPieces(uses, ([id, { indexes, last, isShared, isOfManyDays }]) => {
    if (isShared) remarks.count(sharedId, indexes.length);
    // If IDs are used again on other days, an equal amount on another day may be another payment. A row too many is better than one too few.
    if (isShared || (isOfManyDays && (isReused || isCounter(rows[last]!)))) {
      for (const index of indexes) others.push(index);
      return;
    }
    if (indexes.length > 1) remarks.count(repeatedId, indexes.length - 1);
    identities[last] = { id, source: 'bank' };
  });
  let done = 0;
  for (const equals of (yield* equalRows(others, rows)).values()) {
    const ordered = equals.length === 1 ? equals : yield* inOrder(equals, rows, orderText);
    for (const [ordinal, index] of ordered.entries()) {
      if (++done % PIECE === 0) yield;
      identities[index] = fingerprint(rows[index]!, account, ordinal);
    }
  }
  return identities;
}

/** The rows that have an ID of the bank. */
interface Use {
  readonly indexes: number[];
  readonly amount: string;
  readonly currency: string;
  readonly day: string;
  /** The row that counts if all of them are one transaction: the booked one, and of several, that with the latest date. */
  last: number;
  /** Whether the rows differ in sign, amount or currency. */
  isShared: boolean;
  /** Whether the rows differ in their booking day. */
  isOfManyDays: boolean;
}

/** The IDs of the bank. */
interface Uses {
  readonly uses: Map<string, Use>;
  /** Whether the bank uses an ID again for another transaction on another day. */
  readonly isReused: boolean;
  /** The rows without an ID of the bank. */
  readonly others: number[];
}

function* usesOfIds(rows: readonly IdentityFacts[]): Pieces<Uses> {
  const uses = new Map<string, Use>();
  const others: number[] = [];
  let isReused = false;
  yield* eachInPieces(rows, (row, index) => {
    const { bankId, amount, currency } = row;
    // Such a row cannot be an item.
    if (amount === '') return;
    if (bankId === undefined) {
      others.push(index);
      return;
    }
    const day = dayOf(row);
    const use = uses.get(bankId);
    if (!use) {
      const one = { indexes: [index], last: index, isShared: false, isOfManyDays: false };
      uses.set(bankId, { ...one, amount, currency, day });
      return;
    }
    use.indexes.push(index);
    if (isLater(rows[index]!, rows[use.last]!)) use.last = index;
    use.isShared ||= use.amount !== amount || use.currency !== currency;
    use.isOfManyDays ||= use.day !== day;
    isReused ||= use.isShared && use.isOfManyDays;
  });
  return { uses, others, isReused };
}

/** Whether a row counts in place of another one: a booked row, and of several, that with the later date. */
export function isLater(row: IdentityFacts, other: IdentityFacts): boolean {
  const byStatus = rankOf(row) - rankOf(other);
  return byStatus < 0 || (byStatus === 0 && row.bookedAt > other.bookedAt);
}

/** Groups rows that differ in nothing that a fingerprint is made of. */
function* equalRows(
  indexes: readonly number[],
  rows: readonly IdentityFacts[],
): Pieces<Map<string, number[]>> {
  const groups = new Map<string, number[]>();
  yield* eachInPieces(indexes, (index) => {
    const row = rows[index]!;
    const key = `${dayOf(row)} ${row.amount} ${row.currency} ${row.reference ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  return groups;
}

/** The sort keys of rows that differ only in their texts. */
interface Order {
  readonly index: number;
  readonly rank: number;
  readonly bookedAt: string;
  readonly text: string;
}

/** Rows that differ only in their texts, in the order in which they are numbered. */
export function* inOrder(
  indexes: readonly number[],
  rows: readonly IdentityFacts[],
  orderText: (index: number) => string,
): Pieces<number[]> {
  const keyed: Order[] = [];
  yield* eachInPieces(indexes, (index) => {
    const row = rows[index]!;
    keyed.push({ index, rank: rankOf(row), bookedAt: row.bookedAt, text: orderText(index) });
  });
  const sorted = yield* sortedInPieces(
    keyed,
    (a, b) => a.rank - b.rank || compared(a.bookedAt, b.bookedAt) || compared(a.text, b.text),
  );
  return sorted.map(({ index }) => index);
}

function compared(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function rankOf({ status }: IdentityFacts): number {
  return STATUS_ORDER.indexOf(status);
}

export const sharedId = (count: number) =>
  `In ${counted(count, 'row')}, the bank uses one "TransactionId" for transactions that differ in sign, amount or currency. The "transaction_id" of these rows is a fingerprint.`;

export const repeatedId = (count: number) =>
  `In ${counted(count, 'row')}, the bank sent a transaction again, with the same "TransactionId" and amount. Each transaction is one item: the booked row, or the one with the later date.`;
