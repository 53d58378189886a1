import { createHash } from 'node:crypto';
import { compactDecrypt } from 'jose/jwe/compact/decrypt';
import { decodeJwt } from 'jose/jwt/decode';
import {
  customFetch,
  expectNoNonce,
  getValidatedIdTokenClaims,
  jweDecrypt,
  JWT_CLAIM_COMPARISON,
  JWT_TIMESTAMP_CHECK,
  processAuthorizationCodeResponse,
  validateApplicationLevelSignature,
  type AuthorizationServer,
  type IDToken,
} from 'oauth4webapi';
import type { ErrorCode } from '../errors/catalogue';
import { OpenBankingError } from '../errors/OpenBankingError';
import { refreshBankKeys } from './jwks';
import type { Endpoints } from './endpoints';
import type { Profile } from './profile';

/** Seconds that clocks may differ by. */
const TOLERANCE = 30;

/** What an ID token is compared with. */
export interface IdTokenExpectations {
  /** Of the access token that came with it. */
  accessToken: string;
  /** Of the authorization request; not compared where it is not known. */
  nonce?: string;
  /** Of the first token response, after a refresh; not compared where it is not known. */
  originalIdToken?: string;
}

/**
 * Verifies an ID token: signature against the bank's keys, `iss`, `aud`, `azp`, `exp`, `iat`, `nonce`, `at_hash` and the expected
 * `alg` (OIDC Core §3.1.3.7, §3.1.3.8; after a refresh §12.2). An encrypted one is decrypted with the signing key first.
 *
 * @throws OpenBankingError `id-token-…`, `jwks-missing`, `jwks-unreachable`
 */
export async function verifyIdToken(
  idToken: string,
  profile: Profile,
  endpoints: Endpoints,
  expectations: IdTokenExpectations,
): Promise<void> {
  if (!endpoints.jwks) {
    throw failure('jwks-missing', 'cannot be verified: where its keys are is not known');
  }
  const jws = await decrypted(idToken, profile);
  const server = serverOf(endpoints);
  // A response of its own: the library reads ID tokens as part of one.
  const response = new Response(
    JSON.stringify({ access_token: expectations.accessToken, token_type: 'bearer', id_token: jws }),
    { headers: { 'content-type': 'application/json' } },
  );
  const claims = await claimsOf(response, jws, profile, server, expectations.nonce);
  await verifySignature(response, profile, server, endpoints.jwks);

  if (claims.iat > Date.now() / 1000 + TOLERANCE) {
    throw failure('id-token-time', 'was issued in the future ("iat")');
  }
  verifyAccessTokenHash(claims, expectations.accessToken, profile);
  if (expectations.originalIdToken) await compareWithOriginal(claims, expectations, profile);
}

/** The library keeps imported keys under the object it is given: one for each set of endpoints. */
const servers = new WeakMap<Endpoints, AuthorizationServer>();

function serverOf(endpoints: Endpoints): AuthorizationServer {
  let server = servers.get(endpoints);
  if (!server) {
    server = {
      issuer: endpoints.issuer,
      token_endpoint: endpoints.token,
      jwks_uri: endpoints.jwks,
    };
    servers.set(endpoints, server);
  }
  return server;
}

/** A JWE in compact form has five parts (RFC 7516 §3.1). */
async function decrypted(idToken: string, { decryptionKey }: Profile): Promise<string> {
  if (idToken.split('.').length !== 5) return idToken;
  try {
    const { plaintext } = await compactDecrypt(idToken, decryptionKey);
    return Buffer.from(plaintext).toString('utf8');
  } catch {
    throw failure('id-token-decryption', 'is encrypted and could not be decrypted');
  }
}

async function claimsOf(
  response: Response,
  jws: string,
  profile: Profile,
  server: AuthorizationServer,
  nonce: string | undefined,
): Promise<IDToken> {
  const client = {
    client_id: profile.clientId,
    id_token_signed_response_alg: profile.idTokenAlgorithm,
  };
  try {
    const result = await processAuthorizationCodeResponse(server, client, response, {
      requireIdToken: true,
      expectedNonce: nonce ?? decodeJwt<{ nonce?: string }>(jws).nonce ?? expectNoNonce,
      // Decrypted before; a JWE within a JWE is refused.
      [jweDecrypt]: undefined,
    });
    return getValidatedIdTokenClaims(result)!;
  } catch (error) {
    throw claimFailure(error);
  }
}

/** A claim by name where the library compared one; its messages hold no values. */
function claimFailure(error: unknown): OpenBankingError {
  const { code, message, cause } = error as Error & { code?: string; cause?: { claim?: string } };
  const claim = cause?.claim;
  if (code === JWT_TIMESTAMP_CHECK) {
    return failure('id-token-time', `is outside its dates ("${claim}")`);
  }
  if (code === JWT_CLAIM_COMPARISON) {
    const codes: Record<string, ErrorCode> = {
      iss: 'id-token-issuer',
      aud: 'id-token-audience',
      azp: 'id-token-audience',
      nonce: 'id-token-nonce',
    };
    return failure(codes[claim ?? ''] ?? 'id-token-malformed', `has an unexpected "${claim}"`);
  }
  if (/"alg"/.test(message)) {
    return failure('id-token-algorithm', 'is signed with another algorithm than expected');
  }
  if (/"nonce"/.test(message)) return failure('id-token-nonce', 'has no "nonce"');
  return failure('id-token-malformed', `is not valid: ${message}`);
}

async function verifySignature(
  response: Response,
  profile: Profile,
  server: AuthorizationServer,
  jwksUrl: string,
): Promise<void> {
  try {
    await validateApplicationLevelSignature(server, response, {
      [customFetch]: async () => {
        const { body, headers } = await refreshBankKeys(profile, jwksUrl);
        const type = headers['content-type'] ?? 'application/json';
        return new Response(body, { headers: { 'content-type': type } });
      },
    });
  } catch (error) {
    if (error instanceof OpenBankingError) {
      throw failure('jwks-unreachable', `cannot be verified: ${error.message}`);
    }
    // No key of the bank fits, or the one that fits did not make it.
    throw failure('id-token-signature', 'is not signed with a key that the bank publishes');
  }
}

/** Left half of the hash that belongs to the algorithm (OIDC Core §3.1.3.6); Ed25519 hashes with SHA-512. */
function verifyAccessTokenHash(
  claims: IDToken,
  accessToken: string,
  { idTokenAlgorithm }: Profile,
): void {
  if (claims.at_hash === undefined) return;
  const digest = createHash(idTokenAlgorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(accessToken, 'ascii')
    .digest();
  if (claims.at_hash !== digest.subarray(0, digest.length / 2).toString('base64url')) {
    throw failure('id-token-access-token-hash', 'does not belong to the access token ("at_hash")');
  }
}

async function compareWithOriginal(
  claims: IDToken,
  { originalIdToken }: IdTokenExpectations,
  profile: Profile,
): Promise<void> {
  let original: { iss?: string; sub?: string };
  try {
    original = decodeJwt(await decrypted(originalIdToken!, profile));
  } catch {
    throw failure('id-token-subject', 'cannot be compared: "Original ID Token" is not readable');
  }
  if (original.sub !== claims.sub || original.iss !== claims.iss) {
    throw failure('id-token-subject', 'names another "sub" or "iss" than the original one');
  }
}

function failure(code: ErrorCode, what: string): OpenBankingError {
  return new OpenBankingError(code, { message: `The ID token ${what}`, outcome: 'received' });
}
