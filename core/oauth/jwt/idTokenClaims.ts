import type { IDToken } from 'oauth4webapi';
import { jwtFailure, type JwtKind } from './bankJwt';
import type { Profile } from '../../profile/profile';

/** What a verified ID token of a redirect says, to compare that of the token endpoint with. */
export interface RedirectIdToken {
  readonly iss: string;
  readonly sub: string;
  readonly nonce: string;
}

/** What the authorization request asked of the customer's log-in. */
export interface ExpectedAuthentication {
  /** `acr` values that will do (OIDC Core §5.5.1.1); not compared where none were asked for. */
  acrValues?: readonly string[];
  /** Seconds before the request that the customer may have logged in (`max_age`, OIDC Core §3.1.2.1); not compared where it was not asked for. */
  maxAge?: number;
  /** When the request was made, in seconds since the epoch; now where it is not known. */
  requestedAt?: number;
}

/**
 * The library lets an ID token be issued at any time.
 *
 * @param maximumAge seconds since `iat`
 * @throws OpenBankingError `id-token-time`
 */
export function assertIssueTime(
  { iat }: IDToken,
  { clockTolerance }: Profile,
  kind: JwtKind,
  maximumAge = Infinity,
): void {
  const now = Date.now() / 1000;
  if (iat > now + clockTolerance) {
    throw jwtFailure(kind, 'id-token-time', 'was issued in the future ("iat")');
  }
  if (iat < now - maximumAge - clockTolerance) {
    throw jwtFailure(kind, 'id-token-time', 'was issued too long ago ("iat")');
  }
}

/**
 * An authorized party is this client, wherever one is named (OIDC Core §3.1.3.7, 5): the library compares it with several
 * audiences only.
 *
 * @throws OpenBankingError `id-token-audience`
 */
export function assertAuthorizedParty(
  { azp }: IDToken,
  { clientId }: Profile,
  kind: JwtKind,
): void {
  if (azp === undefined || azp === clientId) return;
  throw jwtFailure(kind, 'id-token-audience', 'has an unexpected "azp"');
}

/**
 * The customer logged in as strongly and as lately as was asked for (OIDC Core §3.1.3.7, 12 and 13).
 *
 * A claim that is missing refuses nothing. WSO2's ID tokens have no `auth_time`, although OIDC Core §2 demands it after `max_age`;
 * and how a customer authenticates is for the bank to see to (PSD2, article 97), so that a consent is not lost over a bank that
 * does it and leaves `acr` out of one ID token or both.
 *
 * @throws OpenBankingError `id-token-acr`, `id-token-auth-time`
 */
export function assertAuthentication(
  { acr, auth_time: time }: IDToken,
  { acrValues = [], maxAge, requestedAt }: ExpectedAuthentication,
  { clockTolerance }: Profile,
  kind: JwtKind,
): void {
  if (acr !== undefined && acrValues.length > 0 && !acrValues.includes(acr as string)) {
    const what = 'names another way of logging in than was asked for ("acr")';
    throw jwtFailure(kind, 'id-token-acr', what);
  }
  if (time === undefined || maxAge === undefined) return;
  const fail = (what: string) => jwtFailure(kind, 'id-token-auth-time', what);
  if (typeof time !== 'number') throw fail('has an unexpected "auth_time"');
  const now = Date.now() / 1000;
  if (time > now + clockTolerance) {
    throw fail('has an "auth_time" in the future');
  }
  // Customers may read long before they agree: that is no reason why they should have logged in later.
  if (time < (requestedAt ?? now) - maxAge - clockTolerance) {
    throw fail('has an "auth_time" that is too long ago');
  }
}

/**
 * The consent that an ID token names has to be the one that the customer was asked for (UK Open Banking security profile §5.2.8).
 * Where the redirect named it already, it may be left out.
 *
 * @throws OpenBankingError `id-token-consent`
 */
export function assertConsent(
  { openbanking_intent_id: named }: IDToken,
  { consentId, redirectIdToken }: { consentId?: string; redirectIdToken?: RedirectIdToken },
  kind: JwtKind,
): void {
  if (consentId === undefined || named === consentId) return;
  if (named !== undefined) {
    const what = 'names another consent than the customer was asked for ("openbanking_intent_id")';
    throw jwtFailure(kind, 'id-token-consent', what);
  }
  if (!redirectIdToken) {
    throw jwtFailure(kind, 'id-token-consent', 'names no consent ("openbanking_intent_id")');
  }
}
