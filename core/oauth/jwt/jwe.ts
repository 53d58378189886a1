import type { KeyObject } from 'node:crypto';
import { compactDecrypt } from 'jose/jwe/compact/decrypt';
import { headerExtension } from './joseHeader';

/** The algorithms that banks encrypt with (RFC 7518 §4.1, §5.1). FAPI 1.0 Advanced §8.6.1 forbids RSA1_5. jose supports more. */
const ALGORITHMS = {
  keyManagementAlgorithms: [
    'RSA-OAEP',
    'RSA-OAEP-256',
    'ECDH-ES',
    'ECDH-ES+A128KW',
    'ECDH-ES+A256KW',
  ],
  contentEncryptionAlgorithms: ['A256GCM', 'A128GCM', 'A256CBC-HS512', 'A128CBC-HS256'],
} satisfies Parameters<typeof compactDecrypt>[2];

/** Whether a JWT is encrypted: a JWE in compact form has five parts (RFC 7516 §3.1). */
export function isJwe(jwt: string): boolean {
  return jwt.split('.', 6).length === 5;
}

/**
 * Decrypts a JWE in compact form (RFC 7516 §5.2). Before that, it refuses `crit` and `zip`, and algorithms that banks do not use.
 *
 * @param key private key of the client
 * @throws an error of jose or of this function; the caller replaces it by an error with a code
 */
export async function decrypted(jwt: string, key: KeyObject): Promise<string> {
  const extension = headerExtension(jwt);
  if (extension) throw new Error(`"${extension}" in the header of a JWE is not supported`);
  const { plaintext } = await compactDecrypt(jwt, key, ALGORITHMS);
  return Buffer.from(plaintext).toString('utf8');
}
