import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { StoredRecord } from '../../store/store';
import { contentOf, type RecordContent } from '../records/record';
import { busyConsent, endedConsent, refreshFailure, unknownConsent } from './consentErrors';
import { ReceivedTokenWriter } from './receivedTokenWriter';
import type { ConsentToken, RefreshContext } from './refreshContext';
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
function longestRequest({ timeouts }: Profile): number {
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
  context: RefreshContext,
  record: Pick<StoredRecord, 'name' | 'consent'>,
): Promise<ConsentToken> {
  // Requests for metadata and keys may take long, so they come before the lease is taken.
  const endpoints = await context.client.prepareRefresh();
  for (let tries = 0; tries < MAXIMUM_TRIES; tries++) {
    const result = await takeLease(context, record, context.usable);
    if ('done' in result) return { tokens: result.done, remarks: [] };
    const token = await refreshHeld(context, result.lease, endpoints);
    if (token) return token;
  }
  throw busyConsent(record.consent);
}

/** Thrown if the lease is nearly over before the request is sent. */
class LeaseOver extends Error {}

/**
 * Refreshes the tokens of a record whose lease the caller holds.
 *
 * @returns `undefined` if the lease was lost or the record was changed; the caller then reads the record again
 */
async function refreshHeld(
  context: RefreshContext,
  { record, holder, sendBefore }: HeldLease,
  endpoints: Endpoints,
): Promise<ConsentToken | undefined> {
  const { client, store, keys } = context;
  const { name, consent, attemptedAt } = record;
  const release = (outcome: 'unchanged' | 'unknown' | 'needs-consent') =>
    // If the release fails, the lease expires.
    store.release(name, holder, outcome).catch(() => undefined);
  const asBefore = attemptedAt === undefined ? 'unchanged' : 'unknown';
  let content: RecordContent;
  try {
    const usable = context.usable(record);
    if (usable) {
      await release('unchanged');
      return { tokens: usable, remarks: [] };
    }
    if (record.state === 'needs-consent') {
      throw endedConsent({ problem: 'refusedBefore', values: { consent } });
    }
    content = contentOf(record, keys);
    if (!content.tokens.refresh_token) {
      throw endedConsent({ problem: 'noRefreshToken', values: { consent } });
    }
    if (attemptedAt !== undefined) {
      await waitForEarlierAttempt(client.profile, consent, attemptedAt);
    }
    if (!(await store.markAttempt(name, holder, Date.now()))) return undefined;
  } catch (error) {
    await release(asBefore);
    throw error;
  }
  const writer = new ReceivedTokenWriter(context, record, content);
  try {
    const { failedCheck, tokens, remarks } = await client.refreshLeased({
      endpoints,
      refreshToken: content.tokens.refresh_token,
      beforeSend: () => {
        if (performance.now() > sendBefore) throw new LeaseOver();
      },
      onReceived: (received) => writer.receive(received),
    });
    return await writer.finish(tokens, failedCheck, remarks);
  } catch (error) {
    // Tokens were received. Storing them ends the lease, so it is not released here.
    if (writer.hasReceived) throw error;
    if (error instanceof LeaseOver) {
      await release(asBefore);
      return undefined;
    }
    const { outcome, failure } = refreshFailure(error, record);
    await release(outcome);
    throw failure;
  }
}

/**
 * Handles an earlier refresh whose outcome is not known.
 *
 * If the earlier refresh may still be under way or has just failed, this function throws: all callers that waited for the lease would now
 * send the same refresh token. Later, the refresh token is tried once more. A pause comes first, so that another process can store tokens
 * that it holds in memory.
 *
 * @throws OpenBankingError `refresh-outcome-unknown`
 */
async function waitForEarlierAttempt(
  profile: Profile,
  consent: string,
  attemptedAt: number,
): Promise<void> {
  const age = Date.now() - attemptedAt;
  if (age >= 0 && age < longestRequest(profile)) {
    throw new OpenBankingError('refresh-outcome-unknown', {
      problem: 'earlier',
      values: { consent, time: new Date(attemptedAt).toISOString() },
      outcome: 'not-sent',
    });
  }
  await wait(Math.min(4 * SAVING_PAUSE, longestRequest(profile) / 4));
}
