import { eachInPieces, PIECE, type Pieces } from '../../lib/pieces';
import type { Evidence } from './evidence';
import { dayOf, type Identity, type Sighting } from './facts';
import { inOrder } from './rowOrder';
import { fingerprint } from './recipe';
import type { Unit } from './units';

/** The facts that decide whether a new row has the bank's ID. */
export interface IdRules {
  readonly evidence: Evidence;
  /** Whether reads before have shown that the bank uses IDs again: any ID may come again when this row is forgotten. */
  readonly wasReused: boolean;
  /** All IDs of the account. Those of the new rows are added. */
  readonly taken: Set<string>;
}

/**
 * The IDs of new rows: the bank's ID if no other row of the account has it, else a fingerprint with the first ordinal that is free.
 *
 * @param rows those of the read: texts order new rows that are equal
 * @returns an identity for the row of each unit, by its index; `undefined` for the other rows
 */
export function* newIdentities(
  units: readonly Unit[],
  rows: readonly (Sighting | undefined)[],
  accountKey: string,
  { evidence, wasReused, taken }: IdRules,
): Pieces<(Identity | undefined)[]> {
  const identities = new Array<Identity | undefined>(rows.length).fill(undefined);
  const others = new Map<string, Unit[]>();
  const mayHaveOwn = !evidence.isLoose && !wasReused;
  const again = mayHaveOwn ? yield* idsOfSeveralRows(units) : new Set<string>();
  let done = 0;
  for (const unit of units) {
    if (++done % PIECE === 0) yield;
    const { bankId } = unit.row;
    const isOwn =
      mayHaveOwn &&
      bankId !== undefined &&
      !again.has(bankId) &&
      !evidence.isShared(unit.shown.bankId) &&
      !taken.has(bankId);
    if (isOwn) {
      taken.add(bankId);
      identities[unit.index] = { id: bankId, source: 'bank' };
      continue;
    }
    const { amount, currency, reference = '' } = unit.row;
    const content = JSON.stringify([dayOf(unit.row), amount, currency, reference]);
    const equals = others.get(content);
    if (equals) equals.push(unit);
    else others.set(content, [unit]);
  }
  for (const equals of others.values()) {
    let ordinal = 0;
    for (const unit of yield* numbered(equals, rows)) {
      if (++done % PIECE === 0) yield;
      let identity = fingerprint(unit.row, accountKey, ordinal++);
      while (taken.has(identity.id)) {
        if (++done % PIECE === 0) yield;
        identity = fingerprint(unit.row, accountKey, ordinal++);
      }
      taken.add(identity.id);
      identities[unit.index] = identity;
    }
  }
  return identities;
}

/** The IDs that several of the rows have. */
function* idsOfSeveralRows(units: readonly Unit[]): Pieces<ReadonlySet<string>> {
  const once = new Set<string>();
  const again = new Set<string>();
  yield* eachInPieces(units, ({ row: { bankId } }) => {
    if (bankId === undefined) return;
    if (once.has(bankId)) again.add(bankId);
    else once.add(bankId);
  });
  return again;
}

/** Equal rows in the order of their ordinals. */
function* numbered(
  units: readonly Unit[],
  rows: readonly (Sighting | undefined)[],
): Pieces<readonly Unit[]> {
  if (units.length === 1) return units;
  const byIndex = new Map(units.map((unit) => [unit.index, unit]));
  const textOf = (index: number) => rows[index]!.text;
  const ordered = yield* inOrder([...byIndex.keys()], rows as readonly Sighting[], textOf);
  return ordered.map((index) => byIndex.get(index)!);
}
