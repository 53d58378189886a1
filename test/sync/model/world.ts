import type { AccountPlan, History, Slip, Step } from './history';

/** A transaction as it truly is. Its number is hidden from everybody but the model. */
export interface Truth {
  readonly number: number;
  /** Day of booking, in days since the epoch. */
  day: number;
  amount: string;
  text: string;
  state: 'booked' | 'pending' | 'withdrawn';
  /** Its ID at a bank with unique ones. */
  id: string | undefined;
  /** Its place on its day. */
  place: number;
  /** The day on which the bank booked it, whatever it is dated. */
  bookedOn: number;
  /** Number of answers before. */
  answersBefore: number;
}

/** A row as the bank shows it. */
export interface Shown {
  /** The hidden number, beside the row. */
  readonly number: number;
  readonly id: string | undefined;
  /** `2026-03-02`. */
  readonly day: string;
  readonly amount: string;
  readonly text: string;
  readonly status: 'booked' | 'pending';
}

/** The answer to one read of an account. */
export interface Answer {
  readonly account: number;
  /** Whether it was the whole list: nothing failed. */
  readonly isComplete: boolean;
  /** The day of the read. */
  readonly today: string;
  /** The first day that was asked for. */
  readonly from: string;
  readonly rows: readonly Shown[];
}

/** How the first run of a reader began with an account. */
export interface Beginning {
  readonly day: string;
  /** Hidden numbers of the booked rows that it found. They never come if it begins with what is booked from now on. */
  readonly found: ReadonlySet<number>;
}

/** An account of the model bank. */
export interface ModelAccount {
  readonly index: number;
  readonly plan: AccountPlan;
  /** The IDs begin later, if the bank gives none at first. */
  givesIds: boolean;
  accountId: string;
  isHidden: boolean;
  readonly truths: Truth[];
  next: { how: Slip; pick: number } | undefined;
  /** Number of reads. */
  reads: number;
}

const AMOUNTS = ['-10', '-12.5', '5', '-7'] as const;

/** Days by which a transaction may be booked late. The widest reads reach back further. */
const MOST_LATE = 33;

/** The first day of all histories: 2 March 2026. */
export const FIRST_DAY = Date.UTC(2026, 2, 2) / 86_400_000;

/** The day from which a first run reads if it is not `now`. */
export const FROM = dayText(FIRST_DAY - 60);

/** A bank that does what a history says, and knows the truth. It knows nothing of the product. */
export class World {
  readonly accounts: ModelAccount[];
  /** For each account, how its first run began. */
  readonly beginnings = new Map<number, Beginning>();
  /** Renewals of the consent after which the accounts that are not identified could not be recognized. */
  readonly strangers: number[] = [];
  /** All answers, in their order. */
  readonly answers: Answer[] = [];
  /** Those that a process got which died before it had stored what they say: nobody knows of them. */
  readonly unseen = new Set<Answer>();
  /** Answers to several accounts, of which a process stored some before it died. */
  readonly perhapsUnseen = new Set<Answer>();
  /** For each account, the first day that was asked for in the last whole list, which may have been empty. */
  readonly lastFrom = new Map<number, string>();
  hours = 24 * FIRST_DAY + 9;
  /** When the first run began, in hours; a reader that has one for all accounts sets it. */
  begunAt: number | undefined;
  isRevoked = false;
  /** Grows with each renewal of the consent. */
  generation = 0;
  #numbers = 0;

  constructor({ accounts }: Pick<History, 'accounts'>) {
    this.accounts = accounts.map((plan, index) => ({
      ...{ index, plan, givesIds: plan.ids !== 'none', accountId: `A-${index}` },
      ...{ isHidden: false, truths: [], next: undefined, reads: 0 },
    }));
    for (const account of this.accounts) {
      for (const back of [3, 1]) this.#book(account, AMOUNTS[back]!, this.today - back, false);
    }
  }

  get today(): number {
    return Math.floor(this.hours / 24);
  }

  /** Lets a step of the bank happen. Steps of the reader have no effect here. */
  take(step: Step): void {
    if (step.do === 'wait') this.hours += step.hours;
    if (step.do === 'revoke') this.isRevoked = true;
    if (step.do === 'renew') this.#renew(step.newIds);
    if (!('at' in step)) return;
    const account = this.accounts[step.at % this.accounts.length]!;
    const { truths } = account;
    switch (step.do) {
      case 'book':
        this.#book(account, AMOUNTS[step.amount]!, this.today - step.back, step.first);
        return;
      case 'book an equal one': {
        const recent = inState(truths, 'booked').filter(({ day }) => day >= this.today - MOST_LATE);
        const like = chosen(recent, step.pick);
        if (!like) return;
        const equal = this.#book(account, like.amount, like.day, false);
        equal.text = like.text;
        return;
      }
      case 'reserve': {
        const day = this.today + step.ahead;
        this.#book(account, AMOUNTS[step.amount]!, day, false).state = 'pending';
        return;
      }
      case 'settle': {
        const pending = chosen(inState(truths, 'pending'), step.pick);
        if (!pending) return;
        pending.state = 'booked';
        Object.assign(pending, this.#booking());
        pending.day = Math.min(Math.max(pending.day, this.today - MOST_LATE), this.today);
        if (step.amount === 'other') pending.amount = `${pending.amount.split('.')[0]}.75`;
        if (!step.keepsId) pending.id = this.#freshId();
        return;
      }
      case 'withdraw':
        this.#withdraw(account, step.pick);
        return;
      case 'renumber': {
        const booked = inState(truths, 'booked');
        const last = Math.max(...booked.map(({ day }) => day));
        for (const truth of booked) if (step.all || truth.day === last) truth.id = this.#freshId();
        return;
      }
      case 're-date': {
        const truth = chosen(inState(truths, 'booked'), step.pick);
        const earliest = (truth?.bookedOn ?? 0) - MOST_LATE;
        if (truth) truth.day = Math.max(earliest, Math.min(this.today, truth.day + step.by));
        return;
      }
      case 'rewrite': {
        const truth = chosen(inState(truths, 'booked'), step.pick);
        if (truth) truth.text = `${truth.text.split(',')[0]}, ${this.#freshId()}`;
        return;
      }
      case 'begin to give IDs':
        account.givesIds = true;
        return;
      case 'slip':
        account.next = { how: step.how, pick: step.pick };
        return;
      case 'hide':
      case 'show':
        // An account without a number that comes back beside other ones could be any of them.
        if (this.accounts.length > 1 && !account.plan.isIdentified) return;
        account.isHidden = step.do === 'hide';
        if (account.isHidden && this.generation > 0) this.#estrange();
    }
  }

  /** The number of an account by an ID that it has or had. */
  indexOf(accountId: string): number {
    return Number(/^A-(\d+)/.exec(accountId)?.[1]);
  }

  /** The mistake in the read of an account that begins now, if there is one. It happens once. */
  slipOf(account: ModelAccount): ModelAccount['next'] {
    const slip = account.next;
    account.next = undefined;
    account.reads++;
    return slip;
  }

  /** The rows of an account that are booked on a day or later, newest first. */
  rows(account: ModelAccount, from: string): Shown[] {
    const visible = account.truths.filter(({ state }) => state !== 'withdrawn');
    const sorted = [...visible].sort((a, b) => b.day - a.day || b.place - a.place);
    return sorted
      .map((truth): Shown => {
        const { number, amount, text, state } = truth;
        const status = state === 'booked' ? 'booked' : 'pending';
        return {
          ...{ number, amount, text, status },
          id: this.#idOf(account, truth),
          day: dayText(truth.day),
        };
      })
      .filter(({ day }) => day >= from);
  }

  /** A payment is booked, or a pending one withdrawn, while pages are read. */
  disturb(account: ModelAccount, how: 'shift' | 'skip', pick: number): void {
    if (how === 'shift') this.#book(account, AMOUNTS[pick % 4]!, this.today, false);
    else this.#withdraw(account, pick);
  }

  #withdraw({ truths }: ModelAccount, pick: number): void {
    const pending = chosen(inState(truths, 'pending'), pick);
    if (pending) pending.state = 'withdrawn';
  }

  #renew(newIds: boolean): void {
    this.isRevoked = false;
    this.generation++;
    if (!newIds) return;
    const strangers = this.accounts.filter(({ plan }) => !plan.isIdentified).length;
    // A stranger could also be the account that is hidden, without the number that it had.
    if (strangers > 1 || this.accounts.some(({ isHidden }) => isHidden)) this.#estrange();
    for (const account of this.accounts) {
      account.accountId = `A-${account.index}-${this.generation}`;
    }
  }

  #estrange(): void {
    if (this.accounts.length > 1) this.strangers.push(this.answers.length);
  }

  #book({ truths }: ModelAccount, amount: string, day: number, first: boolean): Truth {
    const number = ++this.#numbers;
    const truth: Truth = {
      ...{ number, day, amount, state: 'booked', id: this.#freshId() },
      text: `SHOP ${number}`,
      place: first ? -number : number,
      ...this.#booking(),
    };
    truths.push(truth);
    return truth;
  }

  #booking(): Pick<Truth, 'bookedOn' | 'answersBefore'> {
    return { bookedOn: this.today, answersBefore: this.answers.length };
  }

  #freshId(): string {
    return `t${++this.#numbers}`;
  }

  #idOf({ plan, givesIds, truths, reads }: ModelAccount, truth: Truth): string | undefined {
    if (!givesIds) return undefined;
    const number = () =>
      truths.filter(
        ({ day, place, state }) =>
          state === truth.state && day === truth.day && place < truth.place,
      ).length;
    switch (plan.ids) {
      case 'none':
      case 'unique':
        return truth.id;
      case 'positions':
        return truth.state === 'booked' ? `${dayText(truth.day)}-${number()}` : undefined;
      case 'counter':
        return truth.state === 'booked' ? String(number() + 1) : undefined;
      case 'tokens':
        return `enc!!${truth.id}-${reads}`;
      case 'same':
        return '9998';
    }
  }
}

/** A day as `2026-03-02`. */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

function inState(truths: readonly Truth[], state: Truth['state']): Truth[] {
  return truths.filter((truth) => truth.state === state);
}

/** One of a list. The newest ones are chosen most often. */
function chosen<Value>(list: readonly Value[], pick: number): Value | undefined {
  return list[list.length - 1 - (pick % Math.max(1, list.length))];
}
