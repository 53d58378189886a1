import { OpenBankingError } from '../../errors/OpenBankingError';
import { isoTime } from '../../lib/time';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import { storeNow, type StoredRecord } from '../../store/store';
import type { RecordContent } from '../records/recordContent';
import { isAlive, isFresh, timesOf } from '../records/tokenTimes';
import { isUnderWay, openAttempt } from './attempt';
import { checkFailure, endedConsent } from './consentErrors';
import { mayBeUnderWay, setbackError } from './refreshFailure';

/** The options of a caller that asks for a valid token. */
export interface RefreshOptions {
  /** Minimum milliseconds until the access token expires, see `isFresh`. */
  readonly margin: number;
  /** Whether a person asks to try once more, whatever the record says. */
  readonly tryAgain: boolean;
  /** Whether the token is to be refreshed although it is fresh. */
  readonly refreshNow: boolean;
  /** Whether a failed check is an error although the earlier access token lives. */
  readonly stopsAtCheck?: boolean;
}

/** A record, and the values that decide about its next step. */
export interface StepInput {
  readonly record: StoredRecord;
  readonly content: RecordContent;
  /** `x5t#S256` of the client certificate that is used now. */
  readonly certificateThumbprint: string;
  /** Whether the caller holds the lease of the record. Otherwise another caller may be refreshing it. */
  readonly isLeased?: boolean;
  /** Whether the received tokens were checked just now, and did not pass. */
  readonly isChecked?: boolean;
}

/** The next step for a record. */
export type NextStep =
  | { readonly step: 'use'; readonly tokens: TokenSet; readonly remarks: readonly string[] }
  | { readonly step: 'fail'; readonly error: OpenBankingError }
  /** The received tokens have to be checked again first. */
  | { readonly step: 'check' }
  | { readonly step: 'refresh'; readonly refreshToken: string };

/**
 * The next step for a record. The first row that applies counts.
 *
 * | The record                                                 | The step                                                       |
 * | ---------------------------------------------------------- | -------------------------------------------------------------- |
 * | fresh tokens, and the bank did not refuse their refresh    | use, unless the caller wants a refresh, or a person asks and   |
 * | token                                                      | there are received tokens to check                             |
 * | received tokens that were not checked just now             | check                                                          |
 * | received tokens of a refresh                               | fail with their check: the refresh token is spent. A person    |
 * |                                                            | may try again if the bank did not replace it                   |
 * | received tokens, and none that passed                      | fail with their check                                          |
 * | tokens without a refresh token                             | use while they live, then fail: ended                          |
 * | the consent ended                                          | fail: ended, or with the check of a newer consent. A person    |
 * |                                                            | may try again                                                  |
 * | an earlier request may be under way, and the caller holds  | fail: outcome unknown                                          |
 * | the lease                                                  |                                                                |
 * | a failed refresh (`Setback`) whose pause is not over       | fail with its error. A person may try again if no refresh is   |
 * |                                                            | under way                                                      |
 * | otherwise                                                  | refresh                                                        |
 *
 * The life of tokens is by the clock of this host, the times of attempts and setbacks by that of the store.
 *
 * A caller that gets an error uses the access token while it lives, see `ConsentTokens`, unless the bank refused the refresh token.
 */
export function nextStepOf(input: StepInput, options: RefreshOptions, now = Date.now()): NextStep {
  const { record, content, isLeased, isChecked } = input;
  const { consent } = record;
  const { tokens, refreshed, renewed, setback } = content;
  const { tryAgain } = options;
  const isOver = record.state === 'needs-consent';
  const isRefused = isOver || setback?.kind === 'refused';
  const use = (remarks: readonly string[] = []): NextStep => ({
    step: 'use',
    tokens: tokens!,
    remarks: [...remarks, ...renewalRemarks(input)],
  });
  const fail = (error: OpenBankingError): NextStep => ({ step: 'fail', error });

  const isUsable = isBound(input) && !isRefused;
  const isToCheck = Boolean(refreshed ?? renewed) && !isChecked;
  const isWanted = !options.refreshNow && !(tryAgain && isToCheck);
  if (isUsable && isWanted && isFresh(timesOf(tokens!), options.margin, now)) return use();
  if (isToCheck) return { step: 'check' };
  if (refreshed && !(tokens && tryAgain && !refreshed.tokens.refresh_token_rotated)) {
    return fail(checkFailure(refreshed));
  }
  if (!tokens) return fail(checkFailure(renewed!));
  const refreshToken = tokens.refresh_token;
  if (!refreshToken) {
    if (isUsable && isAlive(timesOf(tokens), now)) return use([withoutRefreshToken(consent)]);
    return fail(
      renewed
        ? checkFailure(renewed)
        : endedConsent({ problem: 'noRefreshToken', values: { consent } }),
    );
  }
  if (isOver && !tryAgain) return fail(renewed ? checkFailure(renewed) : endOf(input));
  const storeTime = storeNow(record.readAt);
  const open = openAttempt(record, content);
  if (isLeased && open && isUnderWay(open, storeTime)) {
    return fail(attemptUnderWay(consent, open.at));
  }
  if (setback && isWithin(setback.at, setback.until, storeTime)) {
    if (!tryAgain || mayBeUnderWay(setback, storeTime)) return fail(setbackError(consent, setback));
  }
  return { step: 'refresh', refreshToken };
}

function attemptUnderWay(consent: string, at: number): OpenBankingError {
  return new OpenBankingError('refresh-outcome-unknown', {
    problem: 'underWay',
    values: { consent, time: isoTime(at) },
    outcome: 'not-sent',
  });
}

/** Whether now is between two times. If now is before both, the clock was set back, and they do not count. */
function isWithin(from: number, until: number, now: number): boolean {
  return from <= now && now < until;
}

/** Whether there are tokens that passed, for the certificate that is used now. */
function isBound({ record, content, certificateThumbprint }: StepInput): boolean {
  const isBound = record.certificateThumbprint === certificateThumbprint;
  return isBound && Boolean(content.tokens?.authorization);
}

/** The tokens of a record whose access token lives, unless the bank refused their refresh token. */
export function livingTokens(input: StepInput, now = Date.now()): TokenSet | undefined {
  const { record, content } = input;
  const { tokens, setback } = content;
  const isRefused = record.state === 'needs-consent' || setback?.kind === 'refused';
  if (!tokens || isRefused || !isBound(input)) return undefined;
  return isAlive(timesOf(tokens), now) ? tokens : undefined;
}

function renewalRemarks({ record, content: { renewed } }: StepInput): string[] {
  if (!renewed?.check) return [];
  return [
    `Newer tokens of consent "${record.consent}", received on ${renewed.tokens.obtained_at}, are not used: ${checkFailure(renewed).sentence}`,
  ];
}

function withoutRefreshToken(consent: string): string {
  return `The token of consent "${consent}" cannot be refreshed: the bank gave no refresh token with it.`;
}

function endOf({ record: { consent }, content: { setback } }: StepInput): OpenBankingError {
  if (!setback) return endedConsent({ problem: 'refusedByFormer', values: { consent } });
  const { at, message } = setback;
  const values = { consent, time: isoTime(at), reason: message };
  return endedConsent({ problem: 'refusedBefore', values });
}
