import { decodeJwt } from 'jose/jwt/decode';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { Bank } from '../bank/bank';
import {
  assertAuthentication,
  assertAuthorizedParty,
  assertConsent,
  assertIssueTime,
  assertNonce,
  assertSubject,
  REQUIRED_CLAIMS,
  type ExpectedAuthentication,
  type IdTokenClaims,
  type RedirectIdToken,
} from './idTokenClaims';
import { assertHash } from './idTokenHash';
import { idTokenKind, jwtFailure } from './jwtKind';
import { decryptedJwt, verifyBankJwt } from './verifyBankJwt';

/** The values that an ID token is compared with. */
export interface IdTokenExpectations extends ExpectedAuthentication {
  /** The access token of the same response. */
  accessToken: string;
  /** The authorization code that was exchanged; `undefined` after a refresh. */
  code?: string;
  /** `nonce` of the authorization request; not compared if `undefined`. */
  nonce?: string;
  /** The consent that the customer was asked for (`openbanking_intent_id`); not compared if `undefined`. */
  consentId?: string;
  /** The ID token of the first token response, after a refresh; not compared if `undefined`. */
  originalIdToken?: string;
  /** The verified ID token of the redirect that brought the code. */
  redirectIdToken?: RedirectIdToken;
  /** Maximum seconds since `iat`; `undefined` after a refresh, because some banks then send the first ID token again. */
  maximumAge?: number;
}

/**
 * Verifies the ID token of a token response: signature, `alg`, `iss`, `aud`, `azp`, `exp`, `nbf`, `iat`, `nonce`, `at_hash`, `c_hash`,
 * `acr`, `auth_time` and the consent (OIDC Core §3.1.3.7, §3.1.3.8; after a refresh §12.2; after a redirect with an ID token §3.3.3.6).
 * An encrypted ID token is decrypted first.
 *
 * @throws OpenBankingError `jwt-…`, `id-token-…`, `jwks-unusable`
 */
export async function verifyIdToken(
  idToken: string,
  bank: Bank,
  endpoints: Endpoints,
  expected: IdTokenExpectations,
): Promise<void> {
  const { profile } = bank;
  const kind = idTokenKind;
  const claims = await verifyBankJwt<IdTokenClaims>(
    idToken,
    bank,
    endpoints,
    kind,
    REQUIRED_CLAIMS,
  );
  const { accessToken, code, redirectIdToken, originalIdToken } = expected;
  assertSubject(claims, kind);
  assertNonce(claims, expected.nonce ?? redirectIdToken?.nonce, kind);
  assertIssueTime(claims, profile, kind, expected.maximumAge);
  assertAuthorizedParty(claims, profile, kind);
  // Both hashes are optional here (OIDC Core §3.1.3.6, §3.3.2.11).
  if (claims.at_hash !== undefined) {
    assertHash('at_hash', claims, accessToken, profile.idTokenAlgorithm, kind);
  }
  if (claims.c_hash !== undefined && code !== undefined) {
    assertHash('c_hash', claims, code, profile.idTokenAlgorithm, kind);
  }
  assertAuthentication(claims, expected, profile, kind);
  if (redirectIdToken) assertSameCustomer(claims, redirectIdToken, 'redirect');
  if (originalIdToken) {
    const original = await originalClaims(originalIdToken, profile);
    assertSameCustomer(claims, original, 'original');
  }
  assertConsent(claims, expected, kind);
}

async function originalClaims(
  idToken: string,
  profile: Profile,
): Promise<{ iss?: string; sub?: string }> {
  try {
    return decodeJwt(await decryptedJwt(idToken, profile, idTokenKind));
  } catch {
    throw jwtFailure(idTokenKind, 'id-token-subject', { problem: 'unreadable' });
  }
}

function assertSameCustomer(
  claims: IdTokenClaims,
  { iss, sub }: { iss?: string; sub?: string },
  problem: 'redirect' | 'original',
): void {
  if (claims.sub === sub && claims.iss === iss) return;
  throw jwtFailure(idTokenKind, 'id-token-subject', { problem });
}
