import type { JWTPayload } from 'jose';
import type { ProblemOf } from '../../errors/catalogue';
import type { Profile } from '../../profile/profile';
import type { Customer } from './customer';
import { jwtFailure, type JwtKind } from './jwtKind';

/** The claims of an ID token whose signature was verified (OIDC Core §2). Code that uses a claim of type `unknown` checks it. */
export interface IdTokenClaims extends JWTPayload {
  readonly iss: string;
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly azp?: unknown;
  readonly nonce?: unknown;
  readonly acr?: unknown;
  readonly auth_time?: unknown;
  readonly at_hash?: unknown;
  readonly c_hash?: unknown;
  readonly s_hash?: unknown;
  readonly openbanking_intent_id?: unknown;
}

/** The claims of a redirect's ID token that the ID token of the token endpoint must repeat. */
export interface RedirectIdToken extends Customer {
  readonly nonce: string;
}

/** The claims of an ID token about the log-in that a request may ask for as essential. */
export type LogInClaim = 'acr' | 'auth_time';

/** The customer's log-in that the authorization request asked for. */
export interface ExpectedAuthentication {
  /** The accepted `acr` values (OIDC Core §5.5.1.1); not checked if `undefined` or empty. */
  readonly acrValues?: readonly string[];
  /** Maximum seconds between log-in and request (`max_age`, OIDC Core §3.1.2.1); not checked if `undefined`. */
  readonly maxAge?: number;
  /** When the request was made, in seconds since 1970; now if `undefined`. */
  readonly requestedAt?: number;
  /** Claims that the ID token must have because the request asked for them as essential; none if `undefined`. */
  readonly requiredClaims?: readonly LogInClaim[];
}

/** The claims that every ID token must have, in addition to `iss`, `aud` and `exp` (OIDC Core §2). */
export const REQUIRED_CLAIMS = ['sub', 'iat'];

/**
 * Asserts that the subject is a string (OIDC Core §2).
 *
 * @throws OpenBankingError `jwt-malformed`
 */
export function assertSubject({ sub }: IdTokenClaims, kind: JwtKind): void {
  if (typeof sub === 'string') return;
  throw jwtFailure(kind, 'jwt-malformed', { problem: 'notText', values: { claim: 'sub' } });
}

/**
 * Asserts that an ID token was issued neither in the future nor too long ago.
 *
 * @param maximumAge seconds since `iat`
 * @param now the time to compare with, in milliseconds since the epoch
 * @throws OpenBankingError `jwt-time`
 */
export function assertIssueTime(
  { iat }: IdTokenClaims,
  { clockTolerance }: Profile,
  kind: JwtKind,
  { maximumAge = Infinity, now: at = Date.now() }: { maximumAge?: number; now?: number } = {},
): void {
  const now = at / 1000;
  if (iat > now + clockTolerance) {
    throw jwtFailure(kind, 'jwt-time', { problem: 'future' });
  }
  if (iat < now - maximumAge - clockTolerance) {
    throw jwtFailure(kind, 'jwt-time', { problem: 'old' });
  }
}

/**
 * Asserts that the authorized party is this client. If there are several audiences, an authorized party must be named (OIDC Core
 * §3.1.3.7, 3 to 5).
 *
 * @throws OpenBankingError `jwt-audience`
 */
export function assertAuthorizedParty(
  { aud, azp }: IdTokenClaims,
  { clientId }: Profile,
  kind: JwtKind,
): void {
  if (azp === clientId) return;
  if (azp !== undefined) throw jwtFailure(kind, 'jwt-audience', { problem: 'otherParty' });
  if (!Array.isArray(aud) || aud.length === 1) return;
  throw jwtFailure(kind, 'jwt-audience', { problem: 'severalAudiences' });
}

/**
 * Asserts that the nonce is that of the authorization request (OIDC Core §3.1.3.7, 11).
 *
 * @param expected `undefined` if the nonce of the request is not known: then every nonce is accepted
 * @param isRequired whether there must be a nonce even if the expected one is not known, as in a redirect (OIDC Core §3.3.2.11)
 * @throws OpenBankingError `id-token-binding`
 */
export function assertNonce(
  { nonce }: IdTokenClaims,
  expected: string | undefined,
  kind: JwtKind,
  isRequired = false,
): void {
  const values = { claim: 'nonce' };
  if (nonce === undefined) {
    if (expected === undefined && !isRequired) return;
    throw jwtFailure(kind, 'id-token-binding', { problem: 'missing', values });
  }
  const isExpected =
    expected === undefined ? typeof nonce === 'string' && nonce !== '' : nonce === expected;
  if (!isExpected) throw jwtFailure(kind, 'id-token-binding', { problem: 'different', values });
}

/**
 * Asserts that the strength and the time of the customer's log-in are as requested (OIDC Core §3.1.3.7, 12 and 13).
 *
 * A claim may be missing unless the expectations require it. WSO2 leaves both out of its ID tokens, although OIDC Core requires `auth_time`
 * after `max_age` (§2) and an essential `acr` (§5.5.1.1). There the bank is responsible for strong customer authentication (PSD2, article 97),
 * so a missing claim is no reason to lose a consent.
 *
 * @param at the time to compare with, in milliseconds since the epoch
 * @throws OpenBankingError `id-token-acr`, `id-token-auth-time`
 */
export function assertAuthentication(
  { acr, auth_time: time }: IdTokenClaims,
  { acrValues = [], maxAge, requestedAt, requiredClaims = [] }: ExpectedAuthentication,
  { clockTolerance }: Profile,
  kind: JwtKind,
  at = Date.now(),
): void {
  // An empty `acr` is absent.
  if (typeof acr !== 'string' && requiredClaims.includes('acr')) {
    throw jwtFailure(kind, 'id-token-acr', { problem: 'missing' });
  }
  if (acr !== undefined && acrValues.length > 0 && !acrValues.includes(acr as string)) {
    throw jwtFailure(kind, 'id-token-acr', { problem: 'different' });
  }
  const failure = (problem: Exclude<ProblemOf<'id-token-auth-time'>, 'changed'>) =>
    jwtFailure(kind, 'id-token-auth-time', { problem });
  if (time === undefined) {
    if (requiredClaims.includes('auth_time')) throw failure('missing');
    return;
  }
  if (typeof time !== 'number' || !Number.isFinite(time) || time < 0) throw failure('noTime');
  if (maxAge === undefined) return;
  const now = at / 1000;
  if (time > now + clockTolerance) {
    throw failure('future');
  }
  // The age is counted from the request: the customer may take long to agree after the log-in.
  if (time < (requestedAt ?? now) - maxAge - clockTolerance) {
    throw failure('old');
  }
}

/**
 * Asserts that the ID token names the customer of the redirect's ID token (OIDC Core §3.3.3.6).
 *
 * @throws OpenBankingError `id-token-subject`
 */
export function assertRedirectCustomer(
  { iss, sub }: IdTokenClaims,
  redirectIdToken: RedirectIdToken,
  kind: JwtKind,
): void {
  if (sub === redirectIdToken.sub && iss === redirectIdToken.iss) return;
  throw jwtFailure(kind, 'id-token-subject', { problem: 'redirect' });
}

/**
 * Asserts that the ID token names the consent that the customer was asked for (UK Open Banking security profile §5.2.8). It may
 * name no consent if the ID token of the redirect named it.
 *
 * @throws OpenBankingError `id-token-consent`
 */
export function assertConsent(
  { openbanking_intent_id: named }: IdTokenClaims,
  { consentId, redirectIdToken }: { consentId?: string; redirectIdToken?: RedirectIdToken },
  kind: JwtKind,
): void {
  if (consentId === undefined || named === consentId) return;
  if (named !== undefined) {
    throw jwtFailure(kind, 'id-token-consent', { problem: 'different' });
  }
  if (!redirectIdToken) {
    throw jwtFailure(kind, 'id-token-consent', { problem: 'missing' });
  }
}
