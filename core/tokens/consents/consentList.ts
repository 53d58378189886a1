import { livesOn } from '../records/record';
import type { StoredRecord } from '../../store/store';
import { MINUTE, isoTime } from '../../lib/time';

/** A consent as operators see it, without secrets. Times are ISO 8601 in UTC. */
export interface ConsentSummary {
  consent: string;
  bank: string;
  client_id: string;
  /**
   * - `valid`: its access token may be used now;
   * - `expiring`: its access token will be refreshed at the next use;
   * - `outcome unknown`: a refresh began more than a minute ago, and its outcome is not known;
   * - `needs consent`: the bank refused its refresh token.
   */
  state: 'valid' | 'expiring' | 'outcome unknown' | 'needs consent';
  /** When the access token expires, if the bank said so. */
  expires_at?: string;
  refreshed_at: string;
  /** When the refresh token expires, if the bank said so. */
  refresh_token_expires_at?: string;
  /** `x5t#S256` of the client certificate that the tokens are bound to. */
  certificate_thumbprint: string;
}

/**
 * A stored record as operators see it.
 *
 * @param certificateThumbprint of the client certificate that is used now
 */
export function summaryOf(
  record: StoredRecord,
  certificateThumbprint: string,
  now = Date.now(),
): ConsentSummary {
  const { consent, bank, clientId, expiresAt, obtainedAt, refreshTokenExpiresAt } = record;
  return {
    consent,
    bank,
    client_id: clientId,
    state: stateOf(record, certificateThumbprint, now),
    ...(expiresAt !== undefined && { expires_at: isoTime(expiresAt) }),
    refreshed_at: isoTime(obtainedAt),
    ...(refreshTokenExpiresAt !== undefined && {
      refresh_token_expires_at: isoTime(refreshTokenExpiresAt),
    }),
    certificate_thumbprint: record.certificateThumbprint,
  };
}

function stateOf(
  record: StoredRecord,
  certificateThumbprint: string,
  now: number,
): ConsentSummary['state'] {
  const { state, attemptedAt } = record;
  if (state === 'needs-consent') return 'needs consent';
  // During the first minute the refresh may still be under way.
  if (attemptedAt !== undefined && now - attemptedAt > MINUTE) return 'outcome unknown';
  const isBound = record.certificateThumbprint === certificateThumbprint;
  return isBound && livesOn(record, MINUTE, now) ? 'valid' : 'expiring';
}
