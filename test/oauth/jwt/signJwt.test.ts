import { constants, generateKeyPairSync, verify } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { SigningAlgorithm } from '../../../core/keys/algorithms';
import { signJwt } from '../../../core/oauth/jwt/signJwt';

const large = generateKeyPairSync('rsa', { modulusLength: 4096 });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const pairs = { PS256: rsa, RS256: rsa, ES256: ec, EdDSA: ed };

const sign = (algorithm: SigningAlgorithm, { privateKey } = pairs[algorithm]) =>
  signJwt(
    { aud: 'https://bank.example', list: ['a'] },
    { algorithm, keyId: 'key-1', key: privateKey },
    { type: 'JWT', lifetime: 60 },
  );

describe('signJwt', () => {
  it('adds the dates, and a random "jti" that is new each time', async () => {
    const before = Math.floor(Date.now() / 1000);
    const payloads = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const { payload } = await jwtVerify(await sign('ES256'), ec.publicKey);
        return payload;
      }),
    );
    expect(new Set(payloads.map(({ jti }) => jti)).size).toBe(50);
    for (const { iat = 0, nbf, exp, jti, list } of payloads) {
      expect(iat).toBeGreaterThanOrEqual(before - 5);
      expect(iat).toBeLessThanOrEqual(Date.now() / 1000 - 5);
      expect([nbf, exp]).toEqual([iat, iat + 60]);
      expect(jti).toMatch(/^[\w-]{43}$/);
      expect(list).toEqual(['a']);
    }
  });

  it.each(['PS256', 'RS256', 'ES256', 'EdDSA'] as const)(
    'makes a valid signature with %s, which is invalid after a change',
    async (algorithm) => {
      const { publicKey } = pairs[algorithm];
      const jws = await sign(algorithm);
      const options = { algorithms: [algorithm], audience: 'https://bank.example' };
      const { protectedHeader } = await jwtVerify(jws, publicKey, options);
      expect(protectedHeader).toEqual({ kid: 'key-1', typ: 'JWT', alg: algorithm });
      const [header, , signature] = jws.split('.');
      const changed = `${header}.${Buffer.from('{}').toString('base64url')}.${signature}`;
      await expect(jwtVerify(changed, publicKey, options)).rejects.toThrow('verification failed');
    },
  );

  it('leaves "kid" out of the header if the signer has no key ID', async () => {
    const signer = { algorithm: 'ES256', key: ec.privateKey } as const;
    const jws = await signJwt({}, signer, { type: 'JWT', lifetime: 60 });
    const { protectedHeader } = await jwtVerify(jws, ec.publicKey);
    expect(protectedHeader).toEqual({ typ: 'JWT', alg: 'ES256' });
  });

  it.each([
    ['2048', rsa],
    ['4096', large],
  ])('uses a PSS salt as long as the hash with a key of %s bits', async (_, pair) => {
    const [header, payload, signature] = (await sign('PS256', pair)).split('.');
    const verifies = (saltLength: number) =>
      verify(
        'sha256',
        Buffer.from(`${header}.${payload}`),
        { key: pair.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
        Buffer.from(signature!, 'base64url'),
      );
    expect([verifies(32), verifies(20)]).toEqual([true, false]);
  });

  it('leaves Error.stackTraceLimit of the process unchanged while it signs', async () => {
    const limit = Error.stackTraceLimit;
    const signing = sign('PS256');
    expect(Error.stackTraceLimit).toBe(limit);
    await signing;
    expect(Error.stackTraceLimit).toBe(limit);
  });
});
