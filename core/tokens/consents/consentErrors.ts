import type { ErrorCode, MessageDetails } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { StoredRecord } from '../../store/store';
import { isoTime } from '../../lib/time';

/** Refusals that end a consent, because the bank will not accept the refresh token again. */
const aboutTheRefreshToken = new Set<ErrorCode>([
  'invalid-grant',
  'refresh-token-unknown',
  'refresh-token-expired',
]);

/** `consent-unknown`: no tokens are stored for a consent. */
export function unknownConsent(consent: string): OpenBankingError {
  return new OpenBankingError('consent-unknown', {
    values: { consent },
    outcome: 'not-sent',
  });
}

/** `consent-ended`: the tokens of a consent cannot be refreshed. */
export function endedConsent(details: MessageDetails<'consent-ended'>): OpenBankingError {
  return new OpenBankingError('consent-ended', { ...details, outcome: 'not-sent' });
}

/** `store-busy`: another caller holds the lease of a consent for too long. */
export function busyConsent(consent: string): OpenBankingError {
  return new OpenBankingError('store-busy', {
    values: { consent },
    outcome: 'not-sent',
  });
}

/** The warning that tokens wait in memory because they could not be stored. */
export function notStored(consent: string, error: unknown): string {
  const reason = error instanceof OpenBankingError ? error.message : 'it failed';
  return new OpenBankingError('token-not-stored', {
    values: { consent, reason },
  }).text;
}

/** A refresh that brought no tokens: its effect on the record, and the error for the caller. */
export interface RefreshFailure {
  /** For `TokenStore.release`. */
  readonly outcome: 'unchanged' | 'unknown' | 'needs-consent';
  readonly failure: unknown;
}

/**
 * The effect of a failed refresh on its record, and the error for the caller.
 *
 * @param record the record before the refresh
 */
export function refreshFailure(error: unknown, record: StoredRecord): RefreshFailure {
  const { consent, attemptedAt, obtainedAt } = record;
  const asBefore = attemptedAt === undefined ? 'unchanged' : 'unknown';
  if (!(error instanceof OpenBankingError)) return { outcome: 'unknown', failure: error };
  if (error.outcome === 'not-sent') return { outcome: asBefore, failure: error };
  if (error.outcome !== 'refused') {
    const failure = new OpenBankingError('refresh-outcome-unknown', {
      problem: 'noAnswer',
      values: { consent, reason: error.message },
      status: error.status,
      outcome: 'unknown',
    });
    return { outcome: 'unknown', failure };
  }
  if (!aboutTheRefreshToken.has(error.code)) return { outcome: asBefore, failure: error };
  const values = { consent, reason: error.message };
  const ended = endedConsent({ problem: 'refused', values });
  const reasons: string[] = [];
  if (attemptedAt !== undefined) {
    reasons.push(
      `A refresh was sent on ${isoTime(attemptedAt)} and its answer, which held the next refresh token, was lost.`,
    );
  }
  if (error.code === 'refresh-token-expired') {
    reasons.push(
      `The last refresh was on ${isoTime(obtainedAt)}: run the schedule more often than the refresh token lives.`,
    );
  }
  const description = [...reasons, ended.description].join(' ');
  return {
    outcome: 'needs-consent',
    failure: ended.with({ description, status: error.status, outcome: 'refused' }),
  };
}
