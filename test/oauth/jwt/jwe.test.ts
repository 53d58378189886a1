import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import type { DecryptionKey } from '../../../core/keys/decryptionKeys';
import { decrypted, isJwe, type NotDecrypted } from '../../../core/oauth/jwt/jwe';
import { headerExtension } from '../../../core/oauth/jwt/joseHeader';
import { generatePrivateKey, privateKeyOf } from '../../support/keys/certificates';
import { encryptedFor, withHeader } from '../../support/bank/idTokens';
import { encryptedWithRsa15 } from '../../support/bank/rsa15';

const rsa = privateKeyOf('rsa');
const otherRsa = generatePrivateKey('rsa');
const ec = privateKeyOf('ec');
const x25519 = generateKeyPairSync('x25519').privateKey;
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;

const held = (key: KeyObject, ...keyIds: string[]): DecryptionKey => ({
  key,
  keyIds: keyIds.length > 0 ? keyIds : [key.asymmetricKeyType!],
});
const keys = [held(privateKeyOf('ed25519')), held(otherRsa), held(rsa, 'enc-1'), held(ec)];

/** The reason why a JWE does not decrypt. */
const reasonOf = (jwe: string, by: readonly DecryptionKey[] = keys) =>
  decrypted(jwe, by).then(
    () => undefined,
    (error: NotDecrypted) => error.details,
  );

describe('decrypted', () => {
  it.each(['RSA-OAEP', 'RSA-OAEP-256'])('decrypts %s', async (alg) => {
    expect(await decrypted(await encryptedFor(rsa, 'text', { alg }), [held(rsa)])).toBe('text');
  });

  it.each(['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'])(
    'decrypts %s with keys of P-256, P-384 and X25519',
    async (alg) => {
      for (const key of [ec, p384, x25519]) {
        expect(await decrypted(await encryptedFor(key, 'text', { alg }), [held(key)])).toBe('text');
      }
    },
  );

  it.each(['A256GCM', 'A128GCM', 'A256CBC-HS512', 'A128CBC-HS256'])('decrypts %s', async (enc) => {
    expect(await decrypted(await encryptedFor(rsa, 'text', { enc }), [held(rsa)])).toBe('text');
  });

  it.each(['RSA-OAEP-384', 'RSA-OAEP-512'])('rejects %s although the key fits', async (alg) => {
    expect(await reasonOf(await encryptedFor(rsa, 'text', { alg }))).toEqual({
      problem: 'algorithm',
      values: { named: `"${alg}"` },
    });
  });

  it('rejects RSA1_5 although the key fits', async () => {
    expect(await reasonOf(encryptedWithRsa15(rsa, 'text', 'enc-1'))).toEqual({
      problem: 'algorithm',
      values: { named: '"RSA1_5"' },
    });
  });

  it('rejects ECDH-ES+A192KW although the key fits', async () => {
    const jwe = await encryptedFor(ec, 'text', { alg: 'ECDH-ES+A192KW' });
    expect(await reasonOf(jwe)).toMatchObject({ values: { named: '"ECDH-ES+A192KW"' } });
  });

  it.each(['A192GCM', 'A192CBC-HS384'])('rejects %s although the key fits', async (enc) => {
    const jwe = await encryptedFor(rsa, 'text', { enc });
    expect(await reasonOf(jwe)).toEqual({ problem: 'algorithm', values: { named: `"${enc}"` } });
  });

  it('rejects a compressed JWE without decompressing it', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwe = await new CompactEncrypt(Buffer.alloc(200_000))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM', zip: 'DEF' })
      .encrypt(publicKey);
    expect(jwe.length).toBeLessThan(2000);
    expect(await reasonOf(jwe, [held(privateKey)])).toMatchObject({ values: { named: '"zip"' } });
  });

  it('rejects a critical extension in the header', async () => {
    const jwe = withHeader(await encryptedFor(rsa, 'text'), { crit: ['x'], x: 1 });
    expect(await reasonOf(jwe)).toMatchObject({ values: { named: '"crit"' } });
  });

  it('tries the key that is named, and no other', async () => {
    const jwe = (kid: string) => encryptedFor(rsa, 'text', { kid });
    expect(await decrypted(await jwe('enc-1'), keys)).toBe('text');
    expect(await reasonOf(await jwe('rsa'))).toEqual({
      problem: 'namedKey',
      values: { algorithm: 'RSA-OAEP', wanted: '"rsa"' },
    });
  });

  it('tries each key of the right kind if none is named, or if the name is not known here', async () => {
    expect(await decrypted(await encryptedFor(rsa, 'text'), keys)).toBe('text');
    expect(await decrypted(await encryptedFor(rsa, 'text', { kid: 'at-the-bank' }), keys)).toBe(
      'text',
    );
  });

  it('names what came and what is there if no key decrypts it', async () => {
    const stranger = generatePrivateKey('rsa');
    const all =
      'the Ed25519 key "ed25519", the RSA key "rsa", the RSA key "enc-1", the EC key "ec"';
    expect(await reasonOf(await encryptedFor(stranger, 'text', { kid: 'x' }))).toEqual({
      problem: 'unknownKey',
      values: { algorithm: 'RSA-OAEP', wanted: '"x"', held: all },
    });
    expect(await reasonOf(await encryptedFor(stranger, 'text'))).toEqual({
      problem: 'anyKey',
      values: { algorithm: 'RSA-OAEP', held: all },
    });
    const many = Array.from({ length: 7 }, (_, at) => held(otherRsa, `key-${at}`));
    expect(await reasonOf(await encryptedFor(stranger, 'text'), many)).toMatchObject({
      values: { held: expect.stringMatching(/"key-4" and 2 more$/) as string },
    });
  });

  it('says which kind of key the algorithm needs if there is none', async () => {
    expect(await reasonOf(await encryptedFor(ec, 'text', { alg: 'ECDH-ES' }), [held(rsa)])).toEqual(
      {
        problem: 'kind',
        values: {
          algorithm: 'ECDH-ES',
          needed: 'an EC or X25519 key',
          held: 'the RSA key "rsa"',
        },
      },
    );
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
