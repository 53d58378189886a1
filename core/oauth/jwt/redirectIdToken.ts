import type { Endpoints } from '../../profile/endpoints';
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
import { redirectIdTokenKind } from './jwtKind';
import { verifyBankJwt } from './verifyBankJwt';

/** The values that the ID token of a redirect is compared with. */
export interface RedirectIdTokenExpectations extends ExpectedAuthentication {
  /** `nonce` of the authorization request; not compared if `undefined`. */
  nonce?: string;
  /** The consent that the customer was asked for; not compared if `undefined`. */
  consentId?: string;
}

/** Maximum seconds since `iat`. */
const MAXIMUM_AGE = 60 * 60;

/**
 * Verifies the ID token that signs a redirect (FAPI 1.0 Advanced §5.2.2.1, OIDC Core §3.3.2.12). It must pass the checks of every ID token,
 * and must be issued for the code (`c_hash`) and the state (`s_hash`) of the redirect.
 *
 * @param parameters the parameters of the redirect, whose state was compared already
 * @throws OpenBankingError `jwt-…`, `id-token-…`, `jwks-unusable`, with the outcome `not-sent`
 */
export async function verifyRedirectIdToken(
  parameters: URLSearchParams,
  bank: Bank,
  endpoints: Endpoints,
  expected: RedirectIdTokenExpectations,
): Promise<RedirectIdToken> {
  const { profile } = bank;
  const kind = redirectIdTokenKind;
  const idToken = parameters.get('id_token')!;
  const claims = await verifyBankJwt<IdTokenClaims & { nonce: string }>(
    idToken,
    bank,
    endpoints,
    kind,
    REQUIRED_CLAIMS,
  );
  assertSubject(claims, kind);
  assertIssueTime(claims, profile, kind, MAXIMUM_AGE);
  assertAuthorizedParty(claims, profile, kind);
  assertNonce(claims, expected.nonce, kind, true);
  assertHash('c_hash', claims, parameters.get('code'), profile.idTokenAlgorithm, kind);
  const state = parameters.get('state');
  // If the redirect has no state, the ID token must have no `s_hash`.
  if (state !== null || claims.s_hash !== undefined) {
    assertHash('s_hash', claims, state, profile.idTokenAlgorithm, kind);
  }
  assertAuthentication(claims, expected, profile, kind);
  assertConsent(claims, { consentId: expected.consentId }, kind);
  return claims;
}
