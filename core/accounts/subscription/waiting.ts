import { leastOf } from '../../lib/extremes';
import type { HandedRow } from '../../sync/accountState';
import type { NewTransaction } from './newTransaction';

/** A transaction that a subscriber has to be told of. */
export interface FoundRow extends HandedRow {
  readonly consent: string;
  readonly accountKey: string;
  readonly item: NewTransaction;
}

/** Transactions that go out together. */
export type Batch = readonly FoundRow[];

interface WaitingRow {
  found: FoundRow;
  /** How often its execution failed. */
  tries: number;
  /** It does not go out before: milliseconds since the epoch, by the clock of this process. */
  notBefore: number;
}

interface WaitingAccount {
  readonly rows: Map<number, WaitingRow>;
  /** Whether a hand-over of it is being made or is open. */
  isBusy: boolean;
}

/** Pauses before a failed execution is repeated, in milliseconds. The last one is repeated for ever. */
const PAUSES = [1, 5, 30].map((minutes) => minutes * 60_000);

/** Milliseconds after which an account is tried again that another process is handing over. */
const BLOCKED = 60_000;

/** The transactions that wait in memory for their hand-over: they are new, or their execution failed. */
export class Waiting {
  readonly #accounts = new Map<string, WaitingAccount>();

  /** @param now the clock of this process */
  constructor(private readonly now: () => number) {}

  /** Number of transactions. */
  get size(): number {
    let size = 0;
    for (const { rows } of this.#accounts.values()) size += rows.size;
    return size;
  }

  /** When the first of them can go out; `undefined` if none waits, or all belong to accounts with an open hand-over. */
  get until(): number | undefined {
    let until: number | undefined;
    for (const { rows, isBusy } of this.#accounts.values()) {
      if (isBusy) continue;
      for (const { notBefore } of rows.values()) {
        if (until === undefined || notBefore < until) until = notBefore;
      }
    }
    return until;
  }

  /** Adds the rows that a read found. If a row waits already, this read replaces its content, and its pause stays. */
  add(found: readonly FoundRow[]): void {
    for (const row of found) {
      const account = this.#account(row);
      const present = account.rows.get(row.row);
      if (present) present.found = row;
      else account.rows.set(row.row, { found: row, tries: 0, notBefore: 0 });
    }
  }

  /**
   * The next transactions that can go out, the oldest first. Their accounts are busy from now on. Transactions whose execution failed do not
   * go out together with others: they could make them fail, too.
   */
  take(maximum: number): Batch | undefined {
    const now = this.now();
    const ready = [...this.#accounts.values()]
      .filter(({ isBusy }) => !isBusy)
      .flatMap(({ rows }) => [...rows.values()].filter(({ notBefore }) => notBefore <= now));
    if (ready.length === 0) return undefined;
    const tries = leastOf(ready.map((row) => row.tries));
    const batch = ready
      .filter((row) => row.tries === tries)
      .map(({ found }) => found)
      .sort(byDate)
      .slice(0, maximum);
    for (const row of batch) this.#account(row).isBusy = true;
    return batch;
  }

  /** Forgets rows that went out, or that are not wanted any more. Their accounts stay busy. */
  remove(batch: Batch): void {
    for (const row of batch) {
      const rows = this.#accounts.get(nameOf(row))?.rows;
      // A newer event of the row may have come meanwhile.
      if (rows?.get(row.row)?.found.event === row.event) rows.delete(row.row);
    }
  }

  /** Lets rows of a failed hand-over go out again after a pause. Their accounts stay busy. */
  postpone(batch: Batch): void {
    for (const row of batch) {
      const waiting = this.#accounts.get(nameOf(row))?.rows.get(row.row);
      if (!waiting) continue;
      waiting.notBefore = this.now() + PAUSES[Math.min(waiting.tries, PAUSES.length - 1)]!;
      waiting.tries++;
    }
  }

  /** Lets rows go out a little later: another process hands their account over. Their accounts stay busy. */
  delay(batch: Batch): void {
    for (const row of batch) {
      const waiting = this.#accounts.get(nameOf(row))?.rows.get(row.row);
      if (waiting) waiting.notBefore = this.now() + BLOCKED;
    }
  }

  /** The accounts of rows are not busy any more. */
  free(batch: Batch): void {
    for (const name of new Set(batch.map(nameOf))) {
      const account = this.#accounts.get(name);
      if (!account) continue;
      account.isBusy = false;
      if (account.rows.size === 0) this.#accounts.delete(name);
    }
  }

  /** Forgets all. */
  clear(): void {
    this.#accounts.clear();
  }

  #account(row: FoundRow): WaitingAccount {
    const name = nameOf(row);
    const account = this.#accounts.get(name) ?? { rows: new Map(), isBusy: false };
    this.#accounts.set(name, account);
    return account;
  }
}

/** Names an account. */
export function nameOf({ consent, accountKey }: FoundRow): string {
  return JSON.stringify([consent, accountKey]);
}

/** Rows without a date come first: they vanished. */
function byDate(one: FoundRow, other: FoundRow): number {
  const [a, b] = [dateOfItem(one.item), dateOfItem(other.item)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function dateOfItem(item: NewTransaction): string {
  return 'booked_at' in item ? (item.booked_at ?? '') : '';
}
