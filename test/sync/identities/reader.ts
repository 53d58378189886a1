import type { RawRow } from '../../../core/accounts/simplified/rawRow';
import { sightingsOf } from '../../../core/accounts/simplified/sightings';
import { Remarks } from '../../../core/lib/remarks';
import { isFinal, type Sighting } from '../../../core/sync/identities/facts';
import { emptyRows, type KnownRows } from '../../../core/sync/identities/knownRows';
import { lookedUp } from '../../../core/sync/identities/lookedUp';
import type { AccountRead, Observation } from '../../../core/sync/identities/observation';
import { observed } from '../../../core/sync/identities/observed';
import { atOnce } from '../../accounts/simplified/rows';

/** The options of a read of {@link Reader}. Days are of March 2026. */
export interface ReadOptions {
  readonly today?: string;
  readonly from?: string;
  readonly isComplete?: boolean;
  readonly wideDays?: number;
}

/** The rows that a workflow gets from a read if it wants final rows alone. */
export interface Handed {
  readonly id: string;
  readonly source: string;
  readonly amount: string;
  readonly day: string;
  readonly was?: string;
}

/** Reads an account again and again. The memory is JSON between two reads. */
export class Reader {
  known: KnownRows = emptyRows();

  readonly #booked = new Set<number>();

  constructor(readonly accountKey = 'A-1') {}

  /** One read, with what it says. */
  observe(rows: readonly RawRow[], options: ReadOptions = {}): Observation {
    return this.#observe(sightings(rows), options);
  }

  /** One read, with the booked rows that it hands over. */
  hand(rows: readonly RawRow[], options: ReadOptions = {}): Handed[] {
    const seen = sightings(rows);
    const { given } = this.#observe(seen, options);
    return given.flatMap((one, at) => {
      const row = seen[at]!;
      if (!one || !isFinal(row) || (this.#booked.has(one.row) && !one.mayBeNew)) return [];
      this.#booked.add(one.row);
      const { id, source, was } = one;
      const { amount, bookedAt } = row;
      const origin = was ? { was: was.id } : {};
      return [{ id, source, amount, day: bookedAt.slice(0, 10), ...origin }];
    });
  }

  /** The amounts that a read hands over. */
  amounts(rows: readonly RawRow[], options?: ReadOptions): string[] {
    return this.hand(rows, options).map(({ amount }) => amount);
  }

  /** The IDs that another reader gives. */
  lookUp(rows: readonly RawRow[]): (string | undefined)[] {
    return atOnce(lookedUp(this.known, sightings(rows), this.accountKey)).map((one) => one?.id);
  }

  #observe(rows: readonly Sighting[], options: ReadOptions): Observation {
    const { today = '2026-03-10', from = '2026-02-20' } = options;
    const { isComplete = true, wideDays = 45 } = options;
    const read: AccountRead = { rows, isComplete, from, today, wideDays };
    const before = JSON.stringify(this.known);
    const observation = atOnce(observed(this.known, read, this.accountKey));
    // The memory that was given stays as it was: another process may have to repeat the comparison.
    if (JSON.stringify(this.known) !== before) throw new Error('the memory was changed in place');
    this.known = JSON.parse(JSON.stringify(observation.known)) as KnownRows;
    return observation;
  }
}

function sightings(rows: readonly RawRow[]): readonly Sighting[] {
  return atOnce(sightingsOf(rows, new Remarks()));
}

/** The members of a row for a booking day and its value date. */
export function on(day: string): { BookingDateTime: string } {
  return { BookingDateTime: `${day}T00:00:00+00:00` };
}
