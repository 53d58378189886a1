import forge from 'node-forge';
import { roundsOfPrivateKey, withBoundedDerivation } from '../../core/keys/keyDerivation';
import { encryptedKeyOf } from '../support/keys/pkcs12';
import { transport } from '../support/keys/keyCredential';

describe('roundsOfPrivateKey', () => {
  it.each<[string, string[], number]>([
    ['PBKDF2', ['-v2', 'aes256', '-iter', '3000'], 3000],
    ['PBKDF2 and SHA-512', ['-v2', 'aes256', '-v2prf', 'hmacWithSHA512', '-iter', '3000'], 3000],
    ['the 3DES scheme of PKCS#12', ['-v1', 'PBE-SHA1-3DES', '-iter', '3000'], 3000],
    ['scrypt', ['-scrypt', '-scrypt_N', '4096', '-scrypt_p', '3'], 4096 * 8 * 3],
  ])('reads the rounds of %s', (_, options, rounds) => {
    const pem = encryptedKeyOf(transport.ec.privateKey, options);
    const der = Buffer.from(pem.replace(/-----.*-----|\n/g, ''), 'base64');
    expect(roundsOfPrivateKey(der)).toBe(rounds);
  });

  it.each([
    ['an empty sequence', '3000'],
    ['an algorithm without parameters', '3009300706032901010500'],
  ])('returns NaN for %s', (_, hex) => {
    expect(roundsOfPrivateKey(Buffer.from(hex, 'hex'))).toBeNaN();
  });

  it('throws for bytes that are not DER', () => {
    expect(() => roundsOfPrivateKey(Buffer.from('30ff', 'hex'))).toThrow();
  });
});

describe('withBoundedDerivation', () => {
  const native = (rounds: number) =>
    forge.pkcs5.pbkdf2('passphrase', 'salt', rounds, 32, forge.md.sha256.create());
  const inJavaScript = (rounds: number, id = 1) =>
    (forge.pkcs12.generateKey as (...parameters: unknown[]) => unknown)(
      'passphrase',
      forge.util.createBuffer('salt'),
      id,
      rounds,
      24,
    );

  it('derives the same key as node-forge alone', () => {
    expect(withBoundedDerivation(() => native(100))).toBe(native(100));
  });

  it.each<[string, () => void]>([
    ['ten million rounds of PBKDF2', () => native(10_000_001)],
    ['100,000 rounds in JavaScript', () => inJavaScript(100_001)],
  ])('refuses more than %s', (_, derive) => {
    expect(() => withBoundedDerivation(derive)).toThrow(/^1\d*1 rounds of key derivation$/);
  });

  it('adds up the rounds of all keys, and does not count those of an initialization vector', () => {
    const derive = (rounds: number[], id: number) => () =>
      rounds.forEach((each) => inJavaScript(each, id));
    expect(() => withBoundedDerivation(derive([100, 99_901], 1))).toThrow('100001 rounds');
    expect(() => withBoundedDerivation(derive([100, 99_901], 2))).not.toThrow();
  });

  it('restores the functions of node-forge, also after a failure', () => {
    const functions = () => [
      forge.pkcs5.pbkdf2,
      forge.pkcs12.generateKey,
      (forge.pki as unknown as { pbe: { generatePkcs12Key: unknown } }).pbe.generatePkcs12Key,
    ];
    const before = functions();
    expect(() => withBoundedDerivation(() => native(10_000_001))).toThrow();
    withBoundedDerivation(() => expect(functions()).not.toEqual(before));
    expect(functions()).toEqual(before);
  });
});
