import { SignJWT } from 'jose/jwt/sign';
import { randomValue } from '../../lib/randomValue';
import type { Signer } from '../../profile/signer';
import { issuedAt } from './issuedAt';

/** The header and the dates of a JWT. */
export interface JwtOptions {
  /** `typ` of the header. */
  readonly type: string;
  /** Seconds from `iat` to `exp`. */
  readonly lifetime: number;
  /** When the JWT is signed; the present if not given. */
  readonly now?: Date;
}

/**
 * Signs a JWT (RFC 7519 §7.1). Adds `iat`, `nbf` and `exp`, and a random `jti` of 256 bits.
 *
 * @returns the JWS in compact form; the salt of PSS is as long as the hash (RFC 7518 §3.5)
 */
export function signJwt(
  claims: Readonly<Record<string, unknown>>,
  { algorithm, key, keyId }: Pick<Signer, 'algorithm' | 'key' | 'keyId'>,
  { type, lifetime, now = new Date() }: JwtOptions,
): Promise<string> {
  const iat = issuedAt(now);
  return new SignJWT({ ...claims, jti: randomValue(), iat, nbf: iat, exp: iat + lifetime })
    .setProtectedHeader({ ...(keyId !== undefined && { kid: keyId }), typ: type, alg: algorithm })
    .sign(key);
}
