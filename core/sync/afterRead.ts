import { eachInPieces, type Pieces } from '../lib/pieces';
import { isFinal, isPending, type Sighting } from './identities/facts';
import { numbersOf } from './identities/knownRows';
import type { GivenIdentity, Observation } from './identities/observation';
import {
  positionOf,
  withoutPosition,
  withPosition,
  type AccountState,
  type RowMark,
  type Position,
  type Start,
} from './accountState';
import { daysBefore, earliest, isBefore } from './days';
import { isAbandoned, lastReadOf } from './forgetting';
import { isProcessed } from './processed';

/** A read of an account, by one subscriber. */
export interface SubscriberRead {
  readonly subscriber: string;
  readonly withPending: boolean;
  /** The start of a subscriber that has not read the account yet. */
  readonly start: Start;
  /** The moment of the read, by the store's clock, in milliseconds since the epoch. */
  readonly at: number;
  /** Its day. */
  readonly today: string;
  readonly isComplete: boolean;
  /** Whether it reached back as far as the widest reads. */
  readonly isWide: boolean;
  readonly wideDays: number;
}

/** The memory after a read. */
export interface AfterRead {
  readonly state: AccountState;
  /** How many rows nobody will be told of any more, because the bank has not shown them for too long. */
  readonly lost: number;
}

/** A row of the read, with its identity. */
interface Seen {
  readonly given: GivenIdentity;
  readonly sighting: Sighting;
}

/**
 * The memory of an account after a read: what each subscriber has to be told. It is pure.
 *
 * @param before the memory from which `observation` was made
 * @param rows of the read, in the order of `observation.given`
 */
export function* afterRead(
  before: AccountState,
  observation: Observation,
  rows: readonly (Sighting | undefined)[],
  read: SubscriberRead,
): Pieces<AfterRead> {
  const seen: Seen[] = [];
  yield* eachInPieces(observation.given, (given, at) => {
    const sighting = rows[at];
    if (given && sighting) seen.push({ given, sighting });
  });
  const unbooked = new Set(before.unbooked);
  const present = presentPosition(before, read);
  const isBaseline = present.readAt === undefined && isMoment(present.start, read.at);
  let state = withPosition(before, read.subscriber, {
    ...present,
    // Others may have been told of them, and this subscriber was not.
    ...(present.readAt === undefined && !isBaseline && { unseen: numbersOf(before.known) }),
  });
  let lost = 0;
  const lastReadAt = lastReadOf(before);
  const forgotten = new Set(observation.forgotten);
  const ofReader = { readAt: read.at, isCovered: present.isCovered || read.isComplete };
  for (const name of Object.keys(state.positions)) {
    const position = positionOf(state, name);
    const isReader = name === read.subscriber;
    if (!isReader && isAbandoned(position, lastReadAt)) {
      state = withoutPosition(state, name);
      continue;
    }
    if (!position.start) continue;
    const marks = new SubscriberMarks(position, {
      isBaseline: isReader && isBaseline,
      horizon: isReader ? '' : horizonOf(before, read),
      unbooked,
    });
    yield* eachInPieces(seen, (one) => marks.see(one));
    for (const { row, id } of observation.vanished) marks.vanish(row, id);
    lost += marks.forget(forgotten);
    const next = { ...position, ...(isReader && ofReader), marks: marks.all, unseen: marks.unseen };
    state = withPosition(state, name, next);
  }
  yield* eachInPieces(seen, ({ given, sighting }) => {
    // A pending row that seemed to be booked as another row stays: if a read shows it as booked, too, there are two payments.
    if (isFinal(sighting)) unbooked.delete(given.row);
    // A row that was booked stays booked, if its ID says that it is the same.
    else if (given.isNew || given.id !== sighting.bankId) unbooked.add(given.row);
  });
  for (const row of forgotten) unbooked.delete(row);
  const { isComplete, isWide, today, at } = read;
  return {
    state: {
      ...state,
      known: observation.known,
      unbooked: [...unbooked],
      ...(isComplete && { completeDay: today }),
      ...(isComplete && isWide && { wideAt: at }),
    },
    lost,
  };
}

/** The position of the reader. Its start never changes after the first read. */
function presentPosition(state: AccountState, read: SubscriberRead): Position {
  const position = positionOf(state, read.subscriber);
  const { start = read.start } = position;
  return { ...position, start, withPending: read.withPending };
}

function isMoment(start: Start | undefined, at: number): boolean {
  return start !== undefined && 'at' in start && start.at === at;
}

/**
 * The first day that the reads of other subscribers can reach. Rows before it, which only the first read of a new subscriber shows, were
 * handed over and forgotten long ago.
 */
function horizonOf({ completeDay }: AccountState, { today, wideDays }: SubscriberRead): string {
  return daysBefore(earliest(today, completeDay), wideDays + 1);
}

interface MarksContext {
  readonly isBaseline: boolean;
  /** Rows before this day are not new for the subscriber; empty if all may be. */
  readonly horizon: string;
  /** The rows that were not booked before this read. */
  readonly unbooked: ReadonlySet<number>;
}

/** The marks of a subscriber while a read changes them. */
class SubscriberMarks {
  readonly #marks: Map<number, RowMark>;

  /** Rows that are in open hand-overs as pending ones. They count as told. */
  readonly #handed: ReadonlySet<number>;

  readonly #unseen: Set<number>;

  constructor(
    private readonly position: Position,
    private readonly context: MarksContext,
  ) {
    this.#marks = new Map(position.marks.map((mark) => [mark.row, mark]));
    this.#unseen = new Set(position.unseen);
    const rows = position.open.flatMap((handOver) => handOver.rows);
    this.#handed = new Set(rows.filter((one) => !one.isFinal).map(({ row }) => row));
  }

  get all(): RowMark[] {
    return [...this.#marks.values()];
  }

  get unseen(): number[] {
    return [...this.#unseen];
  }

  see({ given, sighting }: Seen): void {
    const isNew = this.#unseen.delete(given.row) || given.isNew;
    if (isFinal(sighting)) this.#seeBooked(given, sighting, isNew);
    else if (isPending(sighting)) this.#seePending(given, sighting, isNew);
    // The bank may date it anew, to a day after the start. What the first read found stays what it is.
    const mayBeNew = !this.context.isBaseline && (isNew || given.mayBeNew);
    if (mayBeNew && this.#isEarly(sighting) && !this.#marks.has(given.row)) {
      this.#unseen.add(given.row);
    }
  }

  /** @param isNew whether no read in the time of the subscriber has shown the row */
  #seeBooked(given: GivenIdentity, sighting: Sighting, isNew: boolean): void {
    const { row, was } = given;
    const former = was?.row ?? row;
    const wasTold = this.#wasTold(former);
    const wasNew = this.#marks.get(former)?.at === 'new';
    const present = this.#marks.get(row)?.at;
    if (was) this.#marks.delete(was.row);
    // It is final since an earlier read: nothing happened to it.
    if (!isNew && !this.context.unbooked.has(row)) {
      if (present === 'new' || present === 'booked') this.#date(row, sighting);
      else if (given.mayBeNew && this.#isWanted(given, sighting, false)) {
        this.#set(row, 'new', sighting);
      }
      return;
    }
    if (wasTold) this.#set(row, 'booked', sighting, was?.id ?? given.id);
    else if (wasNew || this.#isWanted(given, sighting, this.context.unbooked.has(former))) {
      this.#set(row, 'new', sighting);
    }
  }

  #seePending(given: GivenIdentity, sighting: Sighting, isNew: boolean): void {
    const { row } = given;
    const present = this.#marks.get(row)?.at;
    if (isNew) {
      const { withPending } = this.position;
      if (withPending && this.#isWanted(given, sighting, false)) this.#set(row, 'new', sighting);
    } else if (present === 'told' || present === 'vanished') {
      if (given.hasChanged) this.#set(row, 'changed', sighting);
      else this.#set(row, 'told', sighting);
    } else if (present === 'ended') {
      this.#set(row, 'new', sighting);
    } else if (present === 'new' || present === 'changed') {
      this.#date(row, sighting);
    }
  }

  /** A pending row is not there any more, and was not booked. */
  vanish(row: number, id: string): void {
    const present = this.#marks.get(row)?.at;
    if (present === 'ended' || present === 'vanished') return;
    if (this.#wasTold(row)) this.#marks.set(row, { row, at: 'vanished', id });
    else this.#marks.delete(row);
  }

  /** @returns how many events of booked rows are dropped */
  forget(rows: ReadonlySet<number>): number {
    let lost = 0;
    for (const row of rows) {
      const at = this.#marks.get(row)?.at;
      const isBooked = !this.context.unbooked.has(row);
      if (at === 'booked' || (at === 'new' && isBooked)) lost++;
      this.#marks.delete(row);
      this.#unseen.delete(row);
    }
    return lost;
  }

  /** Whether the subscriber knows the row as pending, or is just being told. */
  #wasTold(row: number): boolean {
    const at = this.#marks.get(row)?.at;
    if (at === 'new') return this.#handed.has(row);
    return at !== undefined && at !== 'booked';
  }

  /**
   * Whether a row of which the subscriber was never told is meant for it.
   *
   * @param wasPending whether an earlier read showed it, and it was not booked: so it was not booked before the moment of the start either
   */
  #isWanted(given: GivenIdentity, sighting: Sighting, wasPending: boolean): boolean {
    const { isBaseline, horizon } = this.context;
    const { start } = this.position;
    const { bookedAt } = sighting;
    if (isBaseline || start === undefined) return false;
    const mayBeLater = given.mayBeOf !== undefined && !isBefore(given.mayBeOf, start);
    if (this.#isEarly(sighting) && !(wasPending && 'at' in start) && !mayBeLater) return false;
    if (bookedAt !== '' && bookedAt.slice(0, 10) < horizon) return false;
    return !isProcessed(this.position, given.id);
  }

  /** Whether a row was booked before the start, by its present day. */
  #isEarly({ bookedAt }: Sighting): boolean {
    const { start } = this.position;
    return start !== undefined && isBefore(bookedAt, start);
  }

  #set(row: number, at: RowMark['at'], { bookedAt }: Sighting, was?: string): void {
    const day = bookedAt.slice(0, 10);
    this.#marks.set(row, { row, at, ...(day && { day }), ...(was !== undefined && { was }) });
  }

  /** A row that waits has another day now. */
  #date(row: number, sighting: Sighting): void {
    const { at, was } = this.#marks.get(row)!;
    this.#set(row, at, sighting, was);
  }
}
