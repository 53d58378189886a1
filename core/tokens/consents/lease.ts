import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Profile } from '../../profile/profile';
import type { StoredRecord } from '../../store/store';
import { busyConsent, unknownConsent } from './consentErrors';
import type { RefreshContext } from './refreshContext';

/** Life of a lease, as a multiple of the longest request. The store and this process need time before and after the request. */
const LEASE_RESERVE = 1.5;

/** A lease that the caller holds. */
export interface HeldLease {
  readonly record: StoredRecord;
  readonly holder: string;
  /** Latest time to send a request, so that its answer arrives before the lease ends (`performance.now()`). */
  readonly sendBefore: number;
}

/** Maximum milliseconds that a request takes. */
export function longestRequest({ timeouts }: Profile): number {
  return timeouts.connect + timeouts.request;
}

/**
 * Takes the lease of a record. Waits if another caller holds it.
 *
 * @param isDone checks the record between two tries; if it returns a value, the waiting ends and that value is returned
 * @throws OpenBankingError `consent-unknown`, `store-busy`, and those of the store
 */
export async function takeLease<Done>(
  { client, store }: Pick<RefreshContext, 'client' | 'store'>,
  { name, consent }: Pick<StoredRecord, 'name' | 'consent'>,
  isDone: (record: StoredRecord) => Done | undefined,
): Promise<{ lease: HeldLease } | { done: Done }> {
  const longest = longestRequest(client.profile);
  const duration = LEASE_RESERVE * longest;
  // At the deadline, the holder of the lease has finished or died.
  const deadline = performance.now() + 2 * duration;
  let from: string | undefined;
  for (let pause = 10; ; pause = Math.min(pause * 2, 200)) {
    const holder = randomUUID();
    const result = await store.acquire(name, { id: holder, process: '' }, duration, from);
    if (!result) throw unknownConsent(consent);
    if (result.held) {
      const sendBefore = result.sentAt.monotonic + duration - longest;
      return { lease: { record: result.record, holder, sendBefore } };
    }
    // The lease of a holder that died.
    from = result.lease.remaining <= 0 ? result.lease.holder : undefined;
    if (performance.now() > deadline) throw busyConsent(consent);
    await wait(pause + Math.random() * pause);
    const record = await store.read(name);
    const done = record && isDone(record);
    if (done) return { done };
  }
}
