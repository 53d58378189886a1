import { generateKeyPairSync } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { decrypted, isJwe } from '../../../core/oauth/jwt/jwe';
import { headerExtension } from '../../../core/oauth/jwt/joseHeader';
import { privateKeyOf } from '../../support/keys/certificates';
import { encryptedFor, withHeader } from '../../support/bank/idTokens';

const rsa = privateKeyOf('rsa');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

describe('decrypted', () => {
  it.each(['RSA-OAEP', 'RSA-OAEP-256'])('decrypts %s', async (alg) => {
    expect(await decrypted(await encryptedFor(rsa, 'text', { alg }), rsa)).toBe('text');
  });

  it.each(['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'])('decrypts %s', async (alg) => {
    expect(await decrypted(await encryptedFor(ec, 'text', { alg }), ec)).toBe('text');
  });

  it.each(['A256GCM', 'A128GCM', 'A256CBC-HS512', 'A128CBC-HS256'])('decrypts %s', async (enc) => {
    expect(await decrypted(await encryptedFor(rsa, 'text', { enc }), rsa)).toBe('text');
  });

  it.each(['RSA-OAEP-384', 'RSA-OAEP-512'])('rejects %s although the key fits', async (alg) => {
    const jwe = await encryptedFor(rsa, 'text', { alg });
    await expect(decrypted(jwe, rsa)).rejects.toThrow('alg');
  });

  it('rejects ECDH-ES+A192KW although the key fits', async () => {
    const jwe = await encryptedFor(ec, 'text', { alg: 'ECDH-ES+A192KW' });
    await expect(decrypted(jwe, ec)).rejects.toThrow('alg');
  });

  it.each(['A192GCM', 'A192CBC-HS384'])('rejects %s although the key fits', async (enc) => {
    const jwe = await encryptedFor(rsa, 'text', { enc });
    await expect(decrypted(jwe, rsa)).rejects.toThrow('enc');
  });

  it('rejects a compressed JWE without decompressing it', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwe = await new CompactEncrypt(Buffer.alloc(200_000))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM', zip: 'DEF' })
      .encrypt(publicKey);
    expect(jwe.length).toBeLessThan(2000);
    await expect(decrypted(jwe, privateKey)).rejects.toThrow('"zip" in the header');
  });

  it('rejects a critical extension in the header', async () => {
    const jwe = withHeader(await encryptedFor(rsa, 'text'), { crit: ['x'], x: 1 });
    await expect(decrypted(jwe, rsa)).rejects.toThrow('"crit" in the header');
  });
});

it.each([
  ['', false],
  ['a.b.c', false],
  ['a.b.c.d', false],
  ['a.b.c.d.e', true],
  ['a.b.c.d.e.f', false],
  ['.'.repeat(100_000), false],
])('isJwe knows a JWE by its five parts: %#', (jwt, expected) => expect(isJwe(jwt)).toBe(expected));

it.each(['', 'nonsense', 'a.b.c', '..', 'bnVsbA.b.c'])(
  'headerExtension returns undefined for %j',
  (jwt) => {
    expect(headerExtension(jwt)).toBeUndefined();
  },
);
