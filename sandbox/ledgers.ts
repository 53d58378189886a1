import type { Account } from './accounts';
import type { Calendar } from './calendar';
import type { Misbehaviours } from './misbehaviours';
import { transactionsOf, type Transaction } from './transactions';

/** A list of which pages are read, without making all of it. */
export interface Rows<T> {
  readonly length: number;
  slice(from: number, to: number): T[];
}

/** The transactions that a third party asks for and may see. */
export interface View {
  /** Earliest and latest booking date, in milliseconds since the epoch. */
  from: number | undefined;
  to: number | undefined;
  credits: boolean;
  debits: boolean;
}

/** The rows of an account on a day. */
interface Known {
  day: number;
  revision: string;
  rows: Transaction[];
}

/** The transactions of all accounts. Those of an account are made once for each day, so that a page costs no more than its rows. */
export class Ledgers {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly calendar: Calendar,
    private readonly misbehaviours: Misbehaviours,
    /** The number of transactions of an account, if it is not the usual one. */
    private readonly counts: Readonly<Record<string, number>> = {},
  ) {}

  /** Makes an account's transactions of today before they are asked for. A hundred thousand take a second. */
  prepare(account: Account): void {
    this.all(account);
  }

  /** An account's transactions, newest first. */
  of(account: Account, view: View): Rows<Transaction> {
    const all = this.all(account);
    const { misbehaviours } = this;
    const rows = misbehaviours.isDistorted(account) ? misbehaviours.seen(account, all) : all;
    const from = view.to === undefined ? 0 : firstAtMost(rows, view.to);
    const to = view.from === undefined ? rows.length : firstAtMost(rows, view.from - 1);
    const isSeen = ({ amount }: Transaction): boolean => (amount < 0 ? view.debits : view.credits);
    if (!view.credits || !view.debits) return rows.slice(from, Math.max(from, to)).filter(isSeen);
    return {
      length: Math.max(0, to - from),
      slice: (first, last) => rows.slice(from + first, Math.min(to, from + last)),
    };
  }

  /** A first page of an account's transactions is about to be read. */
  beginRead(account: Account): void {
    this.misbehaviours.beginRead(account);
  }

  /** A first page was read, and others follow. */
  afterFirstPage(account: Account): void {
    this.misbehaviours.afterFirstPage(account, this.all(account));
  }

  /** The amounts that are reserved on an account, in hundredths. */
  reserved(account: Account): number {
    return this.all(account)
      .slice(0, 5)
      .filter(({ state }) => state === 'pending')
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  private all(account: Account): Transaction[] {
    const day = this.calendar.today();
    const revision = this.misbehaviours.revision(account);
    const known = this.known.get(account.id);
    if (known?.day === day && known.revision === revision) return known.rows;
    const transactionCount = this.counts[account.id] ?? account.transactionCount;
    const usual = transactionsOf({ ...account, transactionCount }, day);
    const rows = this.misbehaviours.ledger(account, usual);
    this.known.set(account.id, { day, revision, rows });
    return rows;
  }
}

/** The index of the first row that is booked at a time or before it. The rows are newest first. */
function firstAtMost(rows: readonly Transaction[], time: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.booked > time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Several lists, one after the other. */
export function joined<T>(lists: readonly Rows<T>[]): Rows<T> {
  return {
    length: lists.reduce((sum, { length }) => sum + length, 0),
    slice: (from, to) => {
      const rows: T[] = [];
      let start = 0;
      for (const list of lists) {
        const first = Math.max(0, from - start);
        const last = Math.min(list.length, to - start);
        if (first < last) rows.push(...list.slice(first, last));
        start += list.length;
      }
      return rows;
    },
  };
}
