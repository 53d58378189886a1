import type { Sighting } from '../../../core/sync/identities/facts';
import { emptyRows, type KnownRows } from '../../../core/sync/identities/knownRows';
import { observed } from '../../../core/sync/identities/observed';
import { atOnce } from '../../accounts/simplified/rows';
import { contentOf } from './readings';
import type { Shown } from './world';

/** A read as a tracker gets it. */
export interface TrackedRead {
  readonly rows: readonly Shown[];
  readonly isComplete: boolean;
  readonly from: string;
  readonly today: string;
  readonly wideDays: number;
}

/** The identity that a tracker gives to a row. */
export interface Tracked {
  readonly row: number | string;
  /** `transaction_id`. */
  readonly id: string;
  /** Whether it may also be another payment. */
  readonly mayBeNew?: boolean;
}

/** Tells of each row of an account which one it is. `undefined`: another row of the read again. */
export type Tracker = (read: TrackedRead) => readonly (Tracked | undefined)[];

/** The tracker of the product. */
export function identityTracker(accountKey: string): Tracker {
  let known: KnownRows = emptyRows();
  return ({ rows, ...read }) => {
    const observation = atOnce(
      observed(known, { ...read, rows: rows.map(sightingOf) }, accountKey),
    );
    // The memory is stored as JSON.
    known = JSON.parse(JSON.stringify(observation.known)) as KnownRows;
    expect(observation.given).toHaveLength(rows.length);
    return observation.given;
  };
}

/** Knows the truth. */
export const oracle = (): Tracker => (read) =>
  read.rows.map(({ number }) => ({ row: number, id: `n${number}` }));

/** Believes the bank's IDs, and the contents of rows without an ID. */
export const believer = (): Tracker => (read) =>
  read.rows.map((row) => {
    const key = row.id ?? contentOf(row);
    return { row: key, id: key };
  });

/** Takes rows of equal content for one. */
export const simplifier = (): Tracker => (read) =>
  read.rows.map((row) => ({ row: contentOf(row), id: contentOf(row) }));

/** Takes each row for a new one if its ID or its content changes. */
export const doubter = (): Tracker => (read) =>
  read.rows.map((row) => {
    const key = `${row.number} ${row.id} ${contentOf(row)} ${row.text}`;
    return { row: key, id: key };
  });

function sightingOf({ id, day, amount, text, status }: Shown): Sighting {
  return {
    ...{ bankId: id, reference: undefined, status, bookedAt: `${day}T00:00:00+00:00` },
    ...{ amount, currency: 'GBP', text, isMutable: false, label: text },
  };
}
