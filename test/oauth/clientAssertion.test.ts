import { constants, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { clientAssertion } from '../../oauth/clientAssertion';
import type { SigningAlgorithm } from '../../oauth/settings';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const pairs = { PS256: rsa, RS256: rsa, ES256: ec, EdDSA: ed };

const sign = (algorithm: SigningAlgorithm, audience = 'https://bank.example', now?: Date) =>
  clientAssertion(
    { algorithm, keyId: 'key-1', key: pairs[algorithm].privateKey, type: 'JWT' },
    'client-1',
    audience,
    now,
  );
const decode = (part: string | undefined) =>
  JSON.parse(Buffer.from(part!, 'base64url').toString()) as Record<string, unknown>;

it('carries the header and claims that WSO2 demands', async () => {
  const now = new Date('2026-01-02T03:04:05.999Z');
  const [header, payload] = (
    await sign('PS256', 'https://is.example:9446/oauth2/token', now)
  ).split('.');
  expect(decode(header)).toEqual({ kid: 'key-1', typ: 'JWT', alg: 'PS256' });
  const seconds = Date.parse('2026-01-02T03:04:05Z') / 1000;
  expect(decode(payload)).toEqual({
    iss: 'client-1',
    sub: 'client-1',
    aud: 'https://is.example:9446/oauth2/token',
    jti: expect.stringMatching(/^[\w-]{43}$/),
    iat: seconds,
    nbf: seconds,
    exp: seconds + 60,
  });
});

it('is fresh every time', async () => {
  const identifiers = await Promise.all(
    Array.from({ length: 50 }, async () => decode((await sign('ES256')).split('.')[1]).jti),
  );
  expect(new Set(identifiers).size).toBe(50);
});

/** Node's own crypto, not the library that signed. */
function verifies(
  algorithm: SigningAlgorithm,
  key: KeyObject,
  jws: string,
  saltLength = 32,
): boolean {
  const [header, payload, signature] = jws.split('.');
  const data = Buffer.from(`${header}.${payload}`);
  const bytes = Buffer.from(signature!, 'base64url');
  switch (algorithm) {
    case 'PS256':
      return verify(
        'sha256',
        data,
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
        bytes,
      );
    case 'RS256':
      return verify('sha256', data, key, bytes);
    case 'ES256':
      return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, bytes);
    case 'EdDSA':
      return verify(null, data, key, bytes);
  }
}

it.each(['PS256', 'RS256', 'ES256', 'EdDSA'] as const)(
  '%s verifies elsewhere',
  async (algorithm) => {
    const jws = await sign(algorithm);
    expect(verifies(algorithm, pairs[algorithm].publicKey, jws)).toBe(true);
    const [header, payload, signature] = jws.split('.');
    const forged = `${header}.${Buffer.from('{}').toString('base64url')}.${signature}`;
    expect(verifies(algorithm, pairs[algorithm].publicKey, forged)).toBe(false);
    expect(payload).toBeDefined();
  },
);

it('has PSS salts as long as the hash', async () => {
  const jws = await sign('PS256');
  expect(verifies('PS256', rsa.publicKey, jws, 20)).toBe(false);
});

it('can be typed as RFC 7523bis wants it', async () => {
  const jws = await clientAssertion(
    { algorithm: 'ES256', keyId: 'k', key: ec.privateKey, type: 'client-authentication+jwt' },
    'c',
    'a',
  );
  expect(decode(jws.split('.')[0]).typ).toBe('client-authentication+jwt');
});
