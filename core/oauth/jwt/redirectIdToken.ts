import { decodeJwt } from 'jose/jwt/decode';
import {
  expectNoState,
  skipAuthTimeCheck,
  validateDetachedSignatureResponse,
  type IDToken,
} from 'oauth4webapi';
import { decryptedJwt, libraryFailure, redirectIdTokenKind, verificationOf } from './bankJwt';
import type { Endpoints } from '../../profile/endpoints';
import {
  assertAuthentication,
  assertAuthorizedParty,
  assertConsent,
  assertIssueTime,
  type ExpectedAuthentication,
  type RedirectIdToken,
} from './idTokenClaims';
import type { Profile } from '../../profile/profile';

/** What the ID token of a redirect is compared with. */
export interface RedirectIdTokenExpectations extends ExpectedAuthentication {
  /** Of the authorization request; not compared where it is not known. */
  nonce?: string;
  /** The consent that the customer was asked for; not compared where it is not known. */
  consentId?: string;
}

/**
 * Verifies the ID token that signs a redirect (FAPI 1.0 Advanced §5.2.2.1; OIDC Core §3.3.2.12): as any ID token, and that the code
 * (`c_hash`) and the state (`s_hash`) beside it are those that it was issued with, not more than an hour ago.
 *
 * @param parameters of the redirect, whose state was compared already
 * @throws OpenBankingError `id-token-…`, `jwks-…`, of the outcome `not-sent`
 */
export async function verifyRedirectIdToken(
  parameters: URLSearchParams,
  profile: Profile,
  endpoints: Endpoints,
  expected: RedirectIdTokenExpectations,
): Promise<RedirectIdToken> {
  const kind = redirectIdTokenKind;
  const jws = await decryptedJwt(parameters.get('id_token')!, profile, kind);
  const { server, client, options } = await verificationOf(jws, profile, endpoints, kind);
  const answer = new URLSearchParams(parameters);
  answer.set('id_token', jws);
  let claims: IDToken & { nonce: string };
  try {
    claims = decodeJwt(jws);
    await validateDetachedSignatureResponse(
      server,
      client,
      answer,
      // Which nonce was sent may not be known; that there is one is demanded all the same.
      expected.nonce ?? claims.nonce ?? 'unknown',
      answer.get('state') ?? expectNoState,
      // It would demand `auth_time`, and compare it with now.
      skipAuthTimeCheck,
      options,
    );
  } catch (error) {
    throw libraryFailure(error, kind);
  }
  // That it is not older than an hour was compared by the library (`iat < now - 3600`, without tolerance): the future is left.
  assertIssueTime(claims, profile, kind);
  assertAuthorizedParty(claims, profile, kind);
  assertAuthentication(claims, expected, profile, kind);
  assertConsent(claims, { consentId: expected.consentId }, kind);
  return claims;
}
