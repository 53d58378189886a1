import type { KeyObject } from 'node:crypto';
import { compactDecrypt } from 'jose/jwe/compact/decrypt';
import { headerExtension } from './joseHeader';

/** What banks encrypt JWTs with (RFC 7518 §4.1, §5.1; FAPI 1.0 Advanced §8.6.1 forbids RSA1_5); the library knows more. */
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
 * What a JWE in compact form holds (RFC 7516 §5.2). One that has `crit` or `zip` in its header, or another algorithm than banks use,
 * is refused before anything of it is decrypted or inflated.
 *
 * @param key private, of the client
 * @throws an error of the library, or of this function: whoever calls it says in a code of its own what could not be decrypted
 */
export async function decrypted(jwt: string, key: KeyObject): Promise<string> {
  const extension = headerExtension(jwt);
  if (extension) throw new Error(`"${extension}" in the header of a JWE is not supported`);
  const { plaintext } = await compactDecrypt(jwt, key, ALGORITHMS);
  return Buffer.from(plaintext).toString('utf8');
}
