/** JWS algorithms (RFC 7518 §3.1, RFC 8037 §3.1), the preferred one first. */
export const signingAlgorithms = ['PS256', 'ES256', 'EdDSA', 'RS256'] as const;

/** A JWS algorithm. */
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** The values of `alg` for an algorithm. RFC 9864 §2.2 names EdDSA after its curve. */
export function algorithmNames(algorithm: SigningAlgorithm): readonly string[] {
  return algorithm === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [algorithm];
}

/**
 * Source of the `kid`: a thumbprint of the certificate (RFC 7515 §4.1.7, §4.1.8), one of the key (RFC 7638), a digest of the public key, a
 * given value, or no `kid`.
 */
export type KeyIdSource = 'x5t' | 'x5t#S256' | 'jwk' | 'publicKeySha256' | 'given' | 'none';
