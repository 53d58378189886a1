import { OpenBankingError } from '../../errors/OpenBankingError';
import { HOUR, isoTime, MINUTE } from '../../lib/time';
import { isAboutTheRefreshToken, isUnreadableRefusal } from '../../oauth/grants/refusals';
import type { AttemptMark, StoredRecord } from '../../store/store';
import type { RecordContent, Setback } from '../records/recordContent';
import { endedAt, openAttempt, SECOND_TRY_PAUSE } from './attempt';
import { endedConsent, TRY_ONCE_MORE } from './consentErrors';

/** Maximum milliseconds for which `Retry-After` is heeded. */
const LONGEST_WAIT = 5 * MINUTE;

/** A refresh that brought no tokens, and the record before it. */
export interface FailedRefresh {
  readonly record: StoredRecord;
  readonly content: RecordContent;
  /** The mark of its attempt. */
  readonly attempt: AttemptMark;
  /** The end of its request: the answer, or the end of its connection. In milliseconds since the epoch, by the store's clock. */
  readonly now: number;
}

/** The changes to a record after a failed refresh, and the error for the caller. */
export interface RefreshFailure {
  /** The new content; `undefined` if it does not change, because the bank did not look at the refresh token. */
  readonly content?: RecordContent;
  readonly state: StoredRecord['state'];
  /** The attempt mark from now on. */
  readonly attempt?: AttemptMark;
  readonly failure: unknown;
}

/**
 * The changes to a record after a refresh that brought no tokens.
 *
 * | The error                                  | Stored as    | The next try             | The consent ends                        |
 * | ------------------------------------------ | ------------ | ------------------------ | --------------------------------------- |
 * | nothing was sent; client, key or request   | –            | at the next call         | never                                   |
 * | 429                                        | `wait`       | `Retry-After`, or 5 s    | never                                   |
 * | 5xx, an answer without tokens, the end of  | `unknown`    | `Retry-After`, or 5 s    | never                                   |
 * | the connection (also at the time limit)    |              |                          |                                         |
 * | a refusal that cannot be read              | `unreadable` | an hour later            | if an answer was lost before            |
 * | `invalid_grant`                            | `refused`    | an hour later            | if an answer was lost before, or if it  |
 * |                                            |              |                          | was refused an hour ago or longer; not  |
 * |                                            |              |                          | if the customer's log-in is disabled    |
 */
export function refreshFailure(error: unknown, failed: FailedRefresh): RefreshFailure {
  const { record } = failed;
  const { state, attempt } = record;
  const unchanged = { state, attempt, failure: error };
  if (!(error instanceof OpenBankingError)) {
    const values = { server: 'The bank', reason: 'this package failed' };
    const unexpected = new OpenBankingError('request-failed', { values, outcome: 'unknown' });
    return { ...stored(setbackOf(unexpected, 'unknown', failed), failed), failure: error };
  }
  const kind = kindOf(error);
  if (!kind) return unchanged;
  const setback = setbackOf(error, kind, failed);
  return isTheEnd(setback, failed)
    ? { ...stored(setback, failed), state: 'needs-consent', failure: endOf(error, setback, record) }
    : { ...stored(setback, failed), failure: failureOf(error, setback, record.consent) };
}

/** The setback of a refresh that brought a refresh token and no access token. */
export function withoutAccessToken({ at }: AttemptMark, now: number): Setback {
  const { code, message } = new OpenBankingError('response-invalid', { problem: 'noToken' });
  return { at, kind: 'unreadable', code, message, until: now + HOUR, count: 1 };
}

function kindOf(error: OpenBankingError): Setback['kind'] | undefined {
  if (error.outcome === 'not-sent') return undefined;
  if (error.outcome !== 'refused') return 'unknown';
  if (error.code === 'too-many-requests') return 'wait';
  if (isAboutTheRefreshToken(error)) return 'refused';
  return isUnreadableRefusal(error) ? 'unreadable' : undefined;
}

function setbackOf(
  { code, message, status, retryAfter }: OpenBankingError,
  kind: Setback['kind'],
  { record, content, attempt: { at }, now }: FailedRefresh,
): Setback {
  const { setback: former } = content;
  const pause = Math.min(retryAfter ?? SECOND_TRY_PAUSE, LONGEST_WAIT);
  const until = {
    refused: now + HOUR,
    unreadable: now + HOUR,
    wait: now + pause,
    unknown: now + pause,
  };
  const isRefused = kind === 'refused' && code !== 'customer-disabled';
  const refusedAt = former?.refusedAt ?? (isRefused ? now : undefined);
  const isLost = kind === 'unknown' && isAnswerLost(status);
  const lostAt = isLost ? at : (openAttempt(record, content)?.at ?? former?.lostAt);
  return {
    ...{ at, kind, code, message, until: until[kind] },
    count: former?.kind === kind ? former.count + 1 : 1,
    ...(status !== undefined && { status }),
    ...(refusedAt !== undefined && { refusedAt }),
    ...(lostAt !== undefined && { lostAt }),
  };
}

/**
 * Whether an answer with tokens may have been lost: no answer came, a gateway lost it (502, 504), or a success had no tokens in it.
 * Any other answer says that the server failed.
 */
function isAnswerLost(status: number | undefined): boolean {
  return status === undefined || status < 300 || status === 502 || status === 504;
}

function isTheEnd(
  { kind, code, refusedAt, lostAt }: Setback,
  { record, content: { setback: former }, now }: FailedRefresh,
): boolean {
  if (kind !== 'refused' && kind !== 'unreadable') return false;
  if (record.state === 'needs-consent' || lostAt !== undefined) return true;
  // The same refresh token works again as soon as the bank enables the customer.
  if (code === 'customer-disabled') return false;
  const wasRefused = former?.refusedAt !== undefined && kind === 'refused';
  return wasRefused && now - refusedAt! >= HOUR;
}

function stored(
  setback: Setback,
  { record, content, attempt, now }: FailedRefresh,
): Omit<RefreshFailure, 'failure'> {
  return {
    content: { ...content, setback },
    state: record.state,
    ...(setback.kind === 'unknown' && { attempt: endedAt(attempt, now) }),
  };
}

/** The error for the caller whose refresh failed. */
function failureOf(error: OpenBankingError, setback: Setback, consent: string): OpenBankingError {
  const { message: reason, status, retryAfter } = error;
  if (setback.kind !== 'unknown') {
    const told = setbackError(consent, setback).with({ status, retryAfter, outcome: 'refused' });
    // Only here the values are known that were sent.
    return setback.kind === 'unreadable'
      ? told.with({ description: `${told.description} ${error.description}` })
      : told;
  }
  const values = { consent, reason };
  const details = { values, status, retryAfter, outcome: 'unknown' } as const;
  return new OpenBankingError('refresh-outcome-unknown', { problem: 'failed', ...details });
}

function endOf(
  error: OpenBankingError,
  setback: Setback,
  { consent, obtainedAt }: StoredRecord,
): OpenBankingError {
  const ended = endedConsent({ problem: 'refused', values: { consent, reason: error.message } });
  const reasons: string[] = [];
  if (setback.lostAt !== undefined) {
    reasons.push(
      `A refresh was sent on ${isoTime(setback.lostAt)}, and its answer, which may have held the next refresh token, was lost.`,
    );
  }
  if (error.code === 'refresh-token-expired') {
    reasons.push(
      `The last refresh was on ${isoTime(obtainedAt)}: run the schedule more often than the refresh token lives.`,
    );
  }
  const description = [...reasons, ended.description].join(' ');
  return ended.with({ description, status: error.status, outcome: 'refused' });
}

/** The error for every other caller, until the bank is asked again. Nothing was sent for that caller. */
export function setbackError(consent: string, setback: Setback): OpenBankingError {
  const { at, kind, code, message, status, until, count } = setback;
  const time = isoTime(at);
  if (kind === 'unknown') {
    return new OpenBankingError('refresh-outcome-unknown', {
      problem: 'earlier',
      values: { consent, time, reason: message },
      status,
      outcome: 'not-sent',
    });
  }
  const times = count > 1 ? `, ${count} times in a row` : '';
  const description = [
    `This was the answer to the refresh of consent "${consent}" on ${time}${times}.`,
    `The bank is asked again after ${isoTime(until)}, or at once with ${TRY_ONCE_MORE}.`,
    meanings[kind],
  ].join(' ');
  return new OpenBankingError(code, { message, description, status, outcome: 'not-sent' });
}

/** The end of the advice after each kind of refusal. */
const meanings = {
  wait: 'Nothing is lost.',
  unreadable:
    'The answer does not say why: often a gateway of the bank is out of order. The refresh token is still stored.',
  refused:
    'If the refresh token is refused again then, the consent has ended. The bank may be out of order; if it is not, ask the customer for consent again.',
};

/** Whether a refresh may still be under way, so that not even a person may send the same refresh token. */
export function mayBeUnderWay({ kind, status, until }: Setback, now: number): boolean {
  return kind === 'unknown' && status === undefined && now < until;
}
