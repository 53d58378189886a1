import { webcrypto } from 'node:crypto';
import { exportJWK, type JWK } from 'jose';

/** Makes the bank's private key, for PS256. */
export async function createSigningKey(): Promise<JWK> {
  const { privateKey } = await webcrypto.subtle.generateKey(
    {
      name: 'RSA-PSS',
      hash: 'SHA-256',
      publicExponent: new Uint8Array([1, 0, 1]),
      modulusLength: 2048,
    },
    true,
    ['sign', 'verify'],
  );
  return { ...(await exportJWK(privateKey)), alg: 'PS256', use: 'sig', kid: 'sandbox-bank' };
}
