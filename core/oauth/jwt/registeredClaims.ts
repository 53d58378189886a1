import type { JWTPayload } from 'jose';
import { isJsonObject, parseJson, withoutEmpty } from '../../lib/json';
import { jwtFailure, type JwtKind } from './jwtKind';

/** The values that the registered claims of a JWT are compared with (RFC 7519 §4.1). */
export interface RegisteredClaims {
  readonly issuer: string;
  readonly audience: string;
  /** Claims that must be there, in addition to `iss`, `aud` and `exp`. */
  readonly required: readonly string[];
  /** The time at which the dates are judged, in milliseconds since the epoch. */
  readonly now: number;
  /** Seconds by which the clocks may differ. */
  readonly clockTolerance: number;
}

/**
 * The claims of a JWT whose signature was verified, without those that are `null` or an empty text: some servers write absent members so.
 *
 * @param payload the signed bytes
 * @throws OpenBankingError `jwt-malformed`, `jwt-issuer`, `jwt-audience`, `jwt-time`
 */
export function registeredClaims(
  payload: Uint8Array,
  { issuer, audience, required, now, clockTolerance }: RegisteredClaims,
  kind: JwtKind,
): JWTPayload {
  const parsed = parseJson(Buffer.from(payload));
  if (!isJsonObject(parsed)) throw jwtFailure(kind, 'jwt-malformed', { problem: 'notSigned' });
  const claims = withoutEmpty(parsed);
  for (const claim of ['exp', ...required, 'aud', 'iss']) {
    if (Object.hasOwn(claims, claim)) continue;
    throw jwtFailure(kind, 'jwt-malformed', { problem: 'missing', values: { claim } });
  }
  if (claims.iss !== issuer) throw jwtFailure(kind, 'jwt-issuer', {});
  const { aud } = claims;
  if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience))) {
    throw jwtFailure(kind, 'jwt-audience', { problem: 'otherAudience' });
  }
  assertDates(claims, { now, clockTolerance }, kind);
  return claims;
}

/**
 * Asserts that `exp` is not over and `nbf` has come, and that each date is a number. Those that are missing are not checked.
 *
 * @throws OpenBankingError `jwt-malformed`, `jwt-time`
 */
export function assertDates(
  claims: Readonly<Record<string, unknown>>,
  { now, clockTolerance }: Pick<RegisteredClaims, 'now' | 'clockTolerance'>,
  kind: JwtKind,
): void {
  const dateOf = (claim: 'iat' | 'nbf' | 'exp', otherwise: number): number => {
    const { [claim]: date = otherwise } = claims;
    if (typeof date === 'number') return date;
    throw jwtFailure(kind, 'jwt-malformed', { problem: 'notNumber', values: { claim } });
  };
  const outside = (claim: string) =>
    jwtFailure(kind, 'jwt-time', { problem: 'outsideDates', values: { claim } });
  dateOf('iat', 0);
  const seconds = Math.floor(now / 1000);
  if (dateOf('nbf', -Infinity) > seconds + clockTolerance) throw outside('nbf');
  if (dateOf('exp', Infinity) <= seconds - clockTolerance) throw outside('exp');
}
