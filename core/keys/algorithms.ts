/** JWS algorithm (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SigningAlgorithm = 'PS256' | 'ES256' | 'EdDSA' | 'RS256';

/** The `kid` of an assertion: thumbprints of the certificate (RFC 7515 §4.1.7, §4.1.8), of the key (RFC 7638), or given. */
export type KeyIdSource = 'x5t' | 'x5t#S256' | 'jwk' | 'given';
