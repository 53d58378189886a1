/** Seconds that what is signed here is dated back, see {@link issuedAt}. */
const BACK = 5;

/**
 * `iat` and `nbf` of what is signed here, in seconds since 1970: five seconds ago, so that a bank whose clock is a little behind takes it.
 *
 * RFC 7523 §3 lets a server tolerate differing clocks; not all do. WSO2 by default does not, and takes the very second of `nbf` for too
 * early (JWTValidator): at the start of a second it would refuse what was signed in the same millisecond.
 */
export function issuedAt(now: Date): number {
  return Math.floor(now.getTime() / 1000) - BACK;
}
