/** A store of the measure. */
export interface PlannedStore {
  /** The name of its ratio. */
  readonly ratio: string;
  /** Its name in tables. */
  readonly label: string;
  /** Whether its file is on a disk whose fsync takes long. */
  readonly isSlowDisk?: true;
  /** Milliseconds of a round trip to its PostgreSQL; `undefined` for SQLite. */
  readonly roundTrip?: number;
  /**
   * Milliseconds for each consent that the store needs at least: the sum of its waits, one after the other. `undefined` if it is compared with
   * the same refreshes without a store.
   */
  readonly limit?: number;
}

/** Milliseconds after which the bank answers. */
export const BANK_DELAY = 50;

/** Refreshes in flight at a bank. The package has the same limit. */
export const IN_FLIGHT = 32;

/** Statements that a refresh needs in PostgreSQL, and the connections that all refreshes share. */
const [STATEMENTS, CONNECTIONS] = [5, 5];

const overNetwork = (roundTrip: number): PlannedStore => ({
  ratio: `due_1000_postgres_${roundTrip}ms`,
  label: `PostgreSQL, round trip of ${roundTrip} ms`,
  roundTrip,
  limit: (roundTrip * STATEMENTS) / CONNECTIONS,
});

/** All stores, in the order in which they are measured. */
export const stores: readonly PlannedStore[] = [
  { ratio: 'due_1000_sqlite', label: 'SQLite' },
  {
    ratio: 'due_1000_slow_disk',
    label: 'SQLite, fsync takes 30 ms',
    isSlowDisk: true,
    // Four durable writes.
    limit: 4 * 30,
  },
  { ratio: 'due_1000_postgres_0ms', label: 'PostgreSQL on this machine', roundTrip: 0 },
  overNetwork(50),
  overNetwork(200),
];
