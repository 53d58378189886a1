import { constants, generateKeyPairSync, verify } from 'node:crypto';
import { jwtVerify } from 'jose';
import { clientAssertion } from '../../../core/oauth/jwt/clientAssertion';
import type { SigningAlgorithm } from '../../../core/keys/algorithms';

const large = generateKeyPairSync('rsa', { modulusLength: 4096 });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const pairs = { PS256: rsa, RS256: rsa, ES256: ec, EdDSA: ed };

const sign = (algorithm: SigningAlgorithm, audience = 'https://bank.example', now?: Date) =>
  clientAssertion(
    { algorithm, keyId: 'key-1', key: pairs[algorithm].privateKey, type: 'JWT' },
    'client-1',
    audience,
    { now },
  );
const decode = (part: string | undefined) =>
  JSON.parse(Buffer.from(part!, 'base64url').toString()) as Record<string, unknown>;

it('carries the header and claims that WSO2 demands', async () => {
  const now = new Date('2026-01-02T03:04:05.999Z');
  const [header, payload] = (
    await sign('PS256', 'https://is.example:9446/oauth2/token', now)
  ).split('.');
  expect(decode(header)).toEqual({ kid: 'key-1', typ: 'JWT', alg: 'PS256' });
  const fiveSecondsBefore = Date.parse('2026-01-02T03:04:00Z') / 1000;
  expect(decode(payload)).toEqual({
    iss: 'client-1',
    sub: 'client-1',
    aud: 'https://is.example:9446/oauth2/token',
    jti: expect.stringMatching(/^[\w-]{43}$/),
    iat: fiveSecondsBefore,
    nbf: fiveSecondsBefore,
    exp: fiveSecondsBefore + 60,
  });
});

it('is fresh every time', async () => {
  const identifiers = await Promise.all(
    Array.from({ length: 50 }, async () => decode((await sign('ES256')).split('.')[1]).jti),
  );
  expect(new Set(identifiers).size).toBe(50);
});

const algorithms = ['PS256', 'RS256', 'ES256', 'EdDSA'] as const;

it.each(
  algorithms.flatMap((algorithm) => [true, false].map((isAlone) => ({ algorithm, isAlone }))),
)('is what another library verifies: %j', async ({ algorithm, isAlone }) => {
  const { privateKey, publicKey } = pairs[algorithm];
  const jws = await clientAssertion(
    { algorithm, keyId: 'key-1', key: privateKey, type: 'JWT' },
    'client-1',
    'https://bank.example',
    { isAlone },
  );
  const options = { algorithms: [algorithm], audience: 'https://bank.example' };
  const { payload } = await jwtVerify(jws, publicKey, options);
  expect(payload.sub).toBe('client-1');
  const [header, , signature] = jws.split('.');
  const forged = `${header}.${Buffer.from('{}').toString('base64url')}.${signature}`;
  await expect(jwtVerify(forged, publicKey, options)).rejects.toThrow('verification failed');
});

it.each([rsa, large])('has PSS salts as long as the hash', async ({ privateKey, publicKey }) => {
  const signer = { algorithm: 'PS256', keyId: 'k', key: privateKey, type: 'JWT' } as const;
  const [header, payload, signature] = (
    await clientAssertion(signer, 'c', 'a', { isAlone: true })
  ).split('.');
  const verifies = (saltLength: number) =>
    verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
      Buffer.from(signature!, 'base64url'),
    );
  expect([verifies(32), verifies(20)]).toEqual([true, false]);
});

it('can be typed as RFC 7523bis wants it', async () => {
  const jws = await clientAssertion(
    { algorithm: 'ES256', keyId: 'k', key: ec.privateKey, type: 'client-authentication+jwt' },
    'c',
    'a',
  );
  expect(decode(jws.split('.')[0]).typ).toBe('client-authentication+jwt');
});
