import type { ErrorCode } from '../../errors/catalogue';
import type { Profile } from '../../profile/profile';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import type { EncryptionKeys } from './encryptionKeys';
import { seal, unseal, type ClearPart } from './seal';
import type { NewRecord, StoredRecord } from '../../store/store';
import { digest } from '../../lib/digest';

/** What is encrypted in a record. */
export interface RecordContent {
  readonly tokens: TokenSet;
  /** Names the consent that the customer gave: a digest of the first tokens, which stays the same through refreshes. */
  readonly grant: string;
  /** Digests of first refresh tokens that were used already: none is sent a second time. */
  readonly imported: readonly string[];
  /** A check of these tokens that failed: they are kept, and not handed out. */
  readonly failedCheck?: { readonly code: ErrorCode; readonly message: string };
}

/** Whose record it is. */
export interface RecordOwner {
  readonly profile: Profile;
  readonly consent: string;
}

/** The name of a record: SHA-256 over bank, client ID and consent, in base64url. */
export function recordName({ profile, consent }: RecordOwner): string {
  return digest(JSON.stringify([bankOf(profile), profile.clientId, consent]));
}

export { digest };

/** A record of these tokens, encrypted. */
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

/** How a record names the bank: by its token endpoint, or by its issuer where discovery tells the endpoints. */
export function bankOf({ bank }: Profile): string {
  return 'endpoints' in bank ? bank.endpoints.token.url : bank.discover;
}

/** Not part of RFC 6749; these two names are the common ones. */
function refreshTokenExpiry(tokens: TokenSet, obtainedAt: number): number | undefined {
  const seconds = Number(tokens.refresh_token_expires_in ?? tokens.refresh_expires_in);
  return seconds > 0 ? wholeMilliseconds(obtainedAt + seconds * 1000) : undefined;
}

/** As every store can keep it: what is authenticated has to come back to the digit. */
function wholeMilliseconds(milliseconds: number): number | undefined {
  const isDate = milliseconds >= 0 && milliseconds < 8.64e15;
  return isDate ? Math.trunc(milliseconds) : undefined;
}

/** Milliseconds that a token is used for at most whose life the bank did not tell. */
const UNKNOWN_LIFE = 5 * 60 * 1000;

/** When an access token is. Milliseconds since the epoch. */
export interface TokenTimes {
  readonly obtainedAt: number;
  readonly expiresAt?: number;
}

/** Until when an access token is used. */
export function usableUntil({ obtainedAt, expiresAt }: TokenTimes): number {
  return expiresAt ?? obtainedAt + UNKNOWN_LIFE;
}

/**
 * Whether an access token lives on for long enough.
 *
 * @param margin milliseconds; half its life at most, so that a token of a short life is not refreshed at every call
 */
export function livesOn(times: TokenTimes, margin: number, now = Date.now()): boolean {
  const until = usableUntil(times);
  const half = Math.max(0, (until - times.obtainedAt) / 2);
  return until - Math.min(margin, half) > now;
}
