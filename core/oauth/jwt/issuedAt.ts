/** Seconds that what is signed here is dated back: as far as the clock of this machine may be ahead. */
export const DATED_BACK = 5;

/**
 * `iat` and `nbf` of what is signed here, in seconds since 1970: five seconds ago, so that a bank whose clock is a little behind takes it.
 *
 * A server accepts the instant of `nbf`, and may tolerate clocks that differ (RFC 7519 §4.1.5). WSO2 by default does neither
 * (JWTValidator): what was signed in the first millisecond of a second it would refuse in that same millisecond.
 */
export function issuedAt(now: Date): number {
  return Math.floor(now.getTime() / 1000) - DATED_BACK;
}
