import { deadline, isPast } from '../../lib/moment';
import type { Endpoints } from '../../profile/endpoints';
import { storeNow, type StoredRecord } from '../../store/store';
import { contentOf } from '../records/record';
import { identityOf } from '../records/recordContent';
import { busyConsent } from './consentErrors';
import { endLease, longestRequest, underLease, type HeldLease } from './lease';
import { storedCustomer } from './newConsentWriter';
import { checkReceived, type ReadRecord } from './receivedCheck';
import type { ConsentToken, RefreshContext, WantedRefresh } from './refreshContext';
import { refreshFailure } from './refreshFailure';
import { RefreshWriter } from './refreshWriter';
import { soleRecord } from './soleRecord';

/** Maximum number of leases for one refresh. If the process or the store is slow, it may be too late to send the request. */
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
  begun: StoredRecord,
): Promise<ConsentToken> {
  const usable = (found: StoredRecord): ConsentToken | undefined => {
    const content = contentOf(found, context.keys);
    const next = context.nextStep({ record: found, content });
    return next.step === 'use' ? { ...next, ...identityOf(content) } : undefined;
  };
  // Requests for metadata and keys may take long, so they come before the lease is taken.
  const endpoints = await context.client.prepareRefresh();
  const { consent } = begun;
  const work = (lease: HeldLease) => refreshHeld(context, lease, endpoints);
  for (let tries = 0; tries < MAXIMUM_TRIES; tries++) {
    // Another process may have renamed the record, or stored another one.
    const record = tries === 0 ? begun : await soleRecord(context, consent);
    const token = await underLease(context, record, work, usable);
    if (token) return token;
  }
  throw busyConsent(consent);
}

/** Thrown if it is too late to hand the request to its connection. */
class TooLate extends Error {}

/**
 * Takes the next step for a record whose lease the caller holds.
 *
 * @returns `undefined` if the lease was lost, the record was changed or its token expired; the caller then reads the record again
 */
async function refreshHeld(
  context: WantedRefresh,
  lease: HeldLease,
  endpoints: Endpoints,
): Promise<ConsentToken | undefined> {
  let read: ReadRecord;
  let refreshToken: string;
  let isChecked = false;
  try {
    const { record } = lease;
    const { attempt } = record;
    read = { record, content: contentOf(record, context.keys) };
    let next = context.nextStep(read, { isLeased: true });
    if (next.step === 'check') {
      const checked = await checkReceived(context, read);
      if (!checked || checked.hasPassed) {
        await endLease(context, lease);
        return undefined;
      }
      // The lease may know more of the attempt than the store.
      read = { ...checked, record: { ...checked.record, attempt } };
      isChecked = true;
      next = context.nextStep(read, { isLeased: true, isChecked });
    }
    if (next.step === 'fail') throw next.error;
    if (next.step !== 'refresh') {
      await endLease(context, lease);
      // The store may have been slow, and the token may no longer be fresh.
      next = context.nextStep(read, { isChecked });
      return next.step === 'use' ? { ...next, ...identityOf(read.content) } : undefined;
    }
    ({ refreshToken } = next);
  } catch (error) {
    await endLease(context, lease);
    throw error;
  }
  return send(context, { ...lease, ...read }, endpoints, refreshToken);
}

/** Marks the attempt, sends the refresh token, and stores what comes. */
async function send(
  context: RefreshContext,
  lease: HeldLease & ReadRecord,
  endpoints: Endpoints,
  refreshToken: string,
): Promise<ConsentToken | undefined> {
  const { client, store } = context;
  const { record, content, holder } = lease;
  const { timeouts } = client.profile;
  let attempt: Awaited<ReturnType<typeof store.markAttempt>>;
  try {
    attempt = await store.markAttempt(record.name, holder, longestRequest(client.profile));
  } catch (error) {
    await endLease(context, lease);
    throw error;
  }
  if (!attempt) {
    await endLease(context, lease);
    return undefined;
  }
  const deadlines = [lease.handOverBefore, deadline(attempt.sentAt, timeouts.connect)];
  const writer = new RefreshWriter(context, { ...lease, attempt });
  try {
    const received = await client.refreshLeased({
      endpoints,
      refreshToken,
      customer: await storedCustomer(content, client.profile),
      authorizationDetails: content.tokens?.authorization_details,
      beforeHandOver: () => {
        if (deadlines.some(isPast)) throw new TooLate();
      },
      onReceived: (tokens, expected) => writer.receive(tokens, expected),
    });
    return await writer.finish(received);
  } catch (error) {
    // Tokens were received. Storing them ends the lease, so it is not released here.
    if (writer.hasReceived) throw error;
    if (error instanceof TooLate) {
      await endLease(context, lease);
      return undefined;
    }
    const now = storeNow(record.readAt);
    const failure = refreshFailure(error, { record, content, attempt, now });
    await writer.settle(failure);
    throw failure.failure;
  }
}
