import { eachInPieces, type Pieces } from '../../lib/pieces';
import type { RememberedRow } from './rowMemory';
import { idAndAmount, type Unit } from './units';

/** The judgement of a read about the IDs of the bank. */
export interface Evidence {
  /** Whether IDs do not hold: they moved to other rows, or most of them changed. */
  readonly isLoose: boolean;
  /** Whether content is compared in place of IDs: they do not hold, or look like counters, which may begin again or move. */
  readonly isByContent: boolean;
  /** Whether the bank uses IDs again on other days. */
  readonly isReused: boolean;
  /** Whether an ID of the bank names rows that differ in sign, amount or currency. */
  readonly isShared: (bankId: string) => boolean;
  /** The same of booked rows alone: many banks book a pending row for another amount. */
  readonly isAmbiguous: (bankId: string) => boolean;
}

/**
 * Judges the IDs of the bank by a read and the memory. IDs do not hold if a known row is here with its content under another ID, and
 * more rows lost their IDs than kept them, or an ID was seen to name several amounts, or IDs look like counters.
 * Pending rows prove nothing: many banks give them other IDs and amounts when they are
 * booked. A return, with the ID of its payment and the opposite sign, proves nothing either.
 *
 * @param isCovered whether the read should have shown a known row
 */
export function* evidenceOf(
  units: readonly Unit[],
  known: readonly RememberedRow[],
  isCovered: (row: RememberedRow) => boolean,
  before: { readonly isLoose: boolean; readonly isReused: boolean },
): Pieces<Evidence> {
  const { shared, sharedByBooked, isDoubtful, isReused } = yield* usesOf(units, known);
  const flags = {
    isReused: before.isReused || isReused,
    isShared: (bankId: string) => shared.has(bankId),
    isAmbiguous: (bankId: string) => sharedByBooked.has(bankId),
  };
  if (before.isLoose) return { ...flags, isLoose: true, isByContent: true };
  // Nothing can have changed.
  if (known.length === 0) return { ...flags, isLoose: false, isByContent: false };
  const areCounters = yield* areMostCounters(units);
  // If IDs are known to move, no complete list is needed to see that they did.
  const mayMove = isDoubtful || areCounters;
  const { changed, kept, gone } = yield* changesOf(units, known, isCovered, mayMove);
  const haveMostChanged = gone > kept && (kept === 0 || changed * 2 >= gone);
  const isLoose = changed > 0 && (mayMove || haveMostChanged);
  return { ...flags, isLoose, isByContent: isLoose || areCounters };
}

function* areMostCounters(units: readonly Unit[]): Pieces<boolean> {
  let [named, counters] = [0, 0];
  yield* eachInPieces(units, ({ shown, isCounter }) => {
    if (shown.bankId !== '') named++;
    if (isCounter) counters++;
  });
  return counters * 2 > named;
}

function* usesOf(units: readonly Unit[], known: readonly RememberedRow[]) {
  const firsts = new Map<string, Named>();
  const shared = new Set<string>();
  /** The first booked rows, unless they are the first ones of all. */
  const booked = new Map<string, Named>();
  const sharedByBooked = new Set<string>();
  let [isDoubtful, isReused] = [false, false];
  const add = (row: Named) => {
    const { bankId, amount, day, state } = row;
    if (bankId === '') return;
    const before = firsts.get(bankId);
    if (!before) {
      firsts.set(bankId, row);
      return;
    }
    if (before.amount !== amount) shared.add(bankId);
    if (state !== 'booked') return;
    const first = before.state === 'booked' ? before : booked.get(bankId);
    if (!first) booked.set(bankId, row);
    if (!first || first.amount === amount) return;
    sharedByBooked.add(bankId);
    // Not a return: it differs in more than the sign.
    if (first.amount.slice(1) === amount.slice(1)) return;
    isDoubtful = true;
    isReused ||= first.day !== day;
  };
  yield* eachInPieces(units, ({ shown }) => add(shown));
  yield* eachInPieces(known, add);
  return { shared, sharedByBooked, isDoubtful, isReused };
}

/** A row of a read or of the memory, as far as its ID is concerned. */
type Named = Pick<RememberedRow, 'bankId' | 'amount' | 'day' | 'state'>;

/** The IDs of known rows. */
interface Changes {
  /** Number of rows that are here with their content, under other IDs. */
  readonly changed: number;
  /** Number of rows that kept their IDs. */
  readonly kept: number;
  /** Number of rows whose IDs are not here. */
  readonly gone: number;
}

function* changesOf(
  units: readonly Unit[],
  known: readonly RememberedRow[],
  isCovered: (row: RememberedRow) => boolean,
  isAny: boolean,
): Pieces<Changes> {
  const held = new Set<string>();
  yield* eachInPieces(units, (unit) => {
    for (const name of namesOf(unit.shown, unit.isCounter)) held.add(name);
  });
  const own = new Set<string>();
  /** Number of known rows of a content whose IDs are not in the read. */
  const missing = new Map<string, number>();
  let [kept, gone] = [0, 0];
  yield* eachInPieces(known, (row) => {
    if (row.bankId === '') return;
    for (const name of namesOf(row, false)) own.add(name);
    if (row.state !== 'booked' || !(isAny || isCovered(row))) return;
    if (namesOf(row, false).some((name) => held.has(name))) {
      kept++;
      return;
    }
    // It was gone before.
    if (row.isAbsent && !isAny) return;
    gone++;
    const content = row.amount + row.day;
    missing.set(content, (missing.get(content) ?? 0) + 1);
  });
  let changed = 0;
  yield* eachInPieces(units, ({ shown, isCounter }) => {
    if (shown.bankId === '' || shown.state !== 'booked') return;
    const content = shown.amount + shown.day;
    const left = missing.get(content) ?? 0;
    if (left === 0 || namesOf(shown, isCounter).some((name) => own.has(name))) return;
    missing.set(content, left - 1);
    changed++;
  });
  return { changed, kept, gone };
}

/** The names under which a row is found again. A counter on another day may be another row. */
function namesOf(
  shown: { readonly bankId: string; readonly amount: string; readonly day: string },
  isOfDay: boolean,
): string[] {
  const name = idAndAmount(shown);
  return isOfDay ? [`${name} ${shown.day}`] : [name, `${name} ${shown.day}`];
}
