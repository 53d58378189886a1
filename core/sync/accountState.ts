import { valueOf, withValue } from '../lib/byName';
import { emptyRows, type KnownRows } from './identities/knownRows';

/** A message about a transaction. */
export type TransactionEvent = 'new' | 'booked' | 'changed' | 'vanished';

/**
 * Where a subscriber stands with a row:
 * - an event: it has to be told of it;
 * - `told`: it was told of the row while it was pending;
 * - `ended`: it was told that the pending row vanished.
 *
 * A row without a mark is done, unless it is not booked yet.
 */
export interface RowMark {
  /** The number of the row among the known rows of the account. */
  readonly row: number;
  readonly at: TransactionEvent | 'told' | 'ended';
  /** The day of the row: `2026-03-02`. The next read reaches back to it. */
  readonly day?: string;
  /** The `transaction_id` of a vanished row, which no read shows any more. */
  readonly id?: string;
  /** The `transaction_id` that a booked row had while it was pending. */
  readonly was?: string;
}

/** A row of a hand-over. */
export interface HandedRow {
  readonly row: number;
  readonly event: TransactionEvent;
  /** Whether it was handed over as booked. */
  readonly isFinal: boolean;
}

/** A hand-over that is neither committed nor failed. */
export interface OpenHandOver {
  readonly id: string;
  /** The process whose execution it is, see `thisProcess`. */
  readonly process: string;
  /** When it counts as not committed: milliseconds since the epoch, by the store's clock. */
  readonly until: number;
  readonly rows: readonly HandedRow[];
}

/** The beginning of a subscription: a booking day; or a moment by the store's clock, in milliseconds since the epoch. */
export type Start = { readonly day: string } | { readonly at: number };

/** The position of a subscriber in an account. */
export interface Position {
  /** Absent if only *Mark as Processed* was ever used. Then no marks are made. */
  readonly start?: Start;
  readonly withPending: boolean;
  /** When it last read the account, by the store's clock. */
  readonly readAt?: number;
  /** Whether a complete read reached back to its start. */
  readonly isCovered?: boolean;
  /**
   * Numbers of known rows that it may still have to be told of. Either they were known before its first read, and no read since then has shown
   * them. Or all reads since then have shown them under days before its start, and the bank may date them anew.
   */
  readonly unseen?: readonly number[];
  readonly marks: readonly RowMark[];
  readonly open: readonly OpenHandOver[];
  /** Digests of the `transaction_id`s that were marked as processed although no read of a trigger has shown them, with the day of the mark. */
  readonly processed?: Readonly<Record<string, string>>;
}

/** The memory of an account. It has no transaction data: digests, IDs, days and states. */
export interface AccountState {
  readonly known: KnownRows;
  /** Numbers of the known rows that were not booked, or not final, when they were last seen. */
  readonly unbooked: readonly number[];
  /** The last day on which it was read completely: `2026-03-16`. */
  readonly completeDay?: string;
  /** When it was last read widely and completely, by the store's clock. */
  readonly wideAt?: number;
  readonly positions: Readonly<Record<string, Position>>;
}

/** The memory of an account that was never read. */
export function emptyAccount(): AccountState {
  return { known: emptyRows(), unbooked: [], positions: {} };
}

/** A position that has nothing in it yet. */
const NO_POSITION: Position = { withPending: false, marks: [], open: [] };

/** The position of a subscriber. */
export function positionOf(state: AccountState | undefined, subscriber: string): Position {
  return valueOf(state?.positions, subscriber) ?? NO_POSITION;
}

/** The account with another position of a subscriber. */
export function withPosition(
  state: AccountState,
  subscriber: string,
  position: Position,
): AccountState {
  return { ...state, positions: withValue(state.positions, subscriber, position) };
}

/** The account without the position of a subscriber. */
export function withoutPosition(state: AccountState, subscriber: string): AccountState {
  const others = Object.entries(state.positions).filter(([name]) => name !== subscriber);
  return { ...state, positions: Object.fromEntries(others) };
}

/** Whether a mark is an event that the subscriber has to be told of. */
export function isDue(
  mark: RowMark,
  { withPending }: Position,
): mark is RowMark & { at: TransactionEvent } {
  if (mark.at === 'new' || mark.at === 'booked') return true;
  return withPending && (mark.at === 'changed' || mark.at === 'vanished');
}

/** The numbers of the rows that a subscriber still has to be told of. */
export function awaitedRows({ positions }: AccountState): ReadonlySet<number> {
  const rows = new Set<number>();
  for (const position of Object.values(positions)) {
    for (const mark of position.marks) if (isDue(mark, position)) rows.add(mark.row);
  }
  return rows;
}
