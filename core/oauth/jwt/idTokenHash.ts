import { createHash } from 'node:crypto';
import type { SigningAlgorithm } from '../../keys/algorithms';
import type { IdTokenClaims } from './idTokenClaims';
import { jwtFailure, type JwtKind } from './jwtKind';

/** The claims that bind an ID token to an access token (OIDC Core §3.1.3.6), a code (§3.3.2.11) or a state (FAPI 1.0 Advanced §5.2.2.1). */
type HashClaim = 'at_hash' | 'c_hash' | 's_hash';

/** The left halves of the hashes of a value, in base64url. They can be stored in place of the value. */
export interface HalfHashes {
  /** Of SHA-256. */
  readonly s256: string;
  /** Of SHA-512, for Ed25519. */
  readonly s512: string;
}

/** The left halves of the hashes of an access token, a code or a state. */
export function halfHashes(value: string): HalfHashes {
  return { s256: halfHash(value, 'sha256'), s512: halfHash(value, 'sha512') };
}

/**
 * Asserts that a claim is the hash of a value.
 *
 * @param value hashes of the access token, the code or the state; `undefined` if there is none
 * @param algorithm `alg` of the ID token
 * @throws OpenBankingError `id-token-binding`
 */
export function assertHash(
  claim: HashClaim,
  claims: IdTokenClaims,
  value: HalfHashes | undefined,
  algorithm: SigningAlgorithm,
  kind: JwtKind,
): void {
  const expected = algorithm === 'EdDSA' ? value?.s512 : value?.s256;
  if (expected !== undefined && base64url(claims[claim]) === expected) return;
  if (claim === 'at_hash') throw jwtFailure(kind, 'id-token-binding', { problem: 'accessToken' });
  const problem = claims[claim] === undefined ? 'missing' : 'different';
  throw jwtFailure(kind, 'id-token-binding', { problem, values: { claim } });
}

/** A text in base64url without padding. Some banks write the same bytes in base64 or with padding. */
function base64url(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  return text
    .replace(/={1,2}$/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

function halfHash(value: string, algorithm: 'sha256' | 'sha512'): string {
  const digest = createHash(algorithm).update(value).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
