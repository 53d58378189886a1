import { randomUUID } from 'node:crypto';
import type { StoredRecord } from '../../store/store';
import { movedRecord, readableContent, rewritten } from '../records/record';
import type { Received } from '../records/recordContent';
import { busyConsent, unknownConsent } from './consentErrors';
import { endLease, underLease, type HeldLease } from './lease';
import { homeName, locateEverywhere, type Located } from './location';
import { nextRefreshToken } from './recordOrder';
import type { RefreshContext } from './refreshContext';

/** Maximum number of tries to leave one record. */
const MAXIMUM_TRIES = 20;

/** Milliseconds of a lease under which a record is moved or removed. */
const MOVING_TIME = 10_000;

/** A lease under which nothing is sent to the bank. */
type RecordLease = Pick<HeldLease, 'record' | 'holder'>;

/**
 * The only record of a consent. Two processes whose keys are in a different order, or whose settings name the bank differently, may each
 * have stored one. Then the one that does not count is removed. Both may have the same refresh token, so this waits if one is being
 * refreshed.
 *
 * @throws OpenBankingError `consent-unknown`, `store-busy`, those of the store, and those of {@link locateEverywhere}
 */
export async function soleRecord(context: RefreshContext, consent: string): Promise<StoredRecord> {
  for (let tries = 0; tries < MAXIMUM_TRIES; tries++) {
    const located = await locateEverywhere(context, consent);
    if (!located) throw unknownConsent(consent);
    const other = located.others.find((one) => !isIrreplaceable(context, located.record, one));
    if (!other) return located.record;
    await underLease(context, other, (lease) => removeOther(context, lease));
  }
  throw busyConsent(consent);
}

/**
 * Removes the other records of a consent, and moves the one that counts to the name of the first key, encrypted with it. Does not wait, also
 * not for a slot: a record whose lease another caller holds stays as it is until the next use. If the store fails, all stays as it is, too.
 *
 * @returns the record that counts
 */
export async function moveHome(
  context: RefreshContext,
  { record, others }: Pick<Located, 'record' | 'others'>,
): Promise<StoredRecord> {
  try {
    for (const other of others) {
      await underFreeLease(context, other, (lease) => removeOther(context, lease));
    }
    if (record.name === homeName(context, record.consent)) return record;
    const moved = await underFreeLease(context, record, (lease) => move(context, lease));
    return moved ?? record;
  } catch {
    return record;
  }
}

/** Does work under the lease of a record. @returns `undefined` if another caller holds it */
async function underFreeLease<Result>(
  { store, heart }: RefreshContext,
  { name }: StoredRecord,
  work: (lease: RecordLease) => Promise<Result>,
): Promise<Result | undefined> {
  return heart.while(async () => {
    const holder = { id: randomUUID(), process: heart.process };
    const result = await store.acquire(name, holder, MOVING_TIME);
    return result?.held ? work({ record: result.record, holder: holder.id }) : undefined;
  });
}

/**
 * Removes a record whose lease the caller holds, unless it was changed meanwhile, or has become the one that counts.
 *
 * @returns whether it was removed
 */
async function removeOther(context: RefreshContext, lease: RecordLease): Promise<boolean> {
  const { record } = lease;
  let isRemoved = false;
  try {
    const located = await locateEverywhere(context, record.consent);
    const isOther = located?.others.some(
      ({ name, revision }) => name === record.name && revision === record.revision,
    );
    if (!isOther || isIrreplaceable(context, located!.record, record)) return false;
    if (await withReceived(context, located!.record, record)) {
      isRemoved = await context.store.remove(record.name, record.revision, lease.holder);
    }
  } finally {
    if (!isRemoved) await endLease(context, lease);
  }
  return isRemoved;
}

/** Whether another record has the refresh token that its last refresh brought, and the record that counts does not have it. Then it stays. */
function isIrreplaceable(
  { keys }: RefreshContext,
  record: StoredRecord,
  other: StoredRecord,
): boolean {
  const token = readableContent(other, keys)?.refreshed?.tokens.refresh_token;
  const content = readableContent(record, keys);
  return token !== undefined && (!content || nextRefreshToken(content) !== token);
}

/**
 * Stores the received tokens of another record in the one that counts, if they are newer than all that it has: no received token is lost.
 *
 * @returns whether the other record holds nothing that is needed
 */
async function withReceived(
  { store, keys }: RefreshContext,
  record: StoredRecord,
  other: StoredRecord,
): Promise<boolean> {
  const renewed = readableContent(other, keys)?.renewed;
  const content = readableContent(record, keys);
  if (!renewed || !content) return true;
  const latest = Math.max(record.obtainedAt, timeOf(content.renewed));
  if (timeOf(renewed) <= latest) return true;
  const changed = rewritten(record, { ...content, renewed }, keys, record);
  return (await store.amend(changed, record.revision)) !== undefined;
}

function timeOf(received: Received | undefined): number {
  return Date.parse(received?.tokens.obtained_at ?? '') || 0;
}

/** Gives a record whose lease the caller holds the name and the encryption of the first key, and ends the lease. */
async function move(
  context: RefreshContext,
  { record, holder }: RecordLease,
): Promise<StoredRecord> {
  const { store, keys, client } = context;
  const { name } = record;
  const names = [name];
  try {
    const home = movedRecord(record, keys, client.profile);
    names.push(home.name);
    return (await store.rename(home, name, holder, record.revision)) ?? record;
  } finally {
    // If the answer was lost, the record may have either name.
    for (const present of names) {
      await endLease(context, { record: { ...record, name: present }, holder });
    }
  }
}
