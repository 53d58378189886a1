import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { digest } from '../../lib/digest';
import { LeastRecentlyUsed } from '../../lib/leastRecentlyUsed';
import { LONGEST_TIMER, MINUTE } from '../../lib/time';
import { identityOf } from '../records/recordContent';
import { expiryOf, isAlive, timesOf } from '../records/tokenTimes';
import { usedUnrefreshed } from './consentErrors';
import { refreshUnderLease } from './leasedRefresh';
import {
  livingTokens,
  nextStepOf,
  type NextStep,
  type RefreshOptions,
  type StepInput,
} from './nextStep';
import { presentRecord, type PresentRecord, type WantedConsent } from './presentRecord';
import { checkReceived, type ReadRecord } from './receivedCheck';
import type { ConsentToken, RefreshContext, StepFlags, WantedRefresh } from './refreshContext';
import type { RefreshTokenIndex } from './refreshTokenIndex';
import { moveHome, soleRecord } from './soleRecord';
import type { TokenMemory } from './tokenMemory';

/** Error codes of a store that is temporarily unavailable. */
const unreachable = new Set<ErrorCode>(['store-unavailable', 'store-not-writable']);

/** Error codes after which an access token is not used, although it may live. */
const final = new Set<ErrorCode>([
  'invalid-grant',
  'refresh-token-unknown',
  'refresh-token-expired',
  'consent-withdrawn',
  'customer-disabled',
  'consent-ended',
  'consent-unknown',
  'record-damaged',
]);

/** Milliseconds between two checks of received tokens while the stored tokens are used. */
const CHECK_PAUSE = MINUTE;

/** Milliseconds before its end at which a living token is handed out, although its refresh is still under way. */
const LAST_MOMENT = 1000;

/** Finds records, and refreshes them if that is needed. */
export class TokenSource {
  /** When this process last checked received tokens again (`performance.now()`), by the name of the consent. */
  readonly #checkedAt = new LeastRecentlyUsed<number>(10_000);

  constructor(
    private readonly context: RefreshContext,
    private readonly memory: TokenMemory,
    private readonly refreshTokens: RefreshTokenIndex,
  ) {}

  /** A valid token, see `ConsentTokens.valid`. */
  async obtain(wanted: WantedConsent, options: RefreshOptions): Promise<ConsentToken> {
    const { name, consent } = wanted;
    let begun: PresentRecord;
    try {
      begun = await presentRecord(this.context, wanted);
    } catch (error) {
      // If the store is temporarily unavailable, a living token from memory is still returned.
      const isAway = error instanceof OpenBankingError && unreachable.has(error.code);
      const known = isAway ? this.memory.living(name) : undefined;
      if (!isAway || !known) throw error;
      return { ...known, remarks: [error.text] };
    }
    const nextStep = (read: ReadRecord, flags: StepFlags = {}) =>
      nextStepOf(
        { ...this.#stepInput(read), ...flags },
        // If another caller has asked the bank since this one asked, that is enough.
        {
          ...options,
          refreshNow: options.refreshNow && isSame(read, begun),
          tryAgain: options.tryAgain && read.content.setback?.at === begun.content.setback?.at,
        },
      );
    const { others, remarks } = begun;
    const isAlone = others.length === 0;
    const { read, flags } = await this.#checkBeside(wanted, begun, nextStep);
    let next = nextStep(read, flags);
    const settle = () => moveHome(this.context, { record: read.record, others });
    if (next.step === 'fail') await settle();
    if (next.step === 'use' && !isAlone) {
      await settle();
      // The store may have been slow, and the token may no longer be fresh.
      next = nextStep(read, flags);
    }
    const refresh = async () => {
      const record = await settle();
      return refreshUnderLease(
        { ...this.context, nextStep },
        isAlone ? record : await soleRecord(this.context, consent),
      );
    };
    const token = await this.#take(wanted, read, next, refresh, options).catch((error: unknown) =>
      this.#presentOrThrow(wanted, read, error, options),
    );
    return { ...token, remarks: [...token.remarks, ...remarks] };
  }

  /** Takes the next step for a record. */
  async #take(
    { name }: WantedConsent,
    read: ReadRecord,
    next: NextStep,
    refresh: () => Promise<ConsentToken>,
    { refreshNow }: RefreshOptions,
  ): Promise<ConsentToken> {
    const identity = identityOf(read.content);
    if (next.step === 'use') {
      const { tokens, remarks } = next;
      if (remarks.length === 0) this.memory.remember(name, { tokens, ...identity });
      return { tokens, remarks, ...identity };
    }
    if (next.step === 'fail') throw next.error;
    const refreshing = refresh().then((token) => {
      const { tokens } = token;
      this.memory.remember(name, token);
      if (tokens.refresh_token) {
        this.refreshTokens.add(digest(tokens.refresh_token), read.record.consent);
      }
      return token;
    });
    // A caller that wants another token has no use for the present one, for example because the bank refused it.
    return refreshNow ? refreshing : this.#inTime(read, refreshing);
  }

  /**
   * The refreshed token, or the present one in the last moment of its life. The refresh then goes on. If this process stood still and that
   * moment is past, the present token has expired, and only the refreshed one is left.
   */
  async #inTime(read: ReadRecord, refreshing: Promise<ConsentToken>): Promise<ConsentToken> {
    const tokens = livingTokens(this.#stepInput(read));
    if (!tokens) return refreshing;
    const life = expiryOf(timesOf(tokens)) - Date.now();
    let timer: NodeJS.Timeout | undefined;
    const lastMoment = new Promise<ConsentToken>((resolve) => {
      const remark = `The refresh of consent "${read.record.consent}" is still under way, so the present token is returned. It expires soon.`;
      const handOut = () => {
        if (!isAlive(timesOf(tokens))) return;
        resolve({ tokens, remarks: [remark], ...identityOf(read.content) });
      };
      timer = setTimeout(handOut, Math.min(Math.max(life - LAST_MOMENT, life / 2), LONGEST_TIMER));
    });
    // If the token is handed out first, nobody waits for the refresh.
    refreshing.catch(() => undefined);
    try {
      return await Promise.race([refreshing, lastMoment]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The present token if it lives. @throws OpenBankingError `error` if it does not, or if the bank refused its refresh token */
  #presentOrThrow(
    { name }: WantedConsent,
    read: ReadRecord,
    error: unknown,
    { stopsAtCheck }: RefreshOptions,
  ): ConsentToken {
    if (!(error instanceof OpenBankingError)) throw error;
    if (final.has(error.code)) this.memory.forget(name);
    const isStop = final.has(error.code) || (stopsAtCheck && error.outcome === 'received');
    const tokens = isStop ? undefined : livingTokens(this.#stepInput(read));
    if (!tokens) throw error;
    const remarks = [usedUnrefreshed(read.record.consent, error)];
    return { tokens, remarks, ...identityOf(read.content) };
  }

  /** Checks received tokens again while the stored tokens are used, at most once a minute. */
  async #checkBeside(
    { name }: WantedConsent,
    read: ReadRecord,
    nextStep: WantedRefresh['nextStep'],
  ): Promise<{ read: ReadRecord; flags?: StepFlags }> {
    const { content } = read;
    const now = performance.now();
    const isDue = now - (this.#checkedAt.get(name) ?? -Infinity) >= CHECK_PAUSE;
    const isBeside = isDue && Boolean(content.refreshed ?? content.renewed);
    if (!isBeside || nextStep(read).step !== 'use') return { read };
    this.#checkedAt.forget(name);
    this.#checkedAt.obtain(name, () => now);
    // If the store cannot be written, the stored tokens are still good, unless the check took too long.
    const checked = await checkReceived(this.context, read).catch(() => undefined);
    return checked ? { read: checked, flags: { isChecked: !checked.hasPassed } } : { read };
  }

  #stepInput(read: ReadRecord): StepInput {
    const { certificateThumbprint } = this.context.client.profile;
    return { ...read, certificateThumbprint };
  }
}

function isSame({ content: { tokens } }: ReadRecord, { content: { tokens: before } }: ReadRecord) {
  return (
    tokens?.access_token === before?.access_token && tokens?.obtained_at === before?.obtained_at
  );
}
