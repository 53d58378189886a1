import { createPublicKey, type KeyObject } from 'node:crypto';

/**
 * Whether two private keys are the same.
 *
 * `KeyObject.equals` is not used: if the kinds of the keys differ, it leaves an error in the queue of OpenSSL. Node.js 24 then refuses the
 * next key that it reads, and its Web Crypto ends the process when it decrypts with RSA.
 */
export function isSameKey(one: KeyObject, other: KeyObject): boolean {
  return one === other || publicPart(one).equals(publicPart(other));
}

function publicPart(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}
