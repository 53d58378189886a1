import { createHash } from 'node:crypto';
import { ACCOUNTS, type Account } from './accounts';
import { DAY } from './calendar';
import { changedRows, type LedgerChange } from './ledgerChanges';
import { transactionId, type Transaction } from './transactions';

/** Things that the bank does once. Their effects stay. */
const DEEDS = ['renumber', 're-date', 'book-late', 'book-equal'] as const;

/** Mistakes in the next list of transactions that is read. */
const SLIPS = ['send-nothing', 'leave-out'] as const;

/** Misbehaviours that last until a request ends them. */
const HABITS = [
  ...(['shift-pages', 'skip-rows', 'change-ids'] as const),
  ...(['keep-pending-ids', 'hide-account', 'new-account-ids'] as const),
];

type Deed = (typeof DEEDS)[number];
type Slip = (typeof SLIPS)[number];
type Habit = (typeof HABITS)[number];

/** The name of a misbehaviour. CONTRIBUTING.md says what each does. */
export type Misbehaviour = Deed | Slip | Habit;

/** All misbehaviours. */
export const MISBEHAVIOURS: readonly Misbehaviour[] = [...DEEDS, ...SLIPS, ...HABITS];

/** Where and how the bank misbehaves. */
export interface MisbehaviourWish {
  /** ID of the account; the first one if not given. */
  account?: string;
  /** Days by which a row is dated back: 1 if not given, and 0 for a payment that is booked late. */
  days?: number;
}

/** The misbehaviours of one account. */
class AccountFaults {
  readonly changes: LedgerChange[] = [];
  readonly habits = new Set<Habit>();
  /** Slips of the next read, and of the present one: from its first page to the next request for a first page. */
  readonly next = new Set<Slip>();
  present: ReadonlySet<Slip> = new Set<Slip>();
  /** Number of reads. */
  reads = 0;
}

/** The misbehaviours of the bank, which tests switch on and off. */
export class Misbehaviours {
  private readonly faults = new Map<string, AccountFaults>();
  /** Whether consents that are approved from now on have account IDs of their own. */
  givesNewAccountIds = false;

  /** @param today the bank's day, see `Calendar` */
  constructor(private readonly today: () => number) {}

  /** Misbehaves. @throws RangeError if the account or the misbehaviour is unknown, or if the two do not fit */
  start(name: string, { account: id = ACCOUNTS[0]!.id, days }: MisbehaviourWish = {}): void {
    const account = ACCOUNTS.find((known) => known.id === id);
    if (!account) throw new RangeError(`There is no account ${JSON.stringify(id)}`);
    if (days !== undefined && !(Number.isInteger(days) && days >= 0 && days <= 400)) {
      throw new RangeError('"days" must be a whole number from 0 to 400');
    }
    if (
      /^(renumber|change-ids|keep-pending-ids)$/.test(name) &&
      account.transactionIds === 'none'
    ) {
      throw new RangeError(`The transactions of account ${id} have no IDs`);
    }
    const faults = this.of(id);
    if (isOneOf(DEEDS, name)) faults.changes.push(this.change(name, days));
    else if (isOneOf(SLIPS, name)) faults.next.add(name);
    else if (name === 'new-account-ids') this.givesNewAccountIds = true;
    else if (isOneOf(HABITS, name)) faults.habits.add(name);
    else throw new RangeError(`There is no misbehaviour ${JSON.stringify(name)}`);
  }

  /** Ends a habit, or all of them. What was done stays done. */
  end(name?: string): void {
    for (const faults of this.faults.values()) {
      for (const set of [faults.habits, faults.next] as Set<string>[]) {
        if (name === undefined) set.clear();
        else set.delete(name);
      }
    }
    if (name === undefined || name === 'new-account-ids') this.givesNewAccountIds = false;
  }

  /** Whether the bank behaves as if there were no such account. */
  hides({ id }: Account): boolean {
    return this.faults.get(id)?.habits.has('hide-account') ?? false;
  }

  /** Grows if the transactions of an account change otherwise than by a new day. */
  revision({ id }: Account): string {
    const faults = this.faults.get(id);
    return faults ? `${faults.changes.length} ${faults.habits.has('keep-pending-ids')}` : '';
  }

  /** The transactions of an account with all that was done to them, newest first. */
  ledger(account: Account, rows: Transaction[]): Transaction[] {
    const faults = this.faults.get(account.id);
    if (!faults) return rows;
    const changed = faults.changes.length ? changedRows(account, rows, faults.changes) : rows;
    if (!faults.habits.has('keep-pending-ids')) return changed;
    return changed.map((row) =>
      row.state === 'pending'
        ? { ...row, id: transactionId(account, { ...row, state: 'booked' }) }
        : row,
    );
  }

  /** A first page is about to be read. */
  beginRead({ id }: Account): void {
    const faults = this.faults.get(id);
    if (!faults) return;
    faults.reads += 1;
    faults.present = new Set(faults.next);
    faults.next.clear();
  }

  /** The rows that this read gets to see. */
  seen(account: Account, rows: readonly Transaction[]): readonly Transaction[] {
    const { present, habits, reads } = this.faults.get(account.id) ?? new AccountFaults();
    if (present.has('send-nothing')) return [];
    let seen = rows;
    if (present.has('leave-out')) {
      const newest = rows.find(({ state }) => state === 'booked');
      seen = rows.filter((row) => row !== newest);
    }
    if (!habits.has('change-ids')) return seen;
    return seen.map((row) => {
      const id = transactionId(account, row);
      return id === undefined ? row : { ...row, id: `enc!!${digest(`${id}/${reads}`)}` };
    });
  }

  /** Whether a read sees other rows than those of the ledger. */
  isDistorted({ id }: Account): boolean {
    const faults = this.faults.get(id);
    return !!faults && (faults.present.size > 0 || faults.habits.has('change-ids'));
  }

  /** A first page was read, and others follow. */
  afterFirstPage(account: Account, rows: readonly Transaction[]): void {
    const { habits, changes } = this.faults.get(account.id) ?? new AccountFaults();
    if (habits.has('shift-pages')) changes.push(this.change('book-late', 0));
    const pending = rows.find(({ state }) => state === 'pending');
    if (habits.has('skip-rows') && pending) {
      const { booked, ordinal } = pending;
      changes.push({ kind: 'withdraw', booked, ordinal });
    }
  }

  private change(name: Deed, days: number | undefined): LedgerChange {
    const day = this.today();
    switch (name) {
      case 'renumber':
        return { kind: 'renumber', day };
      case 're-date':
        return { kind: 're-date', day, by: -(days ?? 1) * DAY };
      case 'book-late':
        return { kind: 'book', day, booked: day - (days ?? 0) * DAY };
      case 'book-equal':
        return { kind: 'repeat', day };
    }
  }

  private of(id: string): AccountFaults {
    const known = this.faults.get(id) ?? new AccountFaults();
    this.faults.set(id, known);
    return known;
  }
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
