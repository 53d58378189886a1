import type { JwtSigner } from '../../profile/signer';
import { signJwt } from './signJwt';

/** Seconds from `iat` to `exp`. */
const LIFETIME = 60;

/**
 * A client assertion (RFC 7523 §3, OIDC Core §9). Each request needs a new one, because servers remember `jti`.
 *
 * @param audience one string
 * @param now when the assertion is signed; the present if not given
 * @returns the JWS in compact form
 */
export function clientAssertion(
  signer: JwtSigner,
  clientId: string,
  audience: string,
  now?: Date,
): Promise<string> {
  const claims = { iss: clientId, sub: clientId, aud: audience };
  return signJwt(claims, signer, { type: signer.type, lifetime: LIFETIME, now });
}
