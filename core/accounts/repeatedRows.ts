import { digest } from '../lib/digest';
import type { Remarks } from '../lib/remarks';
import type { ListMember } from './page';
import { isPlaceholder } from './simplified/identity';
import type { RawRow } from './simplified/rawRow';

/** The rows of a page that did not come on an earlier one. */
interface NewRows {
  readonly rows: readonly RawRow[];
  /** Whether each row of the page looks like one that came before. */
  readonly isStale: boolean;
}

/**
 * Finds rows that came on an earlier page: pages shift while they are read, and banks repeat pages.
 *
 * A row is the same if all its members are, and one of them is an ID, or the balance of the account after it. Without these, two equal rows
 * may be two equal payments, so both stay. Rows of one page are not compared with each other.
 */
export class RepeatedRows {
  /** The first row with each ID. */
  readonly #byId = new Map<string, RawRow>();

  /** How often each other row came, by its digest. */
  readonly #counts = new Map<string, number>();

  /** The rows of the first page. Most lists have no other, so they are not looked at before the second page comes. */
  #firstPage?: readonly RawRow[];

  /** If pages come again: how often each row without an ID came again, by its digest. */
  #again?: Map<string, number>;

  /** @param member the list in which the rows are */
  constructor(
    readonly member: ListMember,
    readonly remarks: Remarks,
  ) {}

  /** From here on, pages come that may have come before. */
  expectAgain(): void {
    this.#again = new Map();
  }

  /** Takes a page. */
  without(page: readonly RawRow[]): NewRows {
    if (!this.#firstPage) {
      this.#firstPage = page;
      return { rows: page, isStale: page.length === 0 };
    }
    this.#remember(this.#firstPage);
    this.#firstPage = [];
    const rows: RawRow[] = [];
    let equal = 0;
    for (const row of page) {
      const repetition = this.#repetitionOf(row);
      if (repetition !== 'same') rows.push(row);
      if (repetition === 'equal') equal++;
    }
    const same = page.length - rows.length;
    if (same > 0 && !this.#again) this.remarks.count(cameTwice, same);
    if (equal > 0) this.remarks.count(lookedEqual, equal);
    this.#remember(rows);
    return { rows: same === 0 ? page : rows, isStale: rows.length === equal };
  }

  /** Whether a row came on an earlier page, or looks equal to one that did. */
  #repetitionOf(row: RawRow): 'new' | 'same' | 'equal' {
    const id = this.#idOf(row);
    const known = id === undefined ? undefined : this.#byId.get(id);
    if (id !== undefined && !known) return 'new';
    if (known && JSON.stringify(known) === JSON.stringify(row)) return 'same';
    const name = digestOf(row);
    const count = this.#counts.get(name) ?? 0;
    if (this.#again) {
      const again = (this.#again.get(name) ?? 0) + 1;
      this.#again.set(name, again);
      return again > count ? 'new' : 'same';
    }
    if (count === 0) return 'new';
    return known || isFilled(row.Balance) ? 'same' : 'equal';
  }

  #remember(rows: readonly RawRow[]): void {
    for (const row of rows) {
      const id = this.#idOf(row);
      if (id !== undefined && !this.#byId.has(id)) {
        this.#byId.set(id, row);
        continue;
      }
      const name = digestOf(row);
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
  }

  #idOf(row: RawRow): string | undefined {
    const id = this.member === 'Balance' ? undefined : row[`${this.member}Id`];
    if (typeof id === 'number') return String(id);
    return typeof id === 'string' && !isPlaceholder(id) ? id : undefined;
  }
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function digestOf(row: RawRow): string {
  return digest(JSON.stringify(row));
}

const cameTwice = (count: number) =>
  count === 1
    ? '1 row came twice, on two pages. It is put out once.'
    : `${count} rows came twice, on two pages. They are put out once.`;

const lookedEqual = (count: number) =>
  `Rows without an ID that are equal to one on an earlier page: ${count}. They are put out, because they may be equal payments.`;
