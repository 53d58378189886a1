import { eachInPieces, sortedInPieces, type Pieces } from '../../lib/pieces';
import type { IdentityFacts, TransactionStatus } from './facts';

/** Equal rows are numbered in this order. So a row has the same ID whatever status the user asks for. */
const STATUS_ORDER: readonly TransactionStatus[] = [
  'booked',
  'pending',
  'future',
  'rejected',
  'information',
];

/** Whether a row counts in place of another one: a booked row, and of several, that with the later date. */
export function isLater(row: IdentityFacts, other: IdentityFacts): boolean {
  const byStatus = rankOf(row) - rankOf(other);
  return byStatus < 0 || (byStatus === 0 && row.bookedAt > other.bookedAt);
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
    (a, b) =>
      a.rank - b.rank ||
      compared(a.bookedAt, b.bookedAt) ||
      compared(a.text, b.text) ||
      a.index - b.index,
  );
  return sorted.map(({ index }) => index);
}

function compared(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function rankOf({ status }: IdentityFacts): number {
  return STATUS_ORDER.indexOf(status);
}
