import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { otherKey, type Encryption } from '../../support/bank/idTokens';
import { generatePrivateKey, pemOf } from '../../support/keys/certificates';
import { sharedKey } from '../../support/keys/sharedKeys';
import { clientKey, misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

const rsaKey = sharedKey('decryption', () => generatePrivateKey('rsa'));
const ecKey = generatePrivateKey('ec');
const { privateKey: xKey } = generateKeyPairSync('x25519');

/** The credential of a client that registered keys of its own for encryption, by JWK or in PEM. */
const jwks = {
  decryptionKeys: JSON.stringify({
    keys: [
      { ...rsaKey.export({ format: 'jwk' }), kid: 'enc-rsa', use: 'enc' },
      { ...ecKey.export({ format: 'jwk' }), kid: 'enc-ec', use: 'enc' },
    ],
  }),
};
const pem = { decryptionKeys: pemOf(ecKey) + pemOf(rsaKey) + pemOf(xKey) };

const encrypted = (encryptFor: KeyObject, encryption: Encryption = {}) => ({
  encryptFor,
  encryption,
});

describe.each([
  ['a JWK set', jwks],
  ['PEM', pem],
])('with keys in %s', (_, credential) => {
  it.each<[string, KeyObject, Encryption]>([
    ['the RSA key, named by "kid"', rsaKey, { kid: 'enc-rsa' }],
    ['the RSA key, without "kid"', rsaKey, {}],
    ['the RSA key, by a name that only the bank knows', rsaKey, { kid: 'of-the-directory' }],
    ['the RSA key by RSA-OAEP-256', rsaKey, { alg: 'RSA-OAEP-256', kid: 'enc-rsa' }],
    ['the EC key by ECDH-ES', ecKey, { alg: 'ECDH-ES', kid: 'enc-ec' }],
    ['the EC key by ECDH-ES+A128KW, without "kid"', ecKey, { alg: 'ECDH-ES+A128KW' }],
    ['the EC key by ECDH-ES+A256KW', ecKey, { alg: 'ECDH-ES+A256KW', kid: 'enc-ec' }],
    ['the signing key', clientKey, {}],
  ])('accepts ID tokens for %s', async (__, key, encryption) => {
    const forgery = encrypted(key, encryption);
    await bank.accepts({ credential, redirectIdToken: forgery, idToken: forgery });
    await bank.accepts({ credential, redirect: 'jarm', responseJwt: forgery });
  });

  it('rejects an ID token that is encrypted by RSA1_5 in the redirect before the code is used', async () => {
    const redirectIdToken = encrypted(rsaKey, { alg: 'RSA1_5', kid: 'enc-rsa' });
    const behaviour = { credential, redirectIdToken };
    await bank.refusesBeforeTheCode(behaviour, 'jwt-decryption', '"RSA1_5"');
  });

  it('rejects an ID token that is encrypted by RSA1_5 from the token endpoint before the access token is used', async () => {
    const idToken = encrypted(rsaKey, { alg: 'RSA1_5', kid: 'enc-rsa' });
    await bank.refusesBeforeTheAccessToken({ credential, idToken }, 'jwt-decryption', '"RSA1_5"');
  });

  it('rejects an ID token for another key in the redirect before the code is used, and names this key', async () => {
    const redirectIdToken = encrypted(otherKey, { kid: 'enc-9' });
    const behaviour = { credential, redirectIdToken };
    await bank.refusesBeforeTheCode(behaviour, 'jwt-decryption', 'for the key "enc-9"');
  });

  it('rejects an ID token for another key from the token endpoint before the access token is used, and names this key', async () => {
    const idToken = encrypted(otherKey, { kid: 'enc-9' });
    const behaviour = { credential, idToken };
    await bank.refusesBeforeTheAccessToken(behaviour, 'jwt-decryption', 'for the key "enc-9"');
  });

  it('rejects an ID token for another key without a name before the access token is used', async () => {
    const idToken = encrypted(otherKey);
    const behaviour = { credential, idToken };
    await bank.refusesBeforeTheAccessToken(behaviour, 'jwt-decryption', 'It holds the ');
  });
});

it('accepts ID tokens for a key of X25519', async () => {
  const forgery = encrypted(xKey, { alg: 'ECDH-ES' });
  await bank.accepts({ credential: pem, redirectIdToken: forgery, idToken: forgery });
});

it('rejects an ID token by ECDH-ES if there is no key for it before the access token is used', async () => {
  const idToken = encrypted(ecKey, { alg: 'ECDH-ES' });
  await bank.refusesBeforeTheAccessToken({ idToken }, 'jwt-decryption', 'needs an EC or X25519');
});

it('rejects an ID token that names one key and is encrypted for another one before the access token is used', async () => {
  const idToken = encrypted(otherKey, { kid: 'enc-rsa' });
  const behaviour = { credential: jwks, idToken };
  await bank.refusesBeforeTheAccessToken(behaviour, 'jwt-decryption', 'this key of the credential');
});
