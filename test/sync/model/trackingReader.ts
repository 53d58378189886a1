import type { History, Step } from './history';
import type { Delivery } from './judgement';
import { leftOut, type Reader } from './reads';
import type { Tracked, Tracker } from './trackers';
import { dayText, FROM, type ModelAccount, type Shown, type World } from './world';

/** Days that its reads reach back, and one of each day. */
const NARROW = 14;
const WIDE = 45;

/** The memory that the reader has of an account. */
interface Memory {
  readonly track: Tracker;
  /** The rows that were handed over, or that the first run found. */
  readonly done: Set<Tracked['row']>;
  /** The `transaction_id` of each row. */
  readonly ids: Map<Tracked['row'], string>;
  lastWideDay: number;
  hasBaseline: boolean;
}

/** A reader that reads and hands over as it should, and leaves to a tracker which row is which. Nothing of it fails. */
export class TrackingReader implements Reader {
  readonly deliveries: Delivery[] = [];
  readonly #memories = new Map<number, Memory>();

  /** @param trackerOf makes the tracker of an account, by its key */
  constructor(
    readonly world: World,
    readonly start: History['start'],
    readonly trackerOf: (accountKey: string) => Tracker,
  ) {}

  take(step: Step): void {
    if (step.do !== 'poll' && step.do !== 'poll twice at once') return;
    for (const account of this.world.accounts) {
      if (!account.isHidden && !this.world.isRevoked) this.#read(account);
    }
  }

  #read(account: ModelAccount): void {
    const { world } = this;
    const memory = this.#memoryOf(account);
    const slip = world.slipOf(account);
    if (slip && ['empty', 'no data', 'refused'].includes(slip.how)) return;
    const isWide = memory.lastWideDay !== world.today;
    // If it was away, it reads back to where it was.
    const last = memory.lastWideDay || world.today;
    const isFirst = !memory.hasBaseline && this.start === 'all';
    const from = isFirst
      ? FROM
      : dayText(Math.min(world.today, last) - (isWide ? WIDE : NARROW) - 1);
    const isComplete = slip?.how !== 'broken';
    // The first run has to see everything.
    if (!memory.hasBaseline && !isComplete) return;
    const all = world.rows(account, from);
    const rows = slip ? leftOut(all, slip) : all;
    const today = dayText(world.today);
    world.answers.push({ account: account.index, isComplete, today, from, rows });
    if (isComplete) world.lastFrom.set(account.index, from);
    this.#observe(account, memory, { rows, isComplete, from });
    if (isWide && isComplete) memory.lastWideDay = world.today;
    if (slip?.how === 'shift' || slip?.how === 'skip') world.disturb(account, slip.how, slip.pick);
  }

  #observe(
    { index }: ModelAccount,
    memory: Memory,
    read: { rows: readonly Shown[]; isComplete: boolean; from: string },
  ): void {
    const { rows, isComplete } = read;
    const isBaseline = !memory.hasBaseline && this.start === 'now';
    const today = dayText(this.world.today);
    for (const [at, tracked] of memory.track({ ...read, today, wideDays: WIDE }).entries()) {
      if (!tracked) continue;
      const { row, id, mayBeNew } = tracked;
      // An ID never changes.
      expect(memory.ids.get(row) ?? id).toBe(id);
      memory.ids.set(row, id);
      const { status, day, amount } = rows[at]!;
      if (status !== 'booked' || (memory.done.has(row) && !mayBeNew)) continue;
      memory.done.add(row);
      if (!isBaseline) this.deliveries.push({ account: index, id, day, amount, end: 'succeeded' });
    }
    if (isComplete && !memory.hasBaseline) {
      const booked = rows.filter(({ status }) => status === 'booked');
      const found = new Set(booked.map(({ number }) => number));
      this.world.beginnings.set(index, { day: today, found });
      memory.hasBaseline = true;
    }
    expect(new Set(memory.ids.values()).size).toBe(memory.ids.size);
  }

  #memoryOf({ index }: ModelAccount): Memory {
    const known = this.#memories.get(index);
    if (known) return known;
    const fresh: Memory = {
      ...{ track: this.trackerOf(`A-${index}`), done: new Set(), ids: new Map() },
      ...{ lastWideDay: 0, hasBaseline: false },
    };
    this.#memories.set(index, fresh);
    return fresh;
  }
}
