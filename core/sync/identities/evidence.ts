import { eachInPieces, type Pieces } from '../../lib/pieces';
import type { Known } from './rowMemory';
import { idAndAmount, type Unit } from './units';

/** What a read says about the IDs of the bank. */
export interface Evidence {
  /** Whether IDs do not hold: they moved to other rows, or most of them changed. Content is compared in place of them. */
  readonly isLoose: boolean;
  /** Whether the bank uses IDs again on other days. */
  readonly isReused: boolean;
  /** Whether an ID of the bank names rows that differ in sign, amount or currency. */
  readonly isShared: (bankId: string) => boolean;
}

/** The uses of one ID of the bank. */
interface Use {
  readonly amount: string;
  readonly day: string;
  readonly isBooked: boolean;
}

/**
 * Judges the IDs of the bank by a read and the memory. Pending rows prove nothing: many banks give them other IDs and amounts when they are
 * booked. A return, with the ID of its payment and the opposite sign, proves nothing either.
 *
 * @param isCovered whether the read should have shown a known row
 */
export function* evidenceOf(
  units: readonly Unit[],
  known: readonly Known[],
  isCovered: (row: Known) => boolean,
  before: { readonly isLoose: boolean; readonly isReused: boolean },
): Pieces<Evidence> {
  const { uses, shared, isReused } = yield* usesOf(units, known);
  const isShared = (bankId: string) => shared.has(bankId);
  const flags = { isReused: before.isReused || isReused, isShared };
  if (before.isLoose) return { ...flags, isLoose: true };
  return { ...flags, isLoose: yield* haveChanged(units, known, isCovered, uses) };
}

function* usesOf(units: readonly Unit[], known: readonly Known[]) {
  const uses = new Map<string, Use>();
  const shared = new Set<string>();
  let isReused = false;
  const add = (bankId: string, use: Use) => {
    if (bankId === '') return;
    const first = uses.get(bankId);
    if (!first) {
      uses.set(bankId, use);
      return;
    }
    if (first.amount === use.amount) return;
    shared.add(bankId);
    isReused ||= first.day !== use.day && first.isBooked && use.isBooked && differ(first, use);
  };
  yield* eachInPieces(units, ({ marks: { bankId, amount, day, state } }) =>
    add(bankId, { amount, day, isBooked: state === 'booked' }),
  );
  // Those of the read, before those of the memory are added.
  const ofRead = new Map(uses);
  yield* eachInPieces(known, ({ bankId, amount, day, state }) =>
    add(bankId, { amount, day, isBooked: state === 'booked' }),
  );
  return { uses: ofRead, shared, isReused };
}

/** Whether two rows differ in more than the sign. */
function differ(one: { readonly amount: string }, other: { readonly amount: string }): boolean {
  return one.amount.slice(1) !== other.amount.slice(1);
}

/**
 * Whether the bank changed the IDs of known rows: they are here with their content, under other IDs. It counts if they are most of the
 * rows that should be here, or if an ID of a known row now names another amount.
 */
function* haveChanged(
  units: readonly Unit[],
  known: readonly Known[],
  isCovered: (row: Known) => boolean,
  uses: ReadonlyMap<string, Use>,
): Pieces<boolean> {
  const held = new Set<string>();
  yield* eachInPieces(units, (unit) => {
    for (const name of namesOf(unit.marks, unit.isCounter)) held.add(name);
  });
  const own = new Set<string>();
  /** Number of known rows of a content whose IDs are not in the read. */
  const missing = new Map<string, number>();
  let expected = 0;
  let isMoved = false;
  yield* eachInPieces(known, (row) => {
    if (row.bankId === '') return;
    for (const name of namesOf(row, false)) own.add(name);
    if (row.state !== 'booked' || !isCovered(row)) return;
    expected++;
    if (namesOf(row, false).some((name) => held.has(name))) return;
    const content = row.amount + row.day;
    missing.set(content, (missing.get(content) ?? 0) + 1);
    const use = uses.get(row.bankId);
    isMoved ||= use !== undefined && use.isBooked && differ(use, row);
  });
  if (missing.size === 0) return false;
  let changed = 0;
  yield* eachInPieces(units, ({ marks, isCounter }) => {
    if (marks.bankId === '' || marks.state !== 'booked') return;
    const content = marks.amount + marks.day;
    const left = missing.get(content) ?? 0;
    if (left === 0 || namesOf(marks, isCounter).some((name) => own.has(name))) return;
    missing.set(content, left - 1);
    changed++;
  });
  return changed > 0 && (isMoved || changed * 2 > expected);
}

/** The names under which a row is found again. A counter on another day may be another row. */
function namesOf(
  marks: { readonly bankId: string; readonly amount: string; readonly day: string },
  isOfDay: boolean,
): string[] {
  const name = idAndAmount(marks);
  return isOfDay ? [`${name} ${marks.day}`] : [name, `${name} ${marks.day}`];
}
