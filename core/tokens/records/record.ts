import type { ErrorCode } from '../../errors/catalogue';
import { bankOf, type Profile } from '../../profile/profile';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import type { EncryptionKeys } from './encryptionKeys';
import { seal, unseal, type ClearPart } from './seal';
import type { NewRecord, StoredRecord } from '../../store/store';
import { digest } from '../../lib/digest';

/** The encrypted part of a record. */
export interface RecordContent {
  readonly tokens: TokenSet;
  /** A digest of the first tokens. It identifies the consent that the customer gave, and refreshes do not change it. */
  readonly grant: string;
  /** Digests of the "First Refresh Token"s that were used. None is used a second time. */
  readonly imported: readonly string[];
  /** A check that the tokens failed. Such tokens are stored, but no caller gets them. */
  readonly failedCheck?: { readonly code: ErrorCode; readonly message: string };
}

/** The client, the bank and the consent of a record. */
export interface RecordOwner {
  readonly profile: Profile;
  readonly consent: string;
}

/** The name of a record: SHA-256 over bank, client ID and consent, in base64url. */
export function recordName({ profile, consent }: RecordOwner): string {
  return digest(JSON.stringify([bankOf(profile), profile.clientId, consent]));
}

/** A new record with encrypted content. */
export function newRecord(
  owner: RecordOwner,
  content: RecordContent,
  keys: EncryptionKeys,
): NewRecord {
  const { profile, consent } = owner;
  const { tokens } = content;
  const obtainedAt = wholeMilliseconds(Date.parse(tokens.obtained_at)) ?? Date.now();
  const clear: ClearPart = {
    name: recordName(owner),
    bank: bankOf(profile),
    clientId: profile.clientId,
    consent,
    expiresAt: wholeMilliseconds(Date.parse(tokens.expires_at ?? '')),
    obtainedAt,
    refreshTokenExpiresAt: refreshTokenExpiry(tokens, obtainedAt),
    certificateThumbprint: profile.certificateThumbprint,
  };
  return { ...clear, state: 'usable', envelope: seal(content, clear, keys) };
}

/**
 * The content of a record.
 *
 * @throws OpenBankingError `encryption-key-wrong`, `record-damaged`
 */
export function contentOf(record: StoredRecord, keys: EncryptionKeys): RecordContent {
  return unseal(record.envelope, record, keys) as RecordContent;
}

/** When the refresh token expires. RFC 6749 has no parameter for it; these two names are common. */
function refreshTokenExpiry(tokens: TokenSet, obtainedAt: number): number | undefined {
  const seconds = Number(tokens.refresh_token_expires_in ?? tokens.refresh_expires_in);
  return seconds > 0 ? wholeMilliseconds(obtainedAt + seconds * 1000) : undefined;
}

/** The time as an integer; `undefined` if it is no date. Every store must return authenticated data exactly as it was written. */
function wholeMilliseconds(milliseconds: number): number | undefined {
  const isDate = milliseconds >= 0 && milliseconds < 8.64e15;
  return isDate ? Math.trunc(milliseconds) : undefined;
}

/** Milliseconds for which an access token is used if the bank sent no lifetime. */
const DEFAULT_LIFETIME = 5 * 60 * 1000;

/** The beginning and the end of an access token's life, in milliseconds since the epoch. */
export interface TokenTimes {
  readonly obtainedAt: number;
  readonly expiresAt?: number;
}

/** When the use of an access token ends, in milliseconds since the epoch. */
function usableUntil({ obtainedAt, expiresAt }: TokenTimes): number {
  return expiresAt ?? obtainedAt + DEFAULT_LIFETIME;
}

/**
 * Whether an access token can still be used for a while.
 *
 * @param margin milliseconds; at most half the lifetime counts, so that a token with a short lifetime is not refreshed at each call
 */
export function livesOn(times: TokenTimes, margin: number, now = Date.now()): boolean {
  const until = usableUntil(times);
  const half = Math.max(0, (until - times.obtainedAt) / 2);
  return until - Math.min(margin, half) > now;
}
