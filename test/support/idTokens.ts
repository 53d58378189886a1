import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, SignJWT, type JWTPayload } from 'jose';

/** Issuer of the ID tokens. */
export const issuer = 'https://bank.example';

/** The access token that they come with, and its hash: those of OpenID Connect Core, appendix A.4. */
export const accessToken = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y';
const accessTokenHash = '77QmUPtjPfzWtF2AnpK9RQ';

const bankKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** A key that the bank does not publish. */
export const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** What is different from a good ID token. */
export interface Forgery {
  claims?: JWTPayload;
  header?: { alg?: string; kid?: string };
  key?: KeyObject;
}

/** Seconds since the epoch. */
export const now = () => Math.floor(Date.now() / 1000);

/** A public key as a bank publishes it. */
export async function jwk(key: KeyObject, kid: string): Promise<object> {
  return { ...(await exportJWK(createPublicKey(key))), kid, alg: 'PS256', use: 'sig' };
}

/** The key that good ID tokens are signed with, as the bank publishes it. */
export const bankJwk = () => jwk(bankKey, 'bank-1');

/** An ID token for the client `client-1`. */
export function idToken({
  claims = {},
  header = {},
  key = bankKey,
}: Forgery = {}): Promise<string> {
  return new SignJWT({
    iss: issuer,
    aud: 'client-1',
    sub: 'alex',
    iat: now(),
    exp: now() + 300,
    nonce: 'n-1',
    at_hash: accessTokenHash,
    ...claims,
  })
    .setProtectedHeader({ alg: 'PS256', kid: 'bank-1', ...header })
    .sign(key);
}
