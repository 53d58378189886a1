import { isGone } from '../../lib/thisProcess';
import { storeNow, type Lease, type StoredRecord } from '../../store/store';
import { overAt, SECOND_TRY_PAUSE } from './attempt';

/** Milliseconds without a heartbeat after which a holder counts as silent: three heartbeats. */
const SILENCE = 3000;

/** A lease that another caller holds, as this caller sees it. Durations are in milliseconds. */
export interface LeaseSight {
  readonly lease: Pick<Lease, 'isMarked' | 'beatAge' | 'remaining'>;
  /** For how long this caller knows that the process of its holder has ended, see `isGone`; `undefined` if that is not known. */
  readonly goneFor?: number;
  /** For how long this caller has seen no new heartbeat. */
  readonly silentFor: number;
  /** For how long this caller has watched the lease, with the mark that it has now. */
  readonly watchedFor: number;
  /** Until the limit of the attempt mark, by the store's clock; negative afterwards. */
  readonly untilLimit: number;
  /** The longest time that the lease may take: the limit of the attempt mark, or the length of a lease without one. */
  readonly longest: number;
}

/**
 * Whether a lease may be taken over: its holder has nothing under way, and cannot send anything any more.
 *
 * | The lease  | It may be taken over if                                                                                    |
 * | ---------- | ---------------------------------------------------------------------------------------------------------- |
 * | any        | this caller watched it for its longest time: its holder hangs                                              |
 * | not marked | the process of its holder has ended, its time is over, or there was no heartbeat for three seconds. To     |
 * |            | mark an attempt, its holder needs the lease                                                                |
 * | marked     | the process of its holder ended at least five seconds ago: so did its request                              |
 * | marked     | this caller saw no new heartbeat for three seconds, and the limit of the mark is past by the store's clock |
 *
 * The store's clock alone never decides about a lease with a mark: it may jump while the request is under way.
 */
export function mayTakeOver(sight: LeaseSight): boolean {
  const { lease, goneFor, silentFor, watchedFor, untilLimit, longest } = sight;
  if (watchedFor >= longest) return true;
  const isSilent = silentFor >= SILENCE;
  if (lease.isMarked) {
    const isEnded = goneFor !== undefined && goneFor >= SECOND_TRY_PAUSE;
    return isEnded || (isSilent && untilLimit < 0);
  }
  const isUnbeaten = lease.beatAge !== undefined && lease.beatAge > SILENCE;
  return goneFor !== undefined || isSilent || isUnbeaten || lease.remaining < 0;
}

/** A record, and the lease that another caller has of it. */
export interface LeasedRecord {
  readonly record: StoredRecord;
  readonly lease: Lease;
}

/** Watches the lease of another caller, from look to look. */
export class LeaseWatch {
  #mark = '';
  #markSince = 0;
  #beat = '';
  #beatSince = 0;
  #goneHolder = '';
  #goneSince = 0;

  /** @param leaseLength milliseconds of a lease without a mark */
  constructor(private readonly leaseLength: number) {}

  /** Notes a look at the lease. @returns whether it may be taken over */
  see({ record, lease }: LeasedRecord): boolean {
    const now = performance.now();
    const attempt = lease.isMarked ? record.attempt : undefined;
    const mark = JSON.stringify([lease.holder, lease.isMarked, attempt?.at]);
    if (this.#mark !== mark) [this.#mark, this.#markSince] = [mark, now];
    const beat = JSON.stringify([lease.holder, lease.beat]);
    if (this.#beat !== beat) [this.#beat, this.#beatSince] = [beat, now];
    const gone = isGone(lease.process);
    if (gone && this.#goneHolder !== lease.holder) {
      [this.#goneHolder, this.#goneSince] = [lease.holder, now];
    }
    return mayTakeOver({
      lease,
      ...(gone && { goneFor: now - this.#goneSince }),
      silentFor: now - this.#beatSince,
      watchedFor: now - this.#markSince,
      untilLimit: attempt ? overAt(attempt) - storeNow(record.readAt) : -Infinity,
      longest: attempt?.limit ?? this.leaseLength,
    });
  }
}
