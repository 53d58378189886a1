import { createPrivateKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import type { BankSettings } from '../../core/profile/settings';
import { privateKeyOf } from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { profileWith } from '../support/keys/keyCredential';

describe('a JWK as signing key', () => {
  const jwkOf = (kind: 'rsa' | 'ec' | 'ed25519') => privateKeyOf(kind).export({ format: 'jwk' });
  const otherKey = (kind: 'rsa' | 'ec') =>
    (kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
    ).privateKey.export({ format: 'jwk' });
  const signed = (signingPrivateKey: string, changes: BankSettings = {}) =>
    profileWith({ separateSigningKey: true, keyIdSource: 'jwk', signingPrivateKey, ...changes });

  it.each([
    ['rsa', 'PS256'],
    ['ec', 'ES256'],
    ['ed25519', 'EdDSA'],
  ] as const)('is read with a key of kind %s', async (kind, algorithm) => {
    const { signer } = await signed(JSON.stringify(jwkOf(kind), null, 2), { algorithm });
    expect(signer!.key.equals(privateKeyOf(kind))).toBe(true);
    expect(signer!.keyId).toMatch(/^[\w-]{43}$/);
  });

  it.each<[string, (jwk: string) => string]>([
    ['a byte order mark', (jwk) => `\ufeff${jwk}`],
    ['quotes around it', (jwk) => `'${jwk}'`],
    ['quotes, as JSON', (jwk) => JSON.stringify(jwk)],
  ])('is read with %s', async (_, mangle) => {
    const { signer } = await signed(mangle(JSON.stringify(jwkOf('rsa'))));
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
  });

  it.each<[string, () => string, string]>([
    ['no JSON', () => '{"kty":', 'no JSON'],
    ['a set of keys', () => JSON.stringify({ keys: [jwkOf('ec')] }), 'a set of keys'],
    ['no key', () => '{}', '"kty"'],
    ['a public key', () => JSON.stringify({ ...jwkOf('ec'), d: undefined }), 'public key'],
    ['a symmetric key', () => '{"kty":"oct","k":"AAAA"}', 'symmetric'],
    [
      'an RSA key without primes',
      () => {
        const { kty, n, e, d } = jwkOf('rsa');
        return JSON.stringify({ kty, n, e, d });
      },
      'without "p", "q", "dp", "dq", "qi"',
    ],
    ['half a key', () => JSON.stringify({ ...jwkOf('rsa'), p: undefined }), 'without "p"'],
  ])('is rejected: %s', async (_, jwk, words) => {
    const failure = await failureOf(signed(jwk()));
    expect(failure).toMatchObject({ code: 'private-key-malformed' });
    expect(failure.message).toContain(words);
  });

  it.each<[string, 'rsa' | 'ec' | 'ed25519', (jwk: JsonWebKey) => JsonWebKey]>([
    ['a private number of twice the length', 'ec', ({ d, ...jwk }) => ({ ...jwk, d: `${d}AAAA` })],
    ['the private number of another key', 'ec', (jwk) => ({ ...jwk, d: otherKey('ec').d })],
    ['the modulus of another key', 'rsa', (jwk) => ({ ...jwk, n: otherKey('rsa').n })],
  ])('is rejected as transport key and as signing key: %s', async (_, kind, change) => {
    const damaged = JSON.stringify(change(jwkOf(kind)));
    for (const attempt of [signed(damaged), profileWith({ transportPrivateKey: damaged })]) {
      const failure = await failureOf(attempt);
      expect(failure).toMatchObject({ code: 'private-key-malformed', stage: 'configuration' });
      expect(failure.message).toContain('do not belong together');
    }
  });

  it('is rejected if it has more bits than OpenSSL can verify', async () => {
    const n = Buffer.alloc(2200, 0xff).toString('base64url');
    const failure = await failureOf(signed(JSON.stringify({ ...jwkOf('rsa'), n })));
    expect(failure).toMatchObject({ code: 'key-unsupported' });
    expect(failure.message).toContain('17600 bits');
  });

  it('is also accepted as transport key', async () => {
    const { identity } = await profileWith({ transportPrivateKey: JSON.stringify(jwkOf('rsa')) });
    expect(createPrivateKey(identity.privateKey).equals(privateKeyOf('rsa'))).toBe(true);
  });
});
