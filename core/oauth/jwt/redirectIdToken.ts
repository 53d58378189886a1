import type { Endpoints } from '../../profile/endpoints';
import type { Bank } from '../bank/bank';
import { customerIn } from './customer';
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
import { assertHash, halfHashes } from './idTokenHash';
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
    { requiredClaims: REQUIRED_CLAIMS },
  );
  assertSubject(claims, kind);
  assertIssueTime(claims, profile, kind, { maximumAge: MAXIMUM_AGE });
  assertAuthorizedParty(claims, profile, kind);
  assertNonce(claims, expected.nonce, kind, true);
  const hashesOf = (name: string) => {
    const value = parameters.get(name);
    return value === null ? undefined : halfHashes(value);
  };
  assertHash('c_hash', claims, hashesOf('code'), profile.idTokenAlgorithm, kind);
  const stateHash = hashesOf('state');
  // If the redirect has no state, the ID token must have no `s_hash`.
  if (stateHash || claims.s_hash !== undefined) {
    assertHash('s_hash', claims, stateHash, profile.idTokenAlgorithm, kind);
  }
  assertAuthentication(claims, expected, profile, kind);
  assertConsent(claims, { consentId: expected.consentId }, kind);
  return { ...customerIn(claims)!, nonce: claims.nonce };
}
