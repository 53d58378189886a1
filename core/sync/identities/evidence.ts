import { eachInPieces, type Pieces } from '../../lib/pieces';
import type { Known } from './rowMemory';
import { idAndAmount, type Unit } from './units';

/** What a read says about the IDs of the bank. */
export interface Evidence {
  /** Whether IDs do not hold: they moved to other rows, or most of them changed. */
  readonly isLoose: boolean;
  /** Whether content is compared in place of IDs: they do not hold, or look like counters, which may begin again or move. */
  readonly isByContent: boolean;
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
 * Judges the IDs of the bank by a read and the memory. IDs do not hold if known rows are here with their content under other IDs, and these
 * are more than the rows that kept their IDs, or an ID was seen to name several amounts, or IDs look like counters.
 * Pending rows prove nothing: many banks give them other IDs and amounts when they are
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
  const { shared, isDoubtful, isReused } = yield* usesOf(units, known);
  const isShared = (bankId: string) => shared.has(bankId);
  const flags = { isReused: before.isReused || isReused, isShared };
  if (before.isLoose) return { ...flags, isLoose: true, isByContent: true };
  const areCounters = yield* areMostCounters(units);
  // If IDs are known to move, no complete list is needed to see that they did.
  const mayMove = isDoubtful || areCounters;
  const isExpected = mayMove ? () => true : isCovered;
  const { changed, kept } = yield* changesOf(units, known, isExpected);
  const isLoose = changed > 0 && (mayMove || changed > kept);
  return { ...flags, isLoose, isByContent: isLoose || areCounters };
}

function* areMostCounters(units: readonly Unit[]): Pieces<boolean> {
  let [named, counters] = [0, 0];
  yield* eachInPieces(units, ({ marks, isCounter }) => {
    if (marks.bankId !== '') named++;
    if (isCounter) counters++;
  });
  return counters * 2 > named;
}

function* usesOf(units: readonly Unit[], known: readonly Known[]) {
  const uses = new Map<string, Use>();
  const shared = new Set<string>();
  let [isDoubtful, isReused] = [false, false];
  const add = (bankId: string, use: Use) => {
    if (bankId === '') return;
    const first = uses.get(bankId);
    if (!first) {
      uses.set(bankId, use);
      return;
    }
    if (first.amount === use.amount) return;
    shared.add(bankId);
    if (!first.isBooked || !use.isBooked || !differ(first, use)) return;
    isDoubtful = true;
    isReused ||= first.day !== use.day;
  };
  yield* eachInPieces(units, ({ marks: { bankId, amount, day, state } }) =>
    add(bankId, { amount, day, isBooked: state === 'booked' }),
  );
  yield* eachInPieces(known, ({ bankId, amount, day, state }) =>
    add(bankId, { amount, day, isBooked: state === 'booked' }),
  );
  return { shared, isDoubtful, isReused };
}

/** Whether two rows differ in more than the sign. */
function differ(one: { readonly amount: string }, other: { readonly amount: string }): boolean {
  return one.amount.slice(1) !== other.amount.slice(1);
}

/** The IDs of known rows. */
interface Changes {
  /** Number of rows that are here with their content, under other IDs. */
  readonly changed: number;
  /** Number of rows that kept their IDs. */
  readonly kept: number;
}

function* changesOf(
  units: readonly Unit[],
  known: readonly Known[],
  isExpected: (row: Known) => boolean,
): Pieces<Changes> {
  const held = new Set<string>();
  yield* eachInPieces(units, (unit) => {
    for (const name of namesOf(unit.marks, unit.isCounter)) held.add(name);
  });
  const own = new Set<string>();
  /** Number of known rows of a content whose IDs are not in the read. */
  const missing = new Map<string, number>();
  let kept = 0;
  yield* eachInPieces(known, (row) => {
    if (row.bankId === '') return;
    for (const name of namesOf(row, false)) own.add(name);
    if (row.state !== 'booked' || !isExpected(row)) return;
    if (namesOf(row, false).some((name) => held.has(name))) {
      kept++;
      return;
    }
    const content = row.amount + row.day;
    missing.set(content, (missing.get(content) ?? 0) + 1);
  });
  let changed = 0;
  yield* eachInPieces(units, ({ marks, isCounter }) => {
    if (marks.bankId === '' || marks.state !== 'booked') return;
    const content = marks.amount + marks.day;
    const left = missing.get(content) ?? 0;
    if (left === 0 || namesOf(marks, isCounter).some((name) => own.has(name))) return;
    missing.set(content, left - 1);
    changed++;
  });
  return { changed, kept };
}

/** The names under which a row is found again. A counter on another day may be another row. */
function namesOf(
  marks: { readonly bankId: string; readonly amount: string; readonly day: string },
  isOfDay: boolean,
): string[] {
  const name = idAndAmount(marks);
  return isOfDay ? [`${name} ${marks.day}`] : [name, `${name} ${marks.day}`];
}
