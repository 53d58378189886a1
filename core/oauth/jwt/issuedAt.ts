/** Seconds from `iat` to the present. The clock of this machine may be this far ahead of the bank's clock. */
export const DATED_BACK = 5;

/**
 * `iat` and `nbf` of a JWT that is signed at `now`, in seconds since 1970. They are five seconds before `now`.
 *
 * A bank may refuse a JWT whose `nbf` is not in the past (RFC 7519 §4.1.5). By default WSO2 (JWTValidator) tolerates no difference
 * between clocks. It refuses a JWT even in the millisecond of its `nbf`.
 */
export function issuedAt(now: Date): number {
  return Math.floor(now.getTime() / 1000) - DATED_BACK;
}
