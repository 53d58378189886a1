import {
  constants,
  createCipheriv,
  createPublicKey,
  publicEncrypt,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

/** A JWE whose content key is encrypted with RSA1_5 (RFC 7518 §4.2). jose makes none. */
export function encryptedWithRsa15(key: KeyObject, text: string, kid?: string): string {
  const header = { alg: 'RSA1_5', enc: 'A256GCM', cty: 'JWT', ...(kid !== undefined && { kid }) };
  const encodedHeader = Buffer.from(JSON.stringify(header)).toString('base64url');
  const [contentKey, vector] = [randomBytes(32), randomBytes(12)];
  const padding = constants.RSA_PKCS1_PADDING;
  const encryptedKey = publicEncrypt({ key: createPublicKey(key), padding }, contentKey);
  const cipher = createCipheriv('aes-256-gcm', contentKey, vector);
  cipher.setAAD(Buffer.from(encodedHeader));
  const content = Buffer.concat([cipher.update(text), cipher.final()]);
  const parts = [encryptedKey, vector, content, cipher.getAuthTag()];
  return [encodedHeader, ...parts.map((part) => part.toString('base64url'))].join('.');
}
