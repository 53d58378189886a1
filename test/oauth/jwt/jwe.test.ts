import { generateKeyPairSync } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { decrypted, isJwe } from '../../../core/oauth/jwt/jwe';
import { headerExtension } from '../../../core/oauth/jwt/joseHeader';
import { privateKeyOf } from '../../support/certificates';
import { encryptedFor, withHeader } from '../../support/idTokens';

const rsa = privateKeyOf('rsa');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

describe('decrypts', () => {
  it.each(['RSA-OAEP', 'RSA-OAEP-256'])('%s', async (alg) => {
    expect(await decrypted(await encryptedFor(rsa, 'text', { alg }), rsa)).toBe('text');
  });

  it.each(['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'])('%s', async (alg) => {
    expect(await decrypted(await encryptedFor(ec, 'text', { alg }), ec)).toBe('text');
  });

  it.each(['A256GCM', 'A128GCM', 'A256CBC-HS512', 'A128CBC-HS256'])('%s', async (enc) => {
    expect(await decrypted(await encryptedFor(rsa, 'text', { enc }), rsa)).toBe('text');
  });
});

describe('refuses, although the key fits', () => {
  it.each(['RSA-OAEP-384', 'RSA-OAEP-512'])('%s', async (alg) => {
    const jwe = await encryptedFor(rsa, 'text', { alg });
    await expect(decrypted(jwe, rsa)).rejects.toThrow('alg');
  });

  it('ECDH-ES+A192KW', async () => {
    const jwe = await encryptedFor(ec, 'text', { alg: 'ECDH-ES+A192KW' });
    await expect(decrypted(jwe, ec)).rejects.toThrow('alg');
  });

  it.each(['A192GCM', 'A192CBC-HS384'])('%s', async (enc) => {
    const jwe = await encryptedFor(rsa, 'text', { enc });
    await expect(decrypted(jwe, rsa)).rejects.toThrow('enc');
  });

  it('what unpacks to more than it seems, without unpacking it', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwe = await new CompactEncrypt(Buffer.alloc(200_000))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM', zip: 'DEF' })
      .encrypt(publicKey);
    expect(jwe.length).toBeLessThan(2000);
    await expect(decrypted(jwe, privateKey)).rejects.toThrow('"zip" in the header');
  });

  it('a critical extension', async () => {
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
])('knows a JWE by its five parts', (jwt, expected) => expect(isJwe(jwt)).toBe(expected));

it.each(['', 'nonsense', 'a.b.c', '..', 'bnVsbA.b.c'])(
  'finds nothing in the header of %j',
  (jwt) => {
    expect(headerExtension(jwt)).toBeUndefined();
  },
);
