import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { prepareRefresh, refreshLeased } from '../../oauth/grants/grants';
import type { Profile } from '../../profile/profile';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import {
  busyConsent,
  endedConsent,
  notStored,
  refreshFailure,
  unknownConsent,
  unknownOutcome,
} from './consentErrors';
import type { EncryptionKeys } from '../records/encryptionKeys';
import { contentOf, newRecord, type RecordContent } from '../records/record';
import type { StoredRecord, TokenStore } from '../../store/store';
import { SAVING_PAUSE, type UnsavedRecords } from './unsavedRecords';

/** What a refresh works with. */
export interface RefreshContext {
  readonly profile: Profile;
  readonly store: TokenStore;
  readonly keys: EncryptionKeys;
  readonly unsaved: UnsavedRecords;
  /** The tokens of a record that may be handed out; nothing where it has to be refreshed. @throws where a check of them failed */
  readonly usable: (record: StoredRecord) => TokenSet | undefined;
}

/** Tokens of a consent that may be used now. */
export interface ConsentToken {
  readonly tokens: TokenSet;
  /** What is worth a look all the same. */
  readonly remarks: readonly string[];
}

/** How much longer than a request may take a lease is held, for what the store and this process do before and after it. */
const LEASE_RESERVE = 1.5;

/** Times that a lease is taken where each is lost before anything is sent, because this process or the store is too slow. */
const MAXIMUM_TRIES = 5;

/** A lease that somebody holds. */
export interface HeldLease {
  readonly record: StoredRecord;
  readonly holder: string;
  /** When a request has to be sent at the latest, so that its answer is there before the lease ends (`performance.now()`). */
  readonly sendBefore: number;
}

/** Milliseconds that a request takes at most. */
function longestRequest({ timeouts }: Profile): number {
  return timeouts.connect + timeouts.request;
}

/**
 * Takes the lease of a record, or waits for whoever holds it.
 *
 * @param isDone looks at the record between two tries: what it returns ends the waiting
 * @throws OpenBankingError `consent-unknown`, `store-busy`, and those of the store
 */
export async function takeLease<Done>(
  { profile, store }: Pick<RefreshContext, 'profile' | 'store'>,
  { name, consent }: Pick<StoredRecord, 'name' | 'consent'>,
  isDone: (record: StoredRecord) => Done | undefined,
): Promise<{ lease: HeldLease } | { done: Done }> {
  const longest = longestRequest(profile);
  const duration = LEASE_RESERVE * longest;
  // Whoever holds the lease is done, or gone, after that.
  const deadline = performance.now() + 2 * duration;
  for (let pause = 10; ; pause = Math.min(pause * 2, 200)) {
    const holder = randomUUID();
    const askedAt = performance.now();
    const result = await store.acquire(name, holder, duration);
    if (!result) throw unknownConsent(consent);
    if (result.held) {
      const sendBefore = askedAt + duration - longest;
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
 * Refreshes the tokens of a record under its lease, or takes what another caller's refresh brought.
 *
 * @throws OpenBankingError as `ConsentTokens.valid`
 */
export async function refreshUnderLease(
  context: RefreshContext,
  record: Pick<StoredRecord, 'name' | 'consent'>,
): Promise<ConsentToken> {
  // Before the lease, because it takes its time.
  await prepareRefresh(context.profile);
  for (let tries = 0; tries < MAXIMUM_TRIES; tries++) {
    const result = await takeLease(context, record, context.usable);
    if ('done' in result) return { tokens: result.done, remarks: [] };
    const token = await refreshHeld(context, result.lease);
    if (token) return token;
  }
  throw busyConsent(record.consent);
}

/** The lease ended before anything was sent. */
class LeaseOver extends Error {}

/** @returns nothing where the lease was lost, or the record changed by somebody else: then it has to be looked at anew */
async function refreshHeld(
  context: RefreshContext,
  lease: HeldLease,
): Promise<ConsentToken | undefined> {
  const { profile, store, keys } = context;
  const { record, holder, sendBefore } = lease;
  const { name, consent, attemptedAt } = record;
  const giveBack = (outcome: 'unchanged' | 'unknown' | 'needs-consent') =>
    // Where that fails, the lease ends by itself.
    store.release(name, holder, outcome).catch(() => undefined);
  const asBefore = attemptedAt === undefined ? 'unchanged' : 'unknown';
  let content: RecordContent;
  try {
    const usable = context.usable(record);
    if (usable) {
      await giveBack('unchanged');
      return { tokens: usable, remarks: [] };
    }
    if (record.state === 'needs-consent') throw endedConsent(consent);
    content = contentOf(record, keys);
    if (!content.tokens.refresh_token) {
      throw endedConsent(consent, 'the bank gave no refresh token with it');
    }
    if (attemptedAt !== undefined) await respectAttempt(profile, consent, attemptedAt);
    if (!(await store.markAttempt(name, holder, Date.now()))) return undefined;
  } catch (error) {
    await giveBack(asBefore);
    throw error;
  }
  const keeping = new Keeping(context, record, content);
  try {
    const { failedCheck, tokens, remarks } = await refreshLeased(profile, {
      refreshToken: content.tokens.refresh_token,
      beforeSend: () => {
        if (performance.now() > sendBefore) throw new LeaseOver();
      },
      onReceived: (received) => keeping.receive(received),
    });
    return await keeping.finish(tokens, failedCheck, remarks);
  } catch (error) {
    // Received tokens are stored, or wait for it; the lease is none of them to give back.
    if (keeping.hasReceived) throw error;
    if (error instanceof LeaseOver) {
      await giveBack(asBefore);
      return undefined;
    }
    const { outcome, failure } = refreshFailure(error, record);
    await giveBack(outcome);
    throw failure;
  }
}

/**
 * An earlier refresh whose end is not known. Where its caller lives, it has given the lease back a moment ago: all who waited would send
 * the same refresh token at once, so they are told what became of it. Where its caller has ended, the refresh token is tried once more; but
 * not before tokens that wait in the memory of a process without a store had time to be stored.
 */
async function respectAttempt(
  profile: Profile,
  consent: string,
  attemptedAt: number,
): Promise<void> {
  const age = Date.now() - attemptedAt;
  if (age >= 0 && age < longestRequest(profile)) {
    const when = new Date(attemptedAt).toISOString();
    throw unknownOutcome(consent, `one was sent on ${when}, and no answer came`, 'not-sent');
  }
  await wait(Math.min(4 * SAVING_PAUSE, longestRequest(profile) / 4));
}

/** Puts received tokens in the place of a record's, first as they came, then as they were checked. */
class Keeping {
  hasReceived = false;
  #revision: number;

  constructor(
    private readonly context: RefreshContext,
    private readonly record: StoredRecord,
    private readonly content: RecordContent,
  ) {
    this.#revision = record.revision;
  }

  /** Stores them as they came, under the lease: a check of them may take its time, or fail. */
  async receive(tokens: TokenSet): Promise<void> {
    this.hasReceived = true;
    const { store } = this.context;
    const stored = await store
      .receive(this.#recordOf(tokens), this.#revision)
      // `finish` stores them once more.
      .catch(() => undefined);
    if (stored) this.#revision = stored.revision;
  }

  /** @returns nothing where somebody kept the tokens of a newer consent meanwhile: those count */
  async finish(
    tokens: TokenSet,
    failedCheck: OpenBankingError | undefined,
    remarks: readonly string[],
  ): Promise<ConsentToken | undefined> {
    this.hasReceived = true;
    const { store, unsaved } = this.context;
    const { name, consent, attemptedAt } = this.record;
    const { code, message } = failedCheck ?? {};
    const next = this.#recordOf(tokens, code && { code, message: message! });
    const all = [...remarks, ...scheduleRemarks(this.record, next.refreshTokenExpiresAt)];
    if (attemptedAt !== undefined) {
      all.push(
        `An earlier refresh of consent "${consent}" did not end; the bank accepted its refresh token once more.`,
      );
    }
    const save = () => store.replace(next, this.#revision);
    try {
      if (!(await save())) return undefined;
    } catch (error) {
      unsaved.add(name, save);
      all.push(notStored(consent, error));
    }
    if (failedCheck) throw failedCheck;
    return { tokens, remarks: all };
  }

  #recordOf(tokens: TokenSet, failedCheck?: RecordContent['failedCheck']) {
    const owner = { profile: this.context.profile, consent: this.record.consent };
    const { grant, imported } = this.content;
    return newRecord(owner, { tokens, grant, imported, failedCheck }, this.context.keys);
  }
}

const HOUR = 60 * 60 * 1000;

/** Warns before a schedule is slower than the refresh token lives. */
function scheduleRemarks(
  { consent, obtainedAt }: StoredRecord,
  refreshTokenExpiresAt: number | undefined,
): string[] {
  if (refreshTokenExpiresAt === undefined) return [];
  const since = Date.now() - obtainedAt;
  const life = refreshTokenExpiresAt - Date.now();
  if (since < 0.8 * life) return [];
  const hours = (milliseconds: number) => (milliseconds / HOUR).toFixed(1);
  return [
    `Consent "${consent}" was refreshed after ${hours(since)} hours, and its refresh token lives ${hours(life)} hours: run the schedule more often, or it will expire in between.`,
  ];
}
