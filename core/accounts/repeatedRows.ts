import { digest } from '../lib/digest';
import { counted, type Remarks } from '../lib/remarks';
import { isPlaceholder } from '../sync/identities/recipe';
import type { ListMember } from './page';
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
 * A row is the same if all its members are. Only transactions have to have an ID also, or the balance of the account after them: without
 * these, two equal rows may be two equal payments, so both stay. Rows of one page are not compared with each other.
 */
export class RepeatedRows {
  /** The first row with each ID. */
  readonly #byId = new Map<string, RawRow>();

  /** IDs that came with different amounts: such an ID does not say that two equal rows are one. */
  readonly #shared = new Set<string>();

  /** Digests of rows in it, as far as they are needed. */
  readonly #names = new Map<string, string>();

  /** How often each other row came, by its digest. */
  readonly #counts = new Map<string, number>();

  /** The member of a row with its ID; `undefined` if rows have none. */
  readonly #idMember: string | undefined;

  /** The rows of the first page. Most lists have no other, so they are not looked at before the second page comes. */
  #firstPage?: readonly RawRow[];

  /** If pages come again: how often each row without an ID came again, by its digest. */
  #again?: Map<string, number>;

  /**
   * @param member the list in which the rows are
   * @param onEqual receives each row that looks equal to one of an earlier page; if it is not given, a remark says how many there were
   */
  constructor(
    readonly member: ListMember,
    readonly remarks: Remarks,
    readonly onEqual?: (row: RawRow) => void,
  ) {
    this.#idMember = member === 'Balance' ? undefined : `${member}Id`;
  }

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
    this.#compared(this.#firstPage, false);
    this.#firstPage = [];
    return this.#compared(page, true);
  }

  #compared(page: readonly RawRow[], isLater: boolean): NewRows {
    const rows: RawRow[] = [];
    /** Digests of rows of this page, which are compared with later pages only. */
    const added: string[] = [];
    let ownPage: Set<RawRow> | undefined;
    let equal = 0;
    for (const row of page) {
      const id = this.#idOf(row);
      const known = id === undefined ? undefined : this.#byId.get(id);
      if (id !== undefined && !known) {
        this.#byId.set(id, row);
        rows.push(row);
        continue;
      }
      const name = nameOf(row);
      if (id !== undefined && amountOf(known!) !== amountOf(row)) this.#shared.add(id);
      const hasOwnId = id !== undefined && !this.#shared.has(id);
      const isKnown = hasOwnId && this.#nameOfKnown(id, known!) === name;
      if (isKnown && !(ownPage ??= new Set(page)).has(known!)) continue;
      const repetition = isLater ? this.#repetitionOf(row, name, hasOwnId) : 'new';
      if (repetition === 'same') continue;
      if (repetition === 'equal') {
        equal++;
        this.onEqual?.(row);
      }
      added.push(name);
      rows.push(row);
    }
    for (const name of added) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    const same = page.length - rows.length;
    if (same > 0 && !this.#again) this.remarks.count(cameTwice, same);
    if (equal > 0 && !this.onEqual) this.remarks.count(lookedEqual, equal);
    return { rows: same === 0 ? page : rows, isStale: rows.length === equal };
  }

  /** The digest of the first row with an ID. It is made once: that row may be large, and many may have its ID. */
  #nameOfKnown(id: string, row: RawRow): string {
    const made = this.#names.get(id) ?? nameOf(row);
    this.#names.set(id, made);
    return made;
  }

  /** Whether a row came on an earlier page, or looks equal to one that did. */
  #repetitionOf(row: RawRow, name: string, hasId: boolean): 'new' | 'same' | 'equal' {
    const count = this.#counts.get(name) ?? 0;
    if (this.#again) {
      const again = (this.#again.get(name) ?? 0) + 1;
      this.#again.set(name, again);
      return again > count ? 'new' : 'same';
    }
    if (count === 0) return 'new';
    const isCertain = hasId || this.member !== 'Transaction' || isFilled(row.Balance);
    return isCertain ? 'same' : 'equal';
  }

  /** The ID of a row; `undefined` if there is none, or a placeholder. */
  #idOf(row: RawRow): string | undefined {
    const id = this.#idMember === undefined ? undefined : row[this.#idMember];
    if (typeof id === 'number') return String(id);
    if (typeof id !== 'string') return undefined;
    // No placeholder has such a digit, and this test is faster.
    return /[1-9]/.test(id) || !isPlaceholder(id) ? id : undefined;
  }
}

/** A digest of all members of a row. */
function nameOf(row: RawRow): string {
  return digest(JSON.stringify(row));
}

/** The members that an ID belongs to. A bank may change the others of a transaction. */
function amountOf({ Amount, CreditDebitIndicator }: RawRow): string {
  return JSON.stringify([Amount, CreditDebitIndicator]);
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

const cameTwice = (count: number) =>
  `In ${counted(count, 'row')}, the bank repeated a row of an earlier page. It is put out once.`;

const lookedEqual = (count: number) =>
  `In ${counted(count, 'row')}, the bank sent no ID, and the same as in a row of an earlier page. Such a row is put out, because it may be an equal payment.`;
