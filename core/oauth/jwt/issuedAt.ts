/** Seconds between `iat` and the present: the clock of this machine may be that far ahead of the bank's. */
export const DATED_BACK = 5;

/**
 * `iat` and `nbf` of a JWT that is signed at this time, in seconds since 1970: five seconds before it.
 *
 * A bank may refuse a JWT whose `nbf` is not in the past (RFC 7519 §4.1.5). By default WSO2 (JWTValidator) allows for no difference
 * between clocks, and refuses even the very millisecond of `nbf`.
 */
export function issuedAt(now: Date): number {
  return Math.floor(now.getTime() / 1000) - DATED_BACK;
}
