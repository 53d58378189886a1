import type { TokenSet } from '../../oauth/grants/tokenSet';
import { HOUR, MINUTE } from '../../lib/time';

/** The life of an access token. Times are milliseconds since the epoch. */
export interface TokenTimes {
  readonly obtainedAt: number;
  /** `undefined` if the bank sent no lifetime. */
  readonly expiresAt?: number;
  /** Whether there is a refresh token. */
  readonly isRefreshable: boolean;
}

/** Milliseconds for which an access token is used if the bank sent no lifetime, and the token can be refreshed. */
const DEFAULT_LIFETIME = 5 * MINUTE;

/** Milliseconds after which a token is refreshed, whatever lifetime the bank sent: some banks send milliseconds in place of seconds. */
const LONGEST_USE = 24 * HOUR;

/** The life of the access token in a token set. */
export function timesOf(tokens: TokenSet): TokenTimes {
  return {
    obtainedAt: wholeMilliseconds(Date.parse(tokens.obtained_at)) ?? Date.now(),
    expiresAt: wholeMilliseconds(Date.parse(tokens.expires_at ?? '')),
    isRefreshable: Boolean(tokens.refresh_token),
  };
}

/** When an access token expires. It is not known (`Infinity`) if the bank sent no lifetime, and the token cannot be refreshed. */
export function expiryOf({ obtainedAt, expiresAt, isRefreshable }: TokenTimes): number {
  return expiresAt ?? (isRefreshable ? obtainedAt + DEFAULT_LIFETIME : Infinity);
}

/** Whether an access token has not expired yet. */
export function isAlive(times: TokenTimes, now = Date.now()): boolean {
  return expiryOf(times) > now;
}

/**
 * Whether an access token is used without an attempt to refresh it. A token that cannot be refreshed is used until it expires.
 *
 * @param margin minimum milliseconds until it expires; at most half the lifetime counts, so that a token with a short lifetime is not
 *   refreshed at each call
 */
export function isFresh(times: TokenTimes, margin: number, now = Date.now()): boolean {
  const expiry = expiryOf(times);
  if (!times.isRefreshable) return expiry > now;
  const half = Math.max(0, (expiry - times.obtainedAt) / 2);
  return expiry - Math.min(margin, half) > now && now < times.obtainedAt + LONGEST_USE;
}

/** When the refresh token expires. RFC 6749 has no parameter for it; these two names are common. */
export function refreshTokenExpiryOf(tokens: TokenSet): number | undefined {
  const seconds = Number(tokens.refresh_token_expires_in ?? tokens.refresh_expires_in);
  return seconds > 0 ? wholeMilliseconds(timesOf(tokens).obtainedAt + seconds * 1000) : undefined;
}

/** The time as an integer; `undefined` if it is no date. Every store must return authenticated data exactly as it was written. */
function wholeMilliseconds(milliseconds: number): number | undefined {
  const isDate = milliseconds >= 0 && milliseconds < 8.64e15;
  return isDate ? Math.trunc(milliseconds) : undefined;
}
