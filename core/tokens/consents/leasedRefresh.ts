import { setTimeout as wait } from 'node:timers/promises';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { AttemptMark, StoredRecord } from '../../store/store';
import { contentOf } from '../records/record';
import { busyConsent } from './consentErrors';
import { longestRequest, takeLease, type HeldLease } from './lease';
import { checkReceived, type ReadRecord } from './receivedCheck';
import type { ConsentToken, RefreshContext, WantedRefresh } from './refreshContext';
import { RefreshWriter } from './refreshWriter';
import { storedCustomer } from './newConsentWriter';
import { openAttempt, refreshFailure } from './refreshFailure';
import { SAVING_PAUSE } from './unsavedRecords';

/** Maximum number of leases for one refresh. If the process or the store is slow, a lease may end before the request is sent. */
const MAXIMUM_TRIES = 5;

/**
 * Refreshes the tokens of a record under its lease. If another caller has just refreshed them, returns those tokens.
 *
 * Only the lease guards the refresh token: one caller at a time sends it, on all hosts.
 *
 * @throws OpenBankingError as `ConsentTokens.valid`
 */
export async function refreshUnderLease(
  context: WantedRefresh,
  record: Pick<StoredRecord, 'name' | 'consent'>,
): Promise<ConsentToken> {
  const usable = (found: StoredRecord) => {
    const content = contentOf(found, context.keys);
    const next = context.nextStep({ record: found, content });
    return next.step === 'use' ? { ...next, consentId: content.consentId } : undefined;
  };
  // Requests for metadata and keys may take long, so they come before the lease is taken.
  const endpoints = await context.client.prepareRefresh();
  for (let tries = 0; tries < MAXIMUM_TRIES; tries++) {
    const token = await context.limits.refreshes.use(async () => {
      const result = await takeLease(context, record, usable);
      return 'done' in result ? result.done : refreshHeld(context, result.lease, endpoints);
    });
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
  const { name, attempt } = lease.record;
  // If the release fails, the lease expires.
  const release = () => store.release(name, lease.holder, attempt).catch(() => undefined);
  let read: ReadRecord;
  let refreshToken: string;
  try {
    read = { record: lease.record, content: contentOf(lease.record, keys) };
    let next = context.nextStep(read, { isLeased: true });
    if (next.step === 'check') {
      const checked = await checkReceived(context, read);
      if (!checked || checked.hasPassed) {
        await release();
        return undefined;
      }
      read = checked;
      next = context.nextStep(read, { isLeased: true, isChecked: true });
    }
    if (next.step === 'fail') throw next.error;
    if (next.step !== 'refresh') {
      await release();
      return next.step === 'use' ? { ...next, consentId: read.content.consentId } : undefined;
    }
    ({ refreshToken } = next);
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
  const { name, attempt } = record;
  const longest = longestRequest(client.profile);
  const writer = new RefreshWriter(context, record, content, holder);
  const asBefore = { state: record.state, attempt };
  let mark: AttemptMark | undefined;
  try {
    mark = await store.markAttempt(name, holder, longest);
    if (!mark) return undefined;
  } catch (error) {
    await writer.settle({ ...asBefore, failure: error });
    throw error;
  }
  try {
    const received = await client.refreshLeased({
      endpoints,
      refreshToken,
      customer: await storedCustomer(content, client.profile),
      beforeHandOver: () => {
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
    const failure = refreshFailure(error, { record, content, mark });
    await writer.settle(failure);
    throw failure.failure;
  }
}

/** Waits before the refresh token of a process that died is tried once more: another process may store tokens that it holds in memory. */
async function pauseForOthers(profile: Profile): Promise<void> {
  await wait(Math.min(4 * SAVING_PAUSE, longestRequest(profile) / 4));
}
