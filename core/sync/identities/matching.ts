import { eachInPieces, type Pieces } from '../../lib/pieces';
import type { Evidence } from './evidence';
import type { RememberedRow } from './rowMemory';
import { idAndAmount, type Unit } from './units';

/** The known row that each row of the read is. */
export type Matches = ReadonlyMap<Unit, RememberedRow>;

/** The name of a row in a comparison; `undefined` if it takes no part. Rows with the same name are paired in their order. */
type NameOf<Row> = (row: Row) => string | undefined;

/** The open rows of a read and of the memory. Each row has one partner at most. */
class Pairs {
  readonly made = new Map<Unit, RememberedRow>();

  #units: readonly Unit[];

  #known: readonly RememberedRow[];

  constructor(units: readonly Unit[], known: readonly RememberedRow[]) {
    this.#units = units;
    this.#known = known;
  }

  get isDone(): boolean {
    return this.#units.length === 0 || this.#known.length === 0;
  }

  /** The IDs, with amounts, of open rows of the read, and the same with their reference and text. */
  *idsInRead(): Pieces<ReadonlySet<string>> {
    const ids = new Set<string>();
    yield* eachInPieces(this.#units, ({ shown }) => {
      if (shown.bankId === '') return;
      ids.add(idAndAmount(shown)).add(ownName(shown, shown.text));
    });
    return ids;
  }

  /** The same of open known rows, each with its reference and text. */
  *ownNamesKnown(): Pieces<ReadonlySet<string>> {
    const names = new Set<string>();
    yield* eachInPieces(this.#known, (row) => {
      if (row.bankId !== '') names.add(ownName(row, row.text)).add(ownName(row, row.lastText));
    });
    return names;
  }

  /** Known rows of the days and amounts of open rows. Mostly there are few. */
  *ofSameAmounts(): Pieces<ReadonlySet<RememberedRow>> {
    const names = new Set<string>();
    yield* eachInPieces(this.#units, ({ shown }) => names.add(shown.amount + shown.day));
    const same = new Set<RememberedRow>();
    yield* eachInPieces(this.#known, (known) => {
      if (names.has(known.amount + known.day)) same.add(known);
    });
    return same;
  }

  /** Pairs the rows that have the same name. */
  *pair(
    nameOfUnit: NameOf<Unit>,
    nameOfKnown: NameOf<RememberedRow>,
    candidates: Iterable<RememberedRow> = this.#known,
  ): Pieces<void> {
    if (this.isDone) return;
    const waiting = new Map<string, Unit[]>();
    yield* eachInPieces(this.#units, (unit) => {
      const name = nameOfUnit(unit);
      if (name === undefined) return;
      const others = waiting.get(name);
      if (others) others.push(unit);
      else waiting.set(name, [unit]);
    });
    if (waiting.size === 0) return;
    const taken = new Map<string, number>();
    const paired = new Set<RememberedRow>();
    yield* eachInPieces(candidates, (known) => {
      if (known.isFound) return;
      const name = nameOfKnown(known);
      const units = name === undefined ? undefined : waiting.get(name);
      if (!units) return;
      const at = taken.get(name!) ?? 0;
      const unit = units[at];
      if (!unit) return;
      taken.set(name!, at + 1);
      this.made.set(unit, known);
      known.isFound = true;
      paired.add(known);
    });
    if (paired.size === 0) return;
    this.#units = yield* openIn(this.#units, this.made);
    this.#known = yield* openIn(this.#known, paired);
  }
}

/** The rows that have no partner. */
function* openIn<Row>(
  rows: readonly Row[],
  paired: { readonly has: (row: Row) => boolean },
): Pieces<Row[]> {
  const open: Row[] = [];
  yield* eachInPieces(rows, (row) => {
    if (!paired.has(row)) open.push(row);
  });
  return open;
}

/**
 * Finds the known row that each row of a read is. If IDs hold, an ID decides; content decides between rows of which one has no ID. If IDs do
 * not hold, content alone decides: day, amount, currency, and reference. Equal rows are paired, so that three rows of which two are known
 * make one new row. Texts only decide between equal rows, and for a row that a complete read lacked before: another text is another row then.
 */
export function* matchesOf(
  units: readonly Unit[],
  known: readonly RememberedRow[],
  evidence: Evidence,
): Pieces<Matches> {
  const pairs = new Pairs(units, known);
  if (evidence.isByContent) {
    yield* byContent(
      pairs,
      (unit) => [unit.shown.bankId, ''],
      (row) => [row.bankId, ''],
    );
    // An ID that does not hold still counts if it came with the same text.
    yield* byIdOfOtherDay(pairs, evidence, true);
    return pairs.made;
  }
  const without = yield* returning(units);
  yield* bySameId(pairs, 'exact', without);
  yield* byContentOfMovedIds(pairs);
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
  return pairs.made;
}

/** A row by its ID, amount, reference and text, whatever its day. */
function ownName(row: Content & { bankId: string }, text: string): string {
  return `${idAndAmount(row)} ${row.reference} ${text}`;
}

/** The content of a row. */
interface Content {
  readonly amount: string;
  readonly day: string;
  readonly reference: string;
}

function contentOf({ amount, day, reference }: Content, text = ''): string {
  return `${amount} ${day} ${reference} ${text}`;
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
 * Pairs rows of the same content and text if the ID of the known row is at a row with another text or reference now: the bank may have moved its IDs. If it
 * changed the row, and an equal one took its place, nothing is lost either.
 */
function* byContentOfMovedIds(pairs: Pairs): Pieces<void> {
  const moved = yield* pairs.idsInRead();
  const own = yield* pairs.ownNamesKnown();
  const nameOf = (row: Content & { bankId: string }, text: string) =>
    row.bankId === '' ? undefined : contentOf(row, text);
  // A row that has its ID and its text is the same row: the bank has only changed its date.
  const isMoved = (row: RememberedRow) =>
    moved.has(idAndAmount(row)) &&
    !moved.has(ownName(row, row.text)) &&
    !moved.has(ownName(row, row.lastText));
  for (const text of ['text', 'lastText'] as const) {
    yield* pairs.pair(
      ({ shown }) => (own.has(ownName(shown, shown.text)) ? undefined : nameOf(shown, shown.text)),
      (row) => (isMoved(row) ? nameOf(row, row[text]) : undefined),
    );
  }
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
      yield* pairs.pair(
        (unit) => {
          const kind = kindsOfUnit(unit)[rank];
          if (kind === undefined) return undefined;
          const { shown } = unit;
          const own = text === 'any' ? '' : shown.text;
          return `${kind} ${isSameState ? shown.state : ''} ${contentOf(shown, own)}`;
        },
        (known) => {
          const kind = kindsOfKnown(known)[rank];
          // An absent row may have been another row again, or its day may have changed: then a row with another text is another row.
          if (kind === undefined || (text === 'any' && known.isAbsent)) return undefined;
          const own = { first: known.text, last: known.lastText, any: '' }[text];
          const state = known.state === 'ended' ? 'pending' : known.state;
          return `${kind} ${isSameState ? state : ''} ${contentOf(known, own)}`;
        },
        candidates,
      );
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
