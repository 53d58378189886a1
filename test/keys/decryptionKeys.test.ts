import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { decryptionKey, parseDecryptionKeys } from '../../core/keys/decryptionKeys';
import type { BankSettings } from '../../core/profile/settings';
import {
  clientCertificate,
  generatePrivateKey,
  pemOf,
  privateKeyOf,
} from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { profileWith } from '../support/keys/keyCredential';
import { pkcs12Of } from '../support/keys/pkcs12';

const rsa = privateKeyOf('rsa');
const ec = privateKeyOf('ec');
const x25519 = generateKeyPairSync('x25519').privateKey;
const other = generatePrivateKey('rsa');

const FIELD = 'Decryption Keys';
const jwkOf = (key: typeof rsa, more: object = {}) => ({
  ...key.export({ format: 'jwk' }),
  ...more,
});
const parsed = (given: unknown, passphrase = '') =>
  parseDecryptionKeys(typeof given === 'string' ? given : JSON.stringify(given), passphrase, FIELD);

describe('decryption keys are read', () => {
  it('from several PEM blocks, one of them encrypted', async () => {
    const { keys } = await parsed(pemOf(rsa, 'secret') + pemOf(ec) + pemOf(x25519), 'secret');
    expect(keys.map(({ key }) => key.asymmetricKeyType)).toEqual(['rsa', 'ec', 'x25519']);
  });

  it('from a JWK, whose "kid" names it first', async () => {
    const { keys } = await parsed(jwkOf(rsa, { kid: 'enc-1', use: 'enc', alg: 'RSA-OAEP' }));
    expect(keys).toHaveLength(1);
    expect(keys[0]!.key.equals(rsa)).toBe(true);
    expect(keys[0]!.keyIds[0]).toBe('enc-1');
  });

  it('from a JWK set, without its keys for signatures', async () => {
    const keys = [
      jwkOf(other, { kid: 'sig-1', use: 'sig' }),
      jwkOf(rsa, { kid: 'enc-1', use: 'enc' }),
      jwkOf(generatePrivateKey('ec'), { kid: 'sig-2', alg: 'ES256' }),
      jwkOf(ec, { kid: 'enc-2' }),
    ];
    const read = await parsed({ keys });
    expect(read.keys.map(({ keyIds: [keyId] }) => keyId)).toEqual(['enc-1', 'enc-2']);
  });

  it('from a PKCS#12 file in base64, whose certificate gives them further names', async () => {
    const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
    const { keys } = await parsed(pkcs12Of({ certificate, privateKey }, 'secret'), 'secret');
    const thumbprint = new X509Certificate(certificate).fingerprint.replaceAll(':', '');
    expect(keys[0]!.keyIds).toContain(Buffer.from(thumbprint, 'hex').toString('base64url'));
  });
});

describe('decryption keys are refused', () => {
  const pem = (key: ReturnType<typeof createPublicKey>) =>
    String(key.export({ type: 'spki', format: 'pem' }));
  const curve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  it.each<[string, string, () => unknown, string]>([
    ['a public key in PEM', 'private-key-malformed', () => pem(publicKey), 'a public key'],
    [
      'a public JWK',
      'private-key-malformed',
      () => publicKey.export({ format: 'jwk' }),
      'a public key',
    ],
    [
      'a set with a public key',
      'private-key-malformed',
      () => ({ keys: [jwkOf(rsa), publicKey.export({ format: 'jwk' })] }),
      'a public key',
    ],
    ['an empty set', 'private-key-malformed', () => ({ keys: [] }), 'no key'],
    ['a set of texts', 'private-key-malformed', () => ({ keys: ['a'] }), 'no key'],
    [
      'a set with 21 keys',
      'private-key-malformed',
      () => ({ keys: Array.from({ length: 21 }, () => jwkOf(ec)) }),
      'more than 20',
    ],
    [
      'a key for signatures',
      'private-key-malformed',
      () => jwkOf(rsa, { use: 'sig' }),
      'it is for signatures',
    ],
    ['a weak key', 'key-unsupported', () => pemOf(small), '1024 bits'],
    ['an Ed25519 key', 'key-unsupported', () => pemOf(privateKeyOf('ed25519')), 'ed25519'],
    [
      'an Ed25519 key beside a good one',
      'key-unsupported',
      () => pemOf(rsa) + pemOf(privateKeyOf('ed25519')),
      'ed25519',
    ],
    ['an EC key on another curve', 'key-unsupported', () => pemOf(curve), 'ec secp256k1'],
    ['a symmetric key', 'private-key-malformed', () => ({ kty: 'oct', k: 'AAAA' }), 'symmetric'],
    ['no key', 'private-key-malformed', () => 'my key', 'no private key'],
    [
      'a keystore of Java',
      'private-key-malformed',
      () => btoa('\xfe\xed\xfe\xed'.padEnd(90)),
      'JKS',
    ],
  ])('%s', async (_, code, given, words) => {
    const failure = await failureOf(parsed(given()));
    expect(failure).toMatchObject({ code, stage: 'configuration' });
    expect(failure.message).toContain(`"${FIELD}"`);
    expect(failure.message).toContain(words);
    expect(failure.description).not.toContain('Key Format');
  });

  it('with a wrong passphrase, also those of a PKCS#12 file', async () => {
    const file = pkcs12Of(await clientCertificate({ key: 'rsa' }), 'secret');
    for (const given of [pemOf(rsa, 'secret'), file]) {
      expect(await failureOf(parsed(given, 'wrong'))).toMatchObject({
        code: 'passphrase-wrong',
        message: expect.stringContaining(FIELD),
      });
    }
  });
});

describe('the profile', () => {
  const heldBy = async (changes: BankSettings) =>
    (await profileWith(changes)).decryptionKeys.map(({ key }) => key);

  it('decrypts with the signing key if there is no other', async () => {
    const [key, ...others] = await heldBy({});
    expect(key!.equals(rsa)).toBe(true);
    expect(others).toEqual([]);
  });

  it('tries its decryption keys first, each once, and then the signing key', async () => {
    const keys = await heldBy({ decryptionKeys: pemOf(ec) + pemOf(other) });
    expect(keys.map((key) => [ec, other, rsa].findIndex((each) => each.equals(key)))).toEqual([
      0, 1, 2,
    ]);
    expect(await heldBy({ decryptionKeys: pemOf(rsa) })).toHaveLength(1);
  });

  it('knows the signing key by its assigned key ID', async () => {
    const changes = { keyIdSource: 'given', keyId: ' key-1 ' } as const;
    expect((await profileWith(changes)).decryptionKeys[0]!.keyIds[0]).toBe('key-1');
  });

  it('repeats no part of a decryption key in an error', async () => {
    const secret = pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);
    const failure = await failureOf(profileWith({ decryptionKeys: secret }));
    expect(secret).not.toContain(failure.text.slice(0, 12));
    for (const line of secret.split('\n').filter((each) => each.length > 20)) {
      expect(failure.text).not.toContain(line);
    }
  });
});

it('gives a key the names that are computed from it, also without a certificate', async () => {
  const { keyIds } = await decryptionKey(rsa, [], 'given');
  expect(keyIds).toHaveLength(3);
  expect(keyIds[0]).toBe('given');
});
