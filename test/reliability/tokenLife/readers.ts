import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '../../../core/oauth/client';
import type { TokenStore } from '../../../core/store/store';
import { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { encryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import { isQuick } from '../form';
import { LIFE, type FailingBank } from './failingBank';

/** Readers of a consent. */
export const READERS = isQuick ? 30 : 100;

/** Milliseconds between two reads of a reader. */
const PAUSE = 400;

/** Milliseconds after the end of its life in which a token may still arrive: it lived when it was looked at. */
const LATE = 1_000;

/** Seconds for which they read: longer than a life and the wait after a refresh that failed. */
const LONG = LIFE + 7;

/** The results of the readers of a consent. */
export interface ReadResults {
  reads: number;
  /** Reads that failed while an access token lived. */
  failedInsideLife: number;
  /** Tokens that were handed out although they had expired. */
  expired: number;
  sentWhileUnderWay: number;
  /** Whether a token could be had again, or the customer was named. */
  isStuck: boolean;
  codes: string[];
}

/** The stored tokens of a bank, as several processes open them. */
export async function openProcesses(
  bank: FailingBank,
  stores: readonly TokenStore[],
): Promise<ConsentTokens[]> {
  return Promise.all(
    stores.map(async (store) => {
      const client = await createClient(bank.settings);
      return new ConsentTokens(client, store, encryptionKeys(undefined, client.profile));
    }),
  );
}

/**
 * Lets readers ask for the token of a consent again and again, while the bank fails once.
 *
 * @param moment seconds after which the token is refreshed: by its margin in the second half of its life, by hand in the first half
 */
export async function readAll(
  bank: FailingBank,
  processes: readonly ConsentTokens[],
  consent: string,
  moment: number,
): Promise<ReadResults> {
  const results: ReadResults = {
    ...{ reads: 0, failedInsideLife: 0, expired: 0, sentWhileUnderWay: 0 },
    isStuck: true,
    codes: [],
  };
  await processes[0]!.valid(consent, { firstRefreshToken: `rt-${consent}-0` });
  const started = performance.now();
  const margin = (LIFE - moment) * 1000;
  const reader = async (index: number): Promise<void> => {
    const kept = processes[index % processes.length]!;
    await wait((index * PAUSE) / READERS);
    while (performance.now() < started + LONG * 1000) {
      const next = performance.now() + PAUSE;
      await read(kept);
      await wait(Math.max(0, next - performance.now()));
    }
  };
  const read = async (kept: ConsentTokens): Promise<void> => {
    results.reads++;
    const began = Date.now();
    try {
      const { tokens } = await kept.valid(consent, { margin });
      const expiry = Date.parse(tokens.expires_at!);
      const late = Date.now() - expiry;
      if (began > expiry || late > LATE) {
        results.expired++;
        results.codes.push(`expired ${late} ms ago`);
      }
      // The life of another token has begun.
      if (performance.now() > started + LIFE * 1000) results.isStuck = false;
    } catch (error) {
      const { code = String(error) } = error as { code?: string };
      if (code === 'consent-ended') results.isStuck = false;
      if (!bank.isAlive(consent, Date.now())) return;
      results.failedInsideLife++;
      const seconds = (performance.now() - started) / 1000;
      results.codes.push(`${code} after ${seconds.toFixed(1)} s`);
    }
  };
  const byHand = async (): Promise<void> => {
    if (moment >= LIFE / 2) return;
    await wait(moment * 1000);
    // Of this one it may be told that the refresh failed.
    await processes[0]!.valid(consent, { refreshNow: true }).catch(() => undefined);
  };
  await Promise.all([byHand(), ...Array.from({ length: READERS }, (_, index) => reader(index))]);
  results.sentWhileUnderWay = bank.sentWhileUnderWay(consent);
  return results;
}
