import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose/jwt/decode';
import {
  expectNoNonce,
  getValidatedIdTokenClaims,
  processAuthorizationCodeResponse,
  validateApplicationLevelSignature,
  type IDToken,
} from 'oauth4webapi';
import type { OpenBankingError } from '../../errors/OpenBankingError';
import {
  decryptedJwt,
  idTokenKind,
  jwtFailure,
  libraryFailure,
  verificationOf,
  type Verification,
} from './bankJwt';
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

/** What an ID token is compared with. */
export interface IdTokenExpectations extends ExpectedAuthentication {
  /** Of the access token that came with it. */
  accessToken: string;
  /** The authorization code that it was exchanged for; nothing after a refresh. */
  code?: string;
  /** Of the authorization request; not compared where it is not known. */
  nonce?: string;
  /** The consent that the customer was asked for (`openbanking_intent_id`); not compared where it is not known. */
  consentId?: string;
  /** Of the first token response, after a refresh; not compared where it is not known. */
  originalIdToken?: string;
  /** Of the redirect that brought the code, already verified. */
  redirectIdToken?: RedirectIdToken;
  /** Seconds since "iat" at most; after a refresh some banks repeat the first one. */
  maximumAge?: number;
}

/**
 * Verifies an ID token: signature against the bank's keys, `iss`, `aud`, `azp`, `exp`, `iat`, `nonce`, `at_hash`, `c_hash`, `acr`,
 * `auth_time` and the expected `alg` (OIDC Core §3.1.3.7, §3.1.3.8; after a refresh §12.2; after a redirect with an ID token §3.3.3.6).
 * An encrypted one is decrypted with the signing key first.
 *
 * @throws OpenBankingError `id-token-…`, `jwks-…`
 */
export async function verifyIdToken(
  idToken: string,
  profile: Profile,
  endpoints: Endpoints,
  expectations: IdTokenExpectations,
): Promise<void> {
  const jws = await decryptedJwt(idToken, profile, idTokenKind);
  const verification = await verificationOf(jws, profile, endpoints, idTokenKind);
  const { accessToken, code, redirectIdToken } = expectations;
  // A response of its own: the library reads ID tokens as part of one.
  const response = Response.json({
    access_token: accessToken,
    token_type: 'bearer',
    id_token: jws,
  });
  const nonce = expectations.nonce ?? redirectIdToken?.nonce;
  const claims = await claimsOf(response, jws, verification, nonce);
  assertIssueTime(claims, profile, idTokenKind, expectations.maximumAge);
  assertAuthorizedParty(claims, profile, idTokenKind);
  assertHash('at_hash', claims, accessToken, profile);
  if (code !== undefined) assertHash('c_hash', claims, code, profile);
  assertAuthentication(claims, expectations, profile, idTokenKind);
  if (redirectIdToken) assertSameCustomer(claims, redirectIdToken, 'that in the redirect');
  if (expectations.originalIdToken) await compareWithOriginal(claims, expectations, profile);
  assertConsent(claims, expectations, idTokenKind);
}

async function claimsOf(
  response: Response,
  jws: string,
  { server, client, options }: Verification,
  nonce: string | undefined,
): Promise<IDToken> {
  try {
    const result = await processAuthorizationCodeResponse(server, client, response, {
      requireIdToken: true,
      expectedNonce: nonce ?? decodeJwt<{ nonce?: string }>(jws).nonce ?? expectNoNonce,
      ...options,
    });
    const claims = getValidatedIdTokenClaims(result)!;
    await validateApplicationLevelSignature(server, response, options);
    return claims;
  } catch (error) {
    throw libraryFailure(error, idTokenKind);
  }
}

/**
 * An access token (`at_hash`, OIDC Core §3.1.3.6) or a code (`c_hash`, §3.3.2.11) is the one that the ID token was issued with:
 * left half of the hash that belongs to the algorithm; Ed25519 hashes with SHA-512. Neither has to be there.
 */
function assertHash(
  claim: 'at_hash' | 'c_hash',
  claims: IDToken,
  value: string,
  { idTokenAlgorithm }: Profile,
): void {
  if (claims[claim] === undefined) return;
  const digest = createHash(idTokenAlgorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(value, 'ascii')
    .digest();
  if (claims[claim] === digest.subarray(0, digest.length / 2).toString('base64url')) return;
  throw claim === 'at_hash'
    ? jwtFailure(
        idTokenKind,
        'id-token-access-token-hash',
        'does not belong to the access token ("at_hash")',
      )
    : jwtFailure(idTokenKind, 'id-token-code-hash', 'has an unexpected "c_hash"');
}

async function compareWithOriginal(
  claims: IDToken,
  { originalIdToken }: IdTokenExpectations,
  profile: Profile,
): Promise<void> {
  let original: { iss?: string; sub?: string };
  try {
    original = decodeJwt(await decryptedJwt(originalIdToken!, profile, idTokenKind));
  } catch {
    throw differentCustomer('cannot be compared: "Original ID Token" is not readable');
  }
  assertSameCustomer(claims, original, 'the original one');
}

function assertSameCustomer(
  claims: IDToken,
  { iss, sub }: { iss?: string; sub?: string },
  other: string,
): void {
  if (claims.sub === sub && claims.iss === iss) return;
  throw differentCustomer(`names another "sub" or "iss" than ${other}`);
}

function differentCustomer(what: string): OpenBankingError {
  return jwtFailure(idTokenKind, 'id-token-subject', what);
}
