import { isoTime, MINUTE } from '../../lib/time';
import { storeNow, type StoredRecord } from '../../store/store';
import type { EncryptionKeys } from '../records/encryptionKeys';
import { keyOf } from '../records/envelope';
import type { RecordContent } from '../records/recordContent';
import { isAlive, isFresh, timesOf, type TokenTimes } from '../records/tokenTimes';
import { isUnderWay } from './attempt';
import { checkFailure } from './consentErrors';

/** A consent as operators see it, without secrets. Times are ISO 8601 in UTC. */
export interface ConsentSummary {
  consent: string;
  bank: string;
  client_id: string;
  /**
   * - `valid`: its access token may be used now;
   * - `expiring`: its access token will be refreshed at the next use;
   * - `outcome unknown`: a refresh was sent, and it is not known whether the bank carried it out;
   * - `refused`: the bank refused the last refresh, and is asked again in an hour;
   * - `check failed`: the tokens that came last did not pass their check, and are not used;
   * - `needs consent`: the bank refused its refresh token again, or the access token expired and there is no refresh token.
   */
  state: 'valid' | 'expiring' | 'outcome unknown' | 'refused' | 'check failed' | 'needs consent';
  /** Why the last refresh brought no tokens, or which check tokens did not pass. */
  reason?: string;
  /** When the access token expires, if the bank said so. */
  expires_at?: string;
  refreshed_at: string;
  /** When the refresh token expires, if the bank said so. */
  refresh_token_expires_at?: string;
  /** When the customer has to consent again at the latest, if there is no refresh token. */
  needs_consent_at?: string;
  /** `x5t#S256` of the client certificate that the tokens are bound to. */
  certificate_thumbprint: string;
}

/** The consents that the list of {@link formerKeyRemarks} names at most. */
const MAXIMUM_NAMED = 5;

/** A warning if records are not encrypted with the first key: their tokens are lost if their key is removed. */
export function formerKeyRemarks(
  records: readonly StoredRecord[],
  [first]: EncryptionKeys,
): string[] {
  const former = records.filter(({ envelope }) => !keyOf(envelope, [first]));
  if (former.length === 0) return [];
  const names = former.slice(0, MAXIMUM_NAMED).map(({ consent }) => `"${consent}"`);
  const more = former.length - names.length;
  const list = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [
    `Not yet encrypted with the first key of the credential: ${list}. Their tokens are lost if their key is removed from "Encryption Key" or, if it was derived from the private key, if the private key is replaced. They change to the first key when they are refreshed, for example with "Refresh Now" of "Get Stored Token".`,
  ];
}

/**
 * A stored record as operators see it.
 *
 * @param content `undefined` if it cannot be read with the keys of the credential
 * @param certificateThumbprint of the client certificate that is used now
 */
export function summaryOf(
  record: StoredRecord,
  content: RecordContent | undefined,
  certificateThumbprint: string,
  now = Date.now(),
): ConsentSummary {
  const { consent, bank, clientId, expiresAt, obtainedAt, refreshTokenExpiresAt } = record;
  const times = content?.tokens
    ? timesOf(content.tokens)
    : { obtainedAt, expiresAt, isRefreshable: true };
  const isBound = record.certificateThumbprint === certificateThumbprint;
  const reason = content && reasonOf(content);
  return {
    consent,
    bank,
    client_id: clientId,
    state: stateOf(record, content, { times, isBound, now }),
    ...(reason && { reason }),
    ...(expiresAt !== undefined && { expires_at: isoTime(expiresAt) }),
    refreshed_at: isoTime(obtainedAt),
    ...(refreshTokenExpiresAt !== undefined && {
      refresh_token_expires_at: isoTime(refreshTokenExpiresAt),
    }),
    ...(!times.isRefreshable &&
      times.expiresAt !== undefined && { needs_consent_at: isoTime(times.expiresAt) }),
    certificate_thumbprint: record.certificateThumbprint,
  };
}

function stateOf(
  { state, attempt, readAt }: StoredRecord,
  content: RecordContent | undefined,
  { times, isBound, now }: { times: TokenTimes; isBound: boolean; now: number },
): ConsentSummary['state'] {
  const { setback, refreshed, tokens } = content ?? {};
  if (refreshed || (content && !tokens)) return 'check failed';
  if (state === 'needs-consent') return 'needs consent';
  if (!times.isRefreshable && !isAlive(times, now)) return 'needs consent';
  if (setback?.kind === 'refused' || setback?.kind === 'unreadable') return 'refused';
  if (setback?.kind === 'unknown') return 'outcome unknown';
  if (attempt && !isUnderWay(attempt, storeNow(readAt))) return 'outcome unknown';
  return isBound && isFresh(times, MINUTE, now) ? 'valid' : 'expiring';
}

function reasonOf({ setback, refreshed, renewed }: RecordContent): string | undefined {
  if (refreshed) return checkFailure(refreshed).message;
  if (renewed) return checkFailure(renewed).message;
  return setback && `On ${isoTime(setback.at)}: ${setback.message}`;
}
