import { randomBytes } from 'node:crypto';
import { issuedAt } from './issuedAt';
import { jwsSignature } from './signature';
import type { Signer } from '../../profile/signer';

/** Seconds from `iat` to `exp`. */
const LIFETIME = 60;

/** What differs from one assertion to the next beside its audience. */
interface AssertionOptions {
  /** The present if not given. */
  now?: Date;
  /** Whether no other token request is under way that the signing could hold up. */
  isAlone?: boolean;
}

/**
 * A client assertion (RFC 7523 §3, OIDC Core §9): fresh for every attempt, because servers remember `jti`.
 *
 * It is put together here and not by a library, because a library looks at the key anew each time, which the profile has done, and signs
 * on another thread also where that only costs time.
 *
 * @param audience one string
 * @returns the JWS in compact form; PSS salts are as long as the hash (RFC 7518 §3.5)
 */
export async function clientAssertion(
  { algorithm, key, keyId, type }: Signer,
  clientId: string,
  audience: string,
  { now = new Date(), isAlone = false }: AssertionOptions = {},
): Promise<string> {
  const iat = issuedAt(now);
  const header = encoded({ kid: keyId, typ: type, alg: algorithm });
  const claims = encoded({
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: randomBytes(32).toString('base64url'),
    iat,
    nbf: iat,
    exp: iat + LIFETIME,
  });
  const input = `${header}.${claims}`;
  const signature = await jwsSignature(algorithm, key, Buffer.from(input), isAlone);
  return `${input}.${signature.toString('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
