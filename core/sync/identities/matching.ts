import { eachInPieces, type Pieces } from '../../lib/pieces';
import type { Evidence } from './evidence';
import { contentOf, ownName, Pairs, type Content, type Matches } from './pairs';
import type { RememberedRow } from './rowMemory';
import { idAndAmount, type Unit } from './units';

/**
 * Finds the known row that each row of a read is. If IDs hold, an ID decides; content decides between rows of which one has no ID. If IDs do
 * not hold, content alone decides: day, amount, currency, and reference. Equal rows are paired, so that three rows of which two are known
 * make one new row. Texts only decide between equal rows, and for a row that a complete read lacked before: another text is another row then.
 *
 * @param awaited numbers of known rows: of equal ones that no ID tells apart, the read shows these rather than the others
 */
export function* matchesOf(
  units: readonly Unit[],
  known: readonly RememberedRow[],
  evidence: Evidence,
  awaited: ReadonlySet<number> = new Set(),
): Pieces<Matches> {
  const pairs = new Pairs(units, known);
  yield* pairAll(pairs, units, known, evidence);
  if (awaited.size > 0) yield* pairs.prefer(awaited);
  return pairs.matches;
}

function* pairAll(
  pairs: Pairs,
  units: readonly Unit[],
  known: readonly RememberedRow[],
  evidence: Evidence,
): Pieces<void> {
  if (evidence.isByContent) {
    yield* byContent(
      pairs,
      (unit) => [unit.shown.bankId, ''],
      (row) => [row.bankId, ''],
    );
    // An ID that does not hold still counts if it came with the same text.
    yield* byIdOfOtherDay(pairs, evidence, true);
    return;
  }
  const without = yield* returning(units);
  yield* bySameId(pairs, 'exact', without);
  yield* byContentOfMovedIds(pairs, known);
  yield* bySameId(pairs, 'any', without);
  yield* byIdOfOtherDay(pairs, evidence, false);
  const withId = (bankId: string) => (bankId === '' ? [] : ['']);
  const withoutId = (bankId: string) => (bankId === '' ? [''] : []);
  const kinds = [
    [withoutId, withoutId],
    [withoutId, withId],
    [withId, withoutId],
  ] as const;
  for (const [ofUnit, ofKnown] of kinds) {
    yield* byContent(
      pairs,
      ({ shown }) => ofUnit(shown.bankId),
      ({ bankId }) => ofKnown(bankId),
    );
  }
  yield* bySameId(pairs, 'any', new Set());
}

/** The contents of the rows that came without an ID. */
function* returning(units: readonly Unit[]): Pieces<ReadonlySet<string>> {
  const contents = new Set<string>();
  yield* eachInPieces(units, ({ shown }) => {
    if (shown.bankId === '') contents.add(contentOf(shown, shown.text));
  });
  return contents;
}

/**
 * Pairs rows with the same ID, amount and day.
 *
 * @param text whether reference and text must be the same, too
 * @param returning contents. If a row that came without an ID is here again as it was, an ID that content alone gave to it is not its own.
 */
function* bySameId(
  pairs: Pairs,
  text: 'exact' | 'any',
  returning: ReadonlySet<string>,
): Pieces<void> {
  const isExact = text === 'exact';
  const nameOf = (row: Content & { bankId: string }, own: string) => {
    if (row.bankId === '') return undefined;
    return isExact ? row.bankId + contentOf(row, own) : `${idAndAmount(row)} ${row.day}`;
  };
  const isOwn = (row: RememberedRow) => !row.isAdopted || !returning.has(contentOf(row, row.text));
  for (const which of ['text', 'lastText'] as const) {
    yield* pairs.pair(
      ({ shown }) => nameOf(shown, shown.text),
      (row) => (isOwn(row) || (isExact && which === 'text') ? nameOf(row, row[which]) : undefined),
    );
    if (!isExact) return;
  }
}

/**
 * Pairs rows of the same content and text if the ID of the known row is at a row with another text or reference now. Either the bank has moved
 * its IDs, and the row with the ID is a new payment. Or the bank has changed the known row, and the row with its former content is a new payment.
 * So both count: the one as a new row, the other as doubtful. Only if a row came under the ID of another known row, the IDs were certainly moved.
 */
function* byContentOfMovedIds(pairs: Pairs, known: readonly RememberedRow[]): Pieces<void> {
  const moved = yield* pairs.idsInRead();
  const own = yield* pairs.ownNamesKnown();
  const nameOf = (row: Content & { bankId: string }, text: string) =>
    row.bankId === '' ? undefined : contentOf(row, text);
  // A row that has its ID and its text is the same row: the bank has only changed its date.
  const isMoved = (row: RememberedRow) =>
    moved.has(idAndAmount(row)) &&
    !moved.has(ownName(row, row.text)) &&
    !moved.has(ownName(row, row.lastText));
  const found: Unit[] = [];
  for (const text of ['text', 'lastText'] as const) {
    const paired = yield* pairs.pair(
      ({ shown }) => (own.has(ownName(shown, shown.text)) ? undefined : nameOf(shown, shown.text)),
      (row) => (isMoved(row) ? nameOf(row, row[text]) : undefined),
    );
    for (const unit of paired) found.push(unit);
  }
  if (found.length === 0) return;
  const ids = new Set<string>();
  yield* eachInPieces(known, (row) => ids.add(idAndAmount(row)));
  if (found.some(({ shown }) => ids.has(idAndAmount(shown)))) return;
  for (const unit of found) pairs.doubtful.add(unit);
}

/** Pairs rows that have the same ID and amount, and another date. @param withText whether they must also have the same text */
function* byIdOfOtherDay(
  pairs: Pairs,
  { isReused, isAmbiguous }: Evidence,
  withText: boolean,
): Pieces<void> {
  if (isReused) return;
  yield* pairs.pair(
    // Such an ID may name another row on another day.
    ({ shown, isCounter }) =>
      shown.bankId === '' || isCounter || isAmbiguous(shown.bankId)
        ? undefined
        : idAndAmount(shown) + (withText ? shown.text : ''),
    (row) => (row.bankId === '' ? undefined : idAndAmount(row) + (withText ? row.lastText : '')),
  );
}

/** Kinds of rows that take part in a comparison by content: each name begins with one of them. The best comes first. */
type KindsOf<Row> = (row: Row) => readonly string[];

/** Pairs rows with the same content: the best agreement first. */
function* byContent(
  pairs: Pairs,
  kindsOfUnit: KindsOf<Unit>,
  kindsOfKnown: KindsOf<RememberedRow>,
): Pieces<void> {
  if (pairs.isDone) return;
  const candidates = yield* pairs.ofSameAmounts();
  for (const { text, isSameState } of STEPS) {
    for (const rank of [0, 1]) {
      if (pairs.isDone) return;
      const found = yield* pairs.pair(
        (unit) => {
          const kind = kindsOfUnit(unit)[rank];
          if (kind === undefined) return undefined;
          const { shown } = unit;
          const own = text === 'any' ? '' : shown.text;
          return `${kind} ${isSameState ? shown.state : ''} ${contentOf(shown, own)}`;
        },
        (known) => {
          const kind = kindsOfKnown(known)[rank];
          if (kind === undefined) return undefined;
          // An absent row may have been another row again, or its day may have changed: then a row with another text is another row.
          // And so is a pending row with another text than a booked one.
          const isOther = known.isAbsent || (known.state === 'booked' && !isSameState);
          if (text === 'any' && isOther) return undefined;
          const own = { first: known.text, last: known.lastText, any: '' }[text];
          const state = known.state === 'ended' ? 'pending' : known.state;
          return `${kind} ${isSameState ? state : ''} ${contentOf(known, own)}`;
        },
        candidates,
      );
      for (const unit of found) pairs.byContent.add(unit);
      if (text !== 'first') yield* pairs.noteRewritten(found);
    }
  }
}

/** One comparison by content. */
interface Step {
  readonly text: 'first' | 'last' | 'any';
  readonly isSameState: boolean;
}

const STEPS: readonly Step[] = (['first', 'last', 'any'] as const).flatMap((text) =>
  [true, false].map((isSameState) => ({ text, isSameState })),
);
