import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { deadline, type Deadline } from '../../lib/moment';
import type { Profile } from '../../profile/profile';
import { storeNow, type AttemptMark, type SeenLease, type StoredRecord } from '../../store/store';
import { endedAt } from './attempt';
import { busyConsent } from './consentErrors';
import type { RefreshContext } from './refreshContext';
import { LeaseWatch, type LeasedRecord } from './takeover';

/** Life of a lease, as a multiple of the longest request. The store and this process need time before and after the request. */
const LEASE_RESERVE = 1.5;

/** The objects that a lease is taken with. */
export type LeaseContext = Pick<RefreshContext, 'client' | 'store' | 'heart' | 'limits'>;

/** A lease that the caller holds. */
export interface HeldLease {
  /** The record at the moment when the lease was taken. */
  readonly record: StoredRecord;
  readonly holder: string;
  /** Until when a request may be handed to its connection, so that its answer arrives before the lease ends. */
  readonly handOverBefore: Deadline;
}

/** A lease of another caller, or of none, that this caller may take. */
interface FreeLease {
  /** The lease to take over; `undefined` if there is none. */
  readonly from?: SeenLease;
  /** The attempt that the former holder marked under it. */
  readonly attempt?: AttemptMark;
}

/** Maximum milliseconds that a request takes. */
export function longestRequest({ timeouts }: Profile): number {
  return timeouts.connect + timeouts.request;
}

/**
 * Does work under the lease of a record. If another caller holds the lease, waits until it is free or may be taken over, see `mayTakeOver`.
 *
 * From the lease to the end of the work, the caller has a slot of the bank's refreshes, and the heart beats. While it waits, it has no slot.
 *
 * @param work ends the lease
 * @param isDone checks the record while another caller holds the lease; if it returns a value, the waiting ends and that value is returned
 * @returns the result of `work` or `isDone`; `undefined` if there is no such record
 * @throws OpenBankingError `store-busy`, those of the store and of `work`
 */
export async function underLease<Result>(
  context: LeaseContext,
  { name }: Pick<StoredRecord, 'name'>,
  work: (lease: HeldLease) => Promise<Result>,
  isDone: (record: StoredRecord) => Result | undefined = () => undefined,
): Promise<Result | undefined> {
  const length = leaseLength(context);
  let patience = 2 * length;
  let free: FreeLease = {};
  for (;;) {
    const taken = await context.limits.refreshes.use(() =>
      context.heart.while(async () => {
        const lease = await take(context, name, free);
        return lease && ('lease' in lease ? lease : { result: await work(lease) });
      }),
    );
    if (!taken || 'result' in taken) return taken?.result;
    const begunAt = performance.now();
    const waited = await untilFree(context, taken, isDone, patience);
    if (!waited || 'done' in waited) return waited?.done;
    patience -= performance.now() - begunAt;
    free = waited;
  }
}

/** Takes a lease. @returns the lease of another caller if that one holds it; `undefined` if there is no record */
async function take(
  context: LeaseContext,
  name: string,
  free: FreeLease,
): Promise<HeldLease | LeasedRecord | undefined> {
  const length = leaseLength(context);
  const holder = { id: randomUUID(), process: context.heart.process };
  const result = await context.store.acquire(name, holder, length, free.from);
  if (!result?.held) return result;
  const longest = longestRequest(context.client.profile);
  return {
    record: withKnownEnd(result.record, free),
    holder: holder.id,
    handOverBefore: deadline(result.sentAt, length - longest),
  };
}

/** The record of a lease that was taken over: the attempt of its former holder is over. */
function withKnownEnd(record: StoredRecord, { attempt }: FreeLease): StoredRecord {
  if (!attempt || record.attempt?.at !== attempt.at) return record;
  return { ...record, attempt: endedAt(attempt, storeNow(record.readAt)) };
}

/** Ends a lease. The attempt mark gets its former value: nothing was sent. If the store cannot be written, that is done later. */
export async function endLease(
  { store, unsaved }: Pick<RefreshContext, 'store' | 'unsaved'>,
  { record, holder }: Pick<HeldLease, 'record' | 'holder'>,
): Promise<void> {
  const { name, attempt } = record;
  const end = () => store.release(name, holder, attempt);
  await end().catch(() => unsaved.add(`${name} lease ${holder}`, end));
}

/**
 * Waits until a lease is free or may be taken over, or until `isDone` returns a value.
 *
 * @param patience maximum milliseconds
 * @returns `undefined` if there is no such record
 * @throws OpenBankingError `store-busy`, those of the store
 */
async function untilFree<Done>(
  context: LeaseContext,
  first: LeasedRecord,
  isDone: (record: StoredRecord) => Done | undefined,
  patience: number,
): Promise<FreeLease | { done: Done } | undefined> {
  const { name, consent } = first.record;
  const giveUpAt = performance.now() + patience;
  const watch = new LeaseWatch(leaseLength(context));
  let seen = first;
  for (let pause = 10; ; pause = Math.min(pause * 2, 200)) {
    const done = isDone(seen.record);
    if (done) return { done };
    if (watch.see(seen)) {
      const { holder, isMarked } = seen.lease;
      const attempt = isMarked ? seen.record.attempt : undefined;
      return { from: { holder, markedAt: attempt?.at }, attempt };
    }
    if (performance.now() > giveUpAt) throw busyConsent(consent);
    await wait(pause + Math.random() * pause);
    const found = await context.limits.looks.use(() => context.store.look(name));
    if (!found) return undefined;
    const { record, lease } = found;
    if (!lease) {
      const result = isDone(record);
      return result ? { done: result } : {};
    }
    seen = { record, lease };
  }
}

/** Milliseconds of a lease. */
function leaseLength({ client }: LeaseContext): number {
  return LEASE_RESERVE * longestRequest(client.profile);
}
