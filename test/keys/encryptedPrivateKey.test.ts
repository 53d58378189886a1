import { createPrivateKey } from 'node:crypto';
import forge from 'node-forge';
import { pemBlock, pemOf, privateKeyOf } from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { profileWith, transport } from '../support/keys/keyCredential';
import { encryptedKeyOf, outdatedKeyOf } from '../support/keys/pkcs12';

const RC2_HEADERS = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: RC2-40-CBC,0011223344556677';

const pkcs8 = () => pemOf(privateKeyOf('rsa'), 'secret');
/** A key in the older form of PEM, from before PKCS#8. Its headers name the cipher. */
const withHeaders = () =>
  String(
    privateKeyOf('rsa').export({
      type: 'pkcs1',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'secret',
    }),
  );
const legacyEncrypted = (scheme: string) =>
  outdatedKeyOf(transport.rsa.privateKey, 'secret', scheme);
const encrypted = (...options: string[]) => encryptedKeyOf(transport.rsa.privateKey, options);

/** Replaces the number of rounds in an encrypted private key. A test that really derives a key with so many rounds would take too long. */
function withRounds(pem: string, rounds: number): string {
  const { asn1, util } = forge;
  const info = asn1.fromDer(util.createBuffer(atob(pem.replace(/-----.*-----|\n/g, ''))));
  const integers = (element: forge.asn1.Asn1): forge.asn1.Asn1[] =>
    Array.isArray(element.value)
      ? element.value.flatMap(integers)
      : element.type === asn1.Type.INTEGER
        ? [element]
        : [];
  integers(info)[0]!.value = asn1.integerToDer(rounds).getBytes();
  return pemBlock('ENCRYPTED PRIVATE KEY', btoa(asn1.toDer(info).getBytes()));
}

describe('an encrypted private key', () => {
  it.each<[string, () => string]>([
    ['PKCS#8', pkcs8],
    ['PKCS#8 on one line', () => pkcs8().replaceAll('\n', '')],
    ['PKCS#8 with 3DES', () => encrypted('-v1', 'PBE-SHA1-3DES')],
    ['the older form', withHeaders],
    ['the older form on one line', () => withHeaders().replaceAll('\n', ' ')],
    ['the older form without line breaks and spaces', () => withHeaders().replaceAll('\n', '')],
    ['the older form with line breaks written out', () => withHeaders().replaceAll('\n', '\\n')],
  ])('is read in %s', async (_, key) => {
    const { signer, identity } = await profileWith({
      transportPrivateKey: key(),
      passphrase: 'secret',
    });
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
    const { privateKey, passphrase } = identity;
    expect(passphrase).toBe('secret');
    expect(createPrivateKey({ key: privateKey, passphrase }).equals(signer!.key)).toBe(true);
  });

  it.each<[string, () => string]>([
    ['600,000 rounds', () => encrypted('-v2', 'aes256', '-iter', '600000')],
    ['scrypt', () => encrypted('-scrypt')],
    ['AES-128 and SHA-1', () => encrypted('-v2', 'aes128', '-v2prf', 'hmacWithSHA1')],
    ['AES-192 and SHA-512', () => encrypted('-v2', 'aes192', '-v2prf', 'hmacWithSHA512')],
    ['3DES in PBES2', () => encrypted('-v2', 'des3')],
    ['DES and MD5', () => legacyEncrypted('PBE-MD5-DES')],
    ['DES and SHA-1', () => legacyEncrypted('PBE-SHA1-DES')],
    ['RC2 and MD5', () => legacyEncrypted('PBE-MD5-RC2-64')],
    ['RC2 with 40 bits', () => legacyEncrypted('PBE-SHA1-RC2-40')],
    ['RC2 with 128 bits', () => legacyEncrypted('PBE-SHA1-RC2-128')],
    ['3DES with two keys', () => legacyEncrypted('PBE-SHA1-2DES')],
  ])('is read with %s, and TLS gets a key that it opens at once', async (_, key) => {
    const { identity, signer } = await profileWith({
      transportPrivateKey: key(),
      passphrase: 'secret',
    });
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
    const { privateKey, passphrase } = identity;
    expect(createPrivateKey({ key: privateKey, passphrase }).equals(signer!.key)).toBe(true);
  });

  it('is given to TLS decrypted if its decryption takes long', async () => {
    const { identity } = await profileWith({
      transportPrivateKey: encrypted('-v2', 'aes256', '-iter', '100000'),
      passphrase: 'secret',
    });
    expect(identity.passphrase).toBeUndefined();
    expect(identity.privateKey).toContain('-----BEGIN PRIVATE KEY-----');
  });

  it.each<[string, () => string, string]>([
    ['RC4', () => legacyEncrypted('PBE-SHA1-RC4-128'), '(RC4-128)'],
    [
      'a cipher of the older form that OpenSSL no longer loads',
      () => pemBlock('RSA PRIVATE KEY', `${RC2_HEADERS}\n\n${btoa('encrypted')}`),
      'RC2-40-CBC',
    ],
    [
      'a cipher of the older form that OpenSSL does not know',
      () => withHeaders().replace('AES-256-CBC', 'FOO-256-CBC'),
      'FOO-256-CBC',
    ],
    [
      '3DES and two thousand million rounds',
      () => withRounds(encrypted('-v1', 'PBE-SHA1-3DES'), 2_000_000_000),
      '2000000000 rounds',
    ],
    [
      'PBKDF2 and a damaged number of rounds',
      () => withRounds(pkcs8(), 0x7fffffff),
      '2147483647 rounds',
    ],
    ['PBKDF2 and a negative number of rounds', () => withRounds(pkcs8(), -2_000_000_000), 'rounds'],
    [
      'scrypt and an N that is too large',
      () => withRounds(encrypted('-scrypt'), 2 ** 24),
      '134217728 rounds',
    ],
  ])('is rejected with %s', async (_, key, words) => {
    const transportPrivateKey = key();
    const failure = await failureOf(profileWith({ transportPrivateKey, passphrase: 'secret' }));
    expect(failure).toMatchObject({ code: 'encryption-unsupported' });
    expect(failure.message).toContain(words);
  });

  it('is reported as malformed if its end is missing', async () => {
    const transportPrivateKey = `${pkcs8().slice(0, 600)}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
    expect(
      await failureOf(profileWith({ transportPrivateKey, passphrase: 'secret' })),
    ).toMatchObject({ code: 'private-key-malformed' });
  });

  it.each<[string, (der: Buffer) => void]>([
    ['its last block was changed', (der) => (der[der.length - 1]! ^= 1)],
    ['its first block was changed', (der) => (der[130]! ^= 1)],
  ])('is reported as damaged or as having a wrong passphrase if %s', async (_, damage) => {
    const der = Buffer.from(pkcs8().replace(/-----.*-----|\n/g, ''), 'base64');
    damage(der);
    const transportPrivateKey = pemBlock('ENCRYPTED PRIVATE KEY', der.toString('base64'));
    expect(
      await failureOf(profileWith({ transportPrivateKey, passphrase: 'secret' })),
    ).toMatchObject({
      code: 'passphrase-wrong',
      message:
        '"Transport Private Key" does not open: the passphrase is wrong, or the file is damaged',
    });
  });
});
