import { eachInPieces, type Pieces } from '../../lib/pieces';
import type { RememberedRow } from './rowMemory';
import { idAndAmount, type Unit } from './units';

/** The known rows that the rows of a read are. */
export interface Matches {
  readonly rows: ReadonlyMap<Unit, RememberedRow>;
  /** Rows that may also be another payment than the known row that they equal. */
  readonly doubtful: ReadonlySet<Unit>;
  /**
   * For amounts, the last date of rows that were paired by their content although they have another text than the known row had at first. Each
   * may also be a new payment, and the known row another row of the amount, which the bank dates anew.
   */
  readonly rewritten: ReadonlyMap<string, string>;
}

/** The name of a row in a comparison; `undefined` if it takes no part. Rows with the same name are paired in their order. */
type NameOf<Row> = (row: Row) => string | undefined;

/** The open rows of a read and of the memory. Each row has one partner at most. */
export class Pairs {
  readonly made = new Map<Unit, RememberedRow>();

  /** See {@link Matches}. */
  readonly doubtful = new Set<Unit>();

  /** The rows that found their partners by their content. */
  readonly byContent = new Set<Unit>();

  /** See {@link Matches}. */
  readonly rewritten = new Map<string, string>();

  #units: readonly Unit[];

  #known: readonly RememberedRow[];

  constructor(units: readonly Unit[], known: readonly RememberedRow[]) {
    this.#units = units;
    this.#known = known;
  }

  get matches(): Matches {
    return { rows: this.made, doubtful: this.doubtful, rewritten: this.rewritten };
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

  /**
   * Gives rows that were paired by content to equal ones that have no partner, if these are among the awaited ones. Which of equal rows is gone
   * cannot be told, so it is not one of them.
   *
   * @param awaited numbers of known rows
   */
  *prefer(awaited: ReadonlySet<number>): Pieces<void> {
    const nameOf = (state: string, row: Content, text: string) =>
      `${state} ${contentOf(row, text)}`;
    const gone = new Map<string, RememberedRow[]>();
    yield* eachInPieces(this.#known, (row) => {
      if (!awaited.has(row.row)) return;
      const name = nameOf(row.state, row, row.lastText);
      const others = gone.get(name);
      if (others) others.push(row);
      else gone.set(name, [row]);
    });
    if (gone.size === 0) return;
    yield* eachInPieces(this.byContent, (unit) => {
      const known = this.made.get(unit)!;
      if (awaited.has(known.row)) return;
      const row = gone.get(nameOf(known.state, unit.shown, unit.shown.text))?.pop();
      if (!row) return;
      this.made.set(unit, row);
      row.isFound = true;
      known.isFound = false;
    });
  }

  /** Takes note of rows that found a partner with another first text, see {@link Matches}. */
  *noteRewritten(units: readonly Unit[]): Pieces<void> {
    yield* eachInPieces(units, (unit) => {
      const { amount, text } = unit.shown;
      const { bookedAt } = unit.row;
      if (this.made.get(unit)!.text === text) return;
      const last = this.rewritten.get(amount);
      if (last === undefined || last < bookedAt) this.rewritten.set(amount, bookedAt);
    });
  }

  /**
   * Pairs the rows that have the same name.
   *
   * @returns the rows of the read that found a partner
   */
  *pair(
    nameOfUnit: NameOf<Unit>,
    nameOfKnown: NameOf<RememberedRow>,
    candidates: Iterable<RememberedRow> = this.#known,
  ): Pieces<readonly Unit[]> {
    if (this.isDone) return [];
    const waiting = new Map<string, Unit[]>();
    yield* eachInPieces(this.#units, (unit) => {
      const name = nameOfUnit(unit);
      if (name === undefined) return;
      const others = waiting.get(name);
      if (others) others.push(unit);
      else waiting.set(name, [unit]);
    });
    if (waiting.size === 0) return [];
    const found: Unit[] = [];
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
      found.push(unit);
    });
    if (paired.size === 0) return [];
    this.#units = yield* openIn(this.#units, this.made);
    this.#known = yield* openIn(this.#known, paired);
    return found;
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

/** A row by its ID, amount, reference and text, whatever its day. */
export function ownName(row: Content & { bankId: string }, text: string): string {
  return `${idAndAmount(row)} ${row.reference} ${text}`;
}

/** The content of a row. */
export interface Content {
  readonly amount: string;
  readonly day: string;
  readonly reference: string;
}

export function contentOf({ amount, day, reference }: Content, text = ''): string {
  return `${amount} ${day} ${reference} ${text}`;
}
