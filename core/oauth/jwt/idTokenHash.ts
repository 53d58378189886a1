import { createHash } from 'node:crypto';
import type { SigningAlgorithm } from '../../keys/algorithms';
import type { IdTokenClaims } from './idTokenClaims';
import { jwtFailure, type JwtKind } from './jwtKind';

/** The claims that bind an ID token to an access token (OIDC Core §3.1.3.6), a code (§3.3.2.11) or a state (FAPI 1.0 Advanced §5.2.2.1). */
type HashClaim = 'at_hash' | 'c_hash' | 's_hash';

/**
 * Asserts that a claim is the hash of a value.
 *
 * @param value the access token, the code or the state; `null` if there is none
 * @param algorithm `alg` of the ID token
 * @throws OpenBankingError `id-token-binding`
 */
export function assertHash(
  claim: HashClaim,
  claims: IdTokenClaims,
  value: string | null,
  algorithm: SigningAlgorithm,
  kind: JwtKind,
): void {
  if (value !== null && claims[claim] === halfHash(value, algorithm)) return;
  if (claim === 'at_hash') throw jwtFailure(kind, 'id-token-binding', { problem: 'accessToken' });
  const problem = claims[claim] === undefined ? 'missing' : 'different';
  throw jwtFailure(kind, 'id-token-binding', { problem, values: { claim } });
}

/** The left half of the hash that belongs to the algorithm, in base64url: SHA-512 for Ed25519, otherwise SHA-256. */
function halfHash(value: string, algorithm: SigningAlgorithm): string {
  const digest = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(value)
    .digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
