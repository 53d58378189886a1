import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose/jwt/sign';
import type { Signer } from './signer';

/** Seconds from `iat` to `exp`. */
const LIFETIME = 60;

/**
 * A client assertion (RFC 7523 §3, OIDC Core §9): fresh for every attempt, because servers remember `jti`.
 *
 * @param audience one string
 * @param now the time of `iat` and `nbf`
 * @returns the JWS in compact form; PSS salts are as long as the hash (RFC 7518 §3.5)
 */
export function clientAssertion(
  signer: Signer,
  clientId: string,
  audience: string,
  now = new Date(),
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT({
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: randomBytes(32).toString('base64url'),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + LIFETIME,
  })
    .setProtectedHeader({ kid: signer.keyId, typ: signer.type, alg: signer.algorithm })
    .sign(signer.key);
}
