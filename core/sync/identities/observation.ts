import type { IdSource, Sighting } from './facts';
import type { KnownRows } from './knownRows';

/** One read of the transactions of an account: all its pages. */
export interface AccountRead {
  /** In the bank's order. `undefined`: a row whose amount cannot be read. */
  readonly rows: readonly (Sighting | undefined)[];
  /** Whether the bank gave everything that was asked for. */
  readonly isComplete: boolean;
  /** The first day that was asked for: `2026-03-02`. */
  readonly from: string;
  /** The day of the read: `2026-03-16`. */
  readonly today: string;
  /** Number of days that the widest reads of the account reach back. */
  readonly wideDays: number;
  /** Numbers of the known rows that a subscriber still has to be told of. If one of equal rows is gone that no ID tells apart, it is another one. */
  readonly awaited?: ReadonlySet<number>;
}

/** The identity that a row of a read has. */
export interface GivenIdentity {
  /** The number of the row in the memory. It is never used for another row. Of a new row that is only looked up, it is 0. */
  readonly row: number;
  /** The `transaction_id`. It never changes, and no other row of the account has it. */
  readonly id: string;
  readonly source: IdSource;
  /** Whether no read before has shown the row. */
  readonly isNew: boolean;
  /** Whether the row may also be another payment than the known row that it equals in everything but its ID: then nobody can tell. */
  readonly mayBeNew?: true;
  /** The last date of the known rows of which a new row may be one, dated anew: under its former date there is a row with another text. */
  readonly mayBeOf?: string;
  /** The pending row that this new booked row was, under another ID. No other row names it, and it is not among the vanished ones. */
  readonly was?: { readonly row: number; readonly id: string };
  /** Whether a row that is not final changed since the last read: day or texts. */
  readonly hasChanged: boolean;
}

/** The result of a read that was compared with the memory of its account. */
export interface Observation {
  /** The memory after the read. */
  readonly known: KnownRows;
  /** For each row of the read. `undefined`: it is another row of the read again, or cannot be read. */
  readonly given: readonly (GivenIdentity | undefined)[];
  /** Rows that were pending and came to an end without a booking: a complete read no longer has them, or they were rejected. */
  readonly vanished: readonly { readonly row: number; readonly id: string }[];
  /** Numbers of the rows that are not known any more. They never come again. */
  readonly forgotten: readonly number[];
  /** Sentences about what is odd but harmless. */
  readonly remarks: readonly string[];
}
