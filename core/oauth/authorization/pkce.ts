import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits in base64url: a `state`, a `nonce`, or the code verifier of PKCE (RFC 7636 §4.1). */
export function randomValue(): string {
  return randomBytes(32).toString('base64url');
}

/** The code challenge of a verifier, by the method `S256` (RFC 7636 §4.2). */
export function codeChallenge(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url');
}
