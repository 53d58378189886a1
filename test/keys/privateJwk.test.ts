import { createPrivateKey } from 'node:crypto';
import type { BankSettings } from '../../core/profile/settings';
import { privateKeyOf } from '../support/certificates';
import { failureOf } from '../support/failure';
import { profileWith } from '../support/keyCredential';

describe('a JWK as signing key', () => {
  const jwkOf = (kind: 'rsa' | 'ec' | 'ed25519') => privateKeyOf(kind).export({ format: 'jwk' });
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
    ['half a key', () => JSON.stringify({ ...jwkOf('rsa'), p: undefined }), 'no private key'],
  ])('is rejected: %s', async (_, jwk, words) => {
    const failure = await failureOf(signed(jwk()));
    expect(failure).toMatchObject({ code: 'private-key-malformed' });
    expect(failure.message).toContain(words);
  });

  it('is accepted as transport key, too', async () => {
    const { identity } = await profileWith({ transportPrivateKey: JSON.stringify(jwkOf('rsa')) });
    expect(createPrivateKey(identity.privateKey).equals(privateKeyOf('rsa'))).toBe(true);
  });
});
