import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { isSameKey } from '../../core/keys/sameKey';
import { decrypted } from '../../core/oauth/jwt/jwe';
import { encryptedFor } from '../support/bank/idTokens';
import { generatePrivateKey, pemOf, privateKeyOf } from '../support/keys/certificates';
import { profileWith, transport } from '../support/keys/keyCredential';

const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const x25519 = generateKeyPairSync('x25519').privateKey;

it('recognises a key, and finds others of each kind to be different', () => {
  const keys = [
    ...[privateKeyOf('rsa'), privateKeyOf('ec'), privateKeyOf('ed25519'), p384, x25519],
    ...[generatePrivateKey('rsa'), generatePrivateKey('ec')],
  ];
  for (const one of keys) {
    expect(keys.filter((other) => isSameKey(one, other))).toEqual([one]);
    expect(isSameKey(one, createPrivateKey(pemOf(one)))).toBe(true);
  }
});

it('leaves no error behind that spoils the next key, or the next decryption', async () => {
  const rsa = privateKeyOf('rsa');
  const jwe = await encryptedFor(rsa, 'text');
  for (const other of [privateKeyOf('ec'), privateKeyOf('ed25519'), x25519]) {
    expect(isSameKey(rsa, other)).toBe(false);
    expect(isSameKey(p384, other)).toBe(false);
    expect(() => createPrivateKey(pemOf(other))).not.toThrow();
    expect(isSameKey(other, rsa)).toBe(false);
    expect(await decrypted(jwe, [{ key: rsa, keyIds: [] }])).toBe('text');
  }
});

it('lets a field hold keys of several kinds', async () => {
  const others = pemOf(privateKeyOf('ec')) + pemOf(privateKeyOf('ed25519')) + pemOf(p384);
  const transportPrivateKey = others + transport.rsa.privateKey;
  const profile = await profileWith({ transportPrivateKey });
  expect(isSameKey(profile.signer!.key, privateKeyOf('rsa'))).toBe(true);
  expect(profile.otherKeys).toHaveLength(3);
});
