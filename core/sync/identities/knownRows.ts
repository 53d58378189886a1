import { randomValue } from '../../lib/randomValue';

/**
 * The memory of an account: the rows that reads have shown, without transaction data. It is plain JSON. Digests are HMACs under a random key
 * of the account, cut to what keeps a hundred thousand rows apart.
 */
export interface KnownRows {
  /** 256 random bits in base64url: the key of all digests. */
  readonly key: string;
  /** The number of the next new row. */
  readonly next: number;
  /** Number of days on which a complete and wide read came. */
  readonly days: number;
  /** The last of these days; empty before the first. */
  readonly lastDay: string;
  /** Whether the bank's IDs do not hold: they were seen to move to other rows, or to change from read to read. */
  readonly isLoose: boolean;
  /** Whether the bank uses IDs again on other days. */
  readonly isReused: boolean;
  readonly rows: readonly KnownRow[];
}

/** A known row in JSON. Members that are empty at the end of the list are left out. */
export type KnownRow = readonly (string | number)[];

/** The memory of an account that was never read. Its random key is fresh. */
export function emptyRows(): KnownRows {
  return {
    key: randomValue(),
    next: 1,
    days: 0,
    lastDay: '',
    isLoose: false,
    isReused: false,
    rows: [],
  };
}

/** The numbers of the known rows that have one of the IDs. */
export function rowsWithIds(known: KnownRows, ids: ReadonlySet<string>): Map<string, number> {
  const rows = new Map<string, number>();
  for (const [row, id] of known.rows) {
    if (typeof id === 'string' && typeof row === 'number' && ids.has(id)) rows.set(id, row);
  }
  return rows;
}

/** The numbers of the known rows. */
export function numbersOf(known: KnownRows): number[] {
  return known.rows.map(([row]) => Number(row));
}
