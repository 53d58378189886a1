import { eachInPieces, PIECE, type Pieces } from '../../lib/pieces';
import type { RowDigests } from './digests';
import type { Sighting } from './facts';
import { isLater } from './rowOrder';
import { isCounter } from './recipe';

/** A row of a read that can be read. */
export interface Unit {
  /** Its index among the rows of the read. */
  readonly index: number;
  readonly row: Sighting;
  readonly shown: RowDigests;
  /** Whether its ID looks like a number that the bank may use again. */
  readonly isCounter: boolean;
}

/** The rows of a read that can be read. */
export function* unitsOf(
  rows: readonly (Sighting | undefined)[],
  digests: { digestsOf(row: Sighting): RowDigests },
): Pieces<Unit[]> {
  const units: Unit[] = [];
  const take = (row: Sighting | undefined, index: number) => {
    if (!row || row.amount === '') return;
    units.push({ index, row, shown: digests.digestsOf(row), isCounter: isCounter(row) });
  };
  yield* eachInPieces(rows, take, PIECE / 4);
  return units;
}

/** The same row under an ID of the bank: the ID is an identity only together with sign, amount and currency. */
export function idAndAmount({ bankId, amount }: Pick<RowDigests, 'bankId' | 'amount'>): string {
  return `${bankId}\0${amount}`;
}

/** Rows without those that are another row of the read again. */
export interface Distinct {
  readonly units: readonly Unit[];
  readonly repeated: number;
}

/**
 * Leaves out rows that came again under their ID. It trusts no ID that names several transactions: a row too many is better than one too few.
 *
 * @param isTrusted whether an ID names one transaction, as far as is known
 * @param isReused whether the bank uses IDs again on other days
 */
export function* distinct(
  units: readonly Unit[],
  isTrusted: (unit: Unit) => boolean,
  isReused: boolean,
): Pieces<Distinct> {
  const firsts = new Map<string, Unit>();
  /** Those that came several times. Mostly there are none. */
  const repeated = new Map<string, Unit[]>();
  yield* eachInPieces(units, (unit) => {
    if (unit.shown.bankId === '' || !isTrusted(unit)) return;
    // A counter of pending rows may be another one than that of booked rows.
    const name = idAndAmount(unit.shown) + (unit.isCounter ? unit.shown.state : '');
    const first = firsts.get(name);
    const same = repeated.get(name);
    if (same) same.push(unit);
    else if (first) repeated.set(name, [first, unit]);
    else firsts.set(name, unit);
  });
  const dropped = new Set<Unit>();
  yield* eachInPieces(repeated.values(), (same) => {
    const days = new Set(same.map(({ shown }) => shown.day));
    if (days.size > 1 && (isReused || same[0]!.isCounter)) return;
    const last = same.reduce((one, other) => (isLater(other.row, one.row) ? other : one));
    for (const unit of same) if (unit !== last) dropped.add(unit);
  });
  const left = dropped.size === 0 ? units : units.filter((unit) => !dropped.has(unit));
  return { units: left, repeated: dropped.size };
}
