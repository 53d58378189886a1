import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { StoredRecord } from '../../store/store';
import { contentOf } from '../records/record';
import { busyConsent, unknownConsent } from './consentErrors';
import { checkReceived, type ReadRecord } from './receivedCheck';
import type { ConsentToken, RefreshContext, WantedRefresh } from './refreshContext';
import { RefreshWriter } from './refreshWriter';
import { storedCustomer } from './renewedTokens';
import { openAttempt, refreshFailure } from './setback';
import { SAVING_PAUSE } from './unsavedRecords';

/** Life of a lease, as a multiple of the longest request. The store and this process need time before and after the request. */
const LEASE_RESERVE = 1.5;

/** Maximum number of leases for one refresh. If the process or the store is slow, a lease may end before the request is sent. */
const MAXIMUM_TRIES = 5;

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
  for (let pause = 10; ; pause = Math.min(pause * 2, 200)) {
    const holder = randomUUID();
    const requestedAt = performance.now();
    const result = await store.acquire(name, holder, duration);
    if (!result) throw unknownConsent(consent);
    if (result.held) {
      const sendBefore = requestedAt + duration - longest;
      return { lease: { record: result.record, holder, sendBefore } };
    }
    if (performance.now() > deadline) throw busyConsent(consent);
    await wait(pause + Math.random() * pause);
    const record = await store.read(name);
    const done = record && isDone(record);
    if (done) return { done };
  }
}

/**
 * Refreshes the tokens of a record under its lease. If another caller has just refreshed them, returns those tokens.
 *
 * @throws OpenBankingError as `ConsentTokens.valid`
 */
export async function refreshUnderLease(
  context: WantedRefresh,
  record: Pick<StoredRecord, 'name' | 'consent'>,
): Promise<ConsentToken> {
  const usable = (found: StoredRecord) => {
    const content = contentOf(found, context.keys);
    const course = context.course({ record: found, content });
    return course.step === 'use' ? { ...course, consentId: content.consentId } : undefined;
  };
  // Requests for metadata and keys may take long, so they come before the lease is taken.
  const endpoints = await context.client.prepareRefresh();
  for (let tries = 0; tries < MAXIMUM_TRIES; tries++) {
    const result = await takeLease(context, record, usable);
    if ('done' in result) return result.done;
    const token = await refreshHeld(context, result.lease, endpoints);
    if (token) return token;
  }
  throw busyConsent(record.consent);
}

/** Thrown if the lease is nearly over before the request is sent. */
class LeaseOver extends Error {}

/**
 * Takes the next step for a record whose lease the caller holds.
 *
 * @returns `undefined` if the lease was lost or the record was changed; the caller then reads the record again
 */
async function refreshHeld(
  context: WantedRefresh,
  lease: HeldLease,
  endpoints: Endpoints,
): Promise<ConsentToken | undefined> {
  const { store, keys } = context;
  const { name, attemptedAt } = lease.record;
  // If the release fails, the lease expires.
  const release = () => store.release(name, lease.holder, attemptedAt).catch(() => undefined);
  let read: ReadRecord;
  let refreshToken: string;
  try {
    read = { record: lease.record, content: contentOf(lease.record, keys) };
    let course = context.course(read, { isLeased: true });
    if (course.step === 'check') {
      const checked = await checkReceived(context, read);
      if (!checked || checked.hasPassed) {
        await release();
        return undefined;
      }
      read = checked;
      course = context.course(read, { isLeased: true, isChecked: true });
    }
    if (course.step === 'fail') throw course.error;
    if (course.step !== 'refresh') {
      await release();
      return course.step === 'use' ? { ...course, consentId: read.content.consentId } : undefined;
    }
    ({ refreshToken } = course);
    if (openAttempt(read.record, read.content) !== undefined) {
      await pauseForOthers(context.client.profile);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return send(context, { ...lease, ...read }, endpoints, refreshToken);
}

/** Marks the attempt, sends the refresh token, and stores what comes. */
async function send(
  context: RefreshContext,
  { record, content, holder, sendBefore }: HeldLease & ReadRecord,
  endpoints: Endpoints,
  refreshToken: string,
): Promise<ConsentToken | undefined> {
  const { client, store } = context;
  const { name, attemptedAt } = record;
  const longest = longestRequest(client.profile);
  const at = Math.trunc(Date.now());
  const writer = new RefreshWriter(context, record, content, holder);
  const asBefore = { state: record.state, attemptedAt };
  try {
    if (!(await store.markAttempt(name, holder, at))) return undefined;
  } catch (error) {
    await writer.settle({ ...asBefore, failure: error });
    throw error;
  }
  try {
    const received = await client.refreshLeased({
      endpoints,
      refreshToken,
      customer: await storedCustomer(content, client.profile),
      beforeSend: () => {
        if (performance.now() > sendBefore) throw new LeaseOver();
      },
      onReceived: (tokens, expected) => writer.receive(tokens, expected),
    });
    return await writer.finish(received);
  } catch (error) {
    // Tokens were received. Storing them ends the lease, so it is not released here.
    if (writer.hasReceived) throw error;
    if (error instanceof LeaseOver) {
      await writer.settle({ ...asBefore, failure: error });
      return undefined;
    }
    const failure = refreshFailure(error, { record, content, at, longest });
    await writer.settle(failure);
    throw failure.failure;
  }
}

/** Waits before the refresh token of a process that died is tried once more: another process may store tokens that it holds in memory. */
async function pauseForOthers(profile: Profile): Promise<void> {
  await wait(Math.min(4 * SAVING_PAUSE, longestRequest(profile) / 4));
}
