import { eachInPieces, type Pieces } from '../../lib/pieces';
import type { Digests } from './digests';
import type { RememberedRow } from './rowMemory';
import type { Unit } from './units';

/**
 * The pending row that each new booked row was, if it can be told: a pending row that is gone, of the same sign and currency, with the same
 * amount or the same first word, and booked on its day or later. There must be one candidate only, on both sides.
 *
 * @param gone pending rows that the read should have shown, and did not
 */
export function* pendingRowsOf(
  booked: readonly Unit[],
  gone: readonly RememberedRow[],
  digests: Digests,
): Pieces<ReadonlyMap<Unit, RememberedRow>> {
  const byAmount = new Map<string, RememberedRow[]>();
  const byLikeness = new Map<string, RememberedRow[]>();
  yield* eachInPieces(gone, (row) => {
    add(byAmount, row.amount, row);
    if (row.likeness !== '') add(byLikeness, row.likeness, row);
  });
  const one = new Map<Unit, RememberedRow>();
  /** How many booked rows each pending row may have become. */
  const claims = new Map<RememberedRow, number>();
  yield* eachInPieces(booked, (unit) => {
    const { amount, day } = unit.shown;
    const likeness = digests.likeness(unit.row);
    const like = likeness === '' ? [] : (byLikeness.get(likeness) ?? []);
    const candidates = new Set<RememberedRow>();
    for (const row of [...few(byAmount.get(amount) ?? []), ...few(like)]) {
      if (day === '' || row.since <= day) candidates.add(row);
    }
    for (const row of candidates) claims.set(row, (claims.get(row) ?? 0) + 1);
    const [only] = candidates;
    if (only && candidates.size === 1) one.set(unit, only);
  });
  for (const [unit, row] of one) if (claims.get(row) !== 1) one.delete(unit);
  return one;
}

/** Candidates beyond this number are as many as two: none is the one. */
const MANY = 20;

function few(rows: readonly RememberedRow[]): readonly RememberedRow[] {
  return rows.length > MANY ? rows.slice(0, MANY) : rows;
}

function add(rows: Map<string, RememberedRow[]>, name: string, row: RememberedRow): void {
  const others = rows.get(name);
  if (others) others.push(row);
  else rows.set(name, [row]);
}
