import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { CompactEncrypt, exportJWK } from 'jose';
import { verifyIdToken } from '../../../core/oauth/jwt/idToken';
import { bankKeysFor } from '../../../core/oauth/bank/jwks';
import { createProfile, type Profile } from '../../../core/profile/profile';
import type { BankSettings } from '../../../core/profile/settings';
import { destroyAgents } from '../../../core/transport/agents';
import { privateKeyOf } from '../../support/certificates';
import { customCredential } from '../../support/credential';
import {
  accessToken,
  bankJwk,
  idToken,
  issuer,
  now,
  otherKey,
  type Forgery,
} from '../../support/idTokens';
import { endpointAt } from '../../support/endpoint';
import { startTlsServer, type TlsServer } from '../../support/tlsServer';

let keySet: object[];
let settings: BankSettings;
let server: TlsServer;
/** Whether the bank hands out its keys. */
let keysAreThere = true;

beforeAll(async () => {
  keySet = [await bankJwk()];
  server = await startTlsServer({
    handle: (_, response) => {
      if (keysAreThere) {
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify({ keys: keySet }));
      } else {
        response.setHeader('Content-Type', 'text/html').end('<title>Maintenance</title>');
      }
    },
  });
  settings = { ...(await customCredential(server.url)), issuer };
});
afterAll(async () => {
  await destroyAgents();
  await server.close();
});

/** A profile of its own each time, so that no keys are known yet. */
let count = 0;
const profileWith = (changes: BankSettings = {}) =>
  createProfile({ ...settings, scope: `openid ${count++}`, ...changes });

async function verify(token: string, expectations = {}, profile?: Profile): Promise<void> {
  const own = profile ?? (await profileWith());
  const { endpoints } = own.bank as { endpoints: Parameters<typeof verifyIdToken>[2] };
  return verifyIdToken(token, own, endpoints, { accessToken, ...expectations });
}

describe('accepts', () => {
  it('what the bank signed for this client', () => idToken().then(verify));

  it.each<[string, Forgery]>([
    ['no at_hash', { claims: { at_hash: undefined } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['a list of one audience', { claims: { aud: ['client-1'] } }],
    [
      'another audience, and this client as authorized party',
      { claims: { aud: ['client-1', 'x'], azp: 'client-1' } },
    ],
    ['an end 20 seconds ago', { claims: { exp: now() - 20 } }],
  ])('%s', async (_, forgery) => verify(await idToken(forgery)));

  it('the nonce that was sent', async () => verify(await idToken(), { nonce: 'n-1' }));

  it('an encrypted one', async () => {
    const encrypted = await new CompactEncrypt(Buffer.from(await idToken()))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM' })
      .encrypt(createPublicKey(privateKeyOf('rsa')));
    await verify(encrypted);
  });
});

describe('refuses', () => {
  it.each<[string, string, Forgery]>([
    ['another issuer', 'id-token-issuer', { claims: { iss: 'https://other.example' } }],
    ['no issuer', 'id-token-malformed', { claims: { iss: undefined } }],
    ['another audience', 'id-token-audience', { claims: { aud: 'client-2' } }],
    ['a second audience', 'id-token-audience', { claims: { aud: ['client-1', 'client-2'] } }],
    [
      'another authorized party',
      'id-token-audience',
      { claims: { aud: ['client-1', 'x'], azp: 'x' } },
    ],
    ['an end in the past', 'id-token-time', { claims: { exp: now() - 40 } }],
    ['no end', 'id-token-malformed', { claims: { exp: undefined } }],
    ['an issue in the future', 'id-token-time', { claims: { iat: now() + 3600 } }],
    ['a start in the future', 'id-token-time', { claims: { nbf: now() + 3600 } }],
    ['no subject', 'id-token-malformed', { claims: { sub: undefined } }],
    [
      'the hash of another access token',
      'id-token-access-token-hash',
      { claims: { at_hash: 'x'.repeat(22) } },
    ],
    ['another algorithm', 'id-token-algorithm', { header: { alg: 'RS256' } }],
    ['another key', 'id-token-signature', { key: otherKey }],
    ['an unknown key ID', 'id-token-signature', { header: { kid: 'bank-2' } }],
  ])('%s: %s', async (_, code, forgery) => {
    await expect(verify(await idToken(forgery))).rejects.toMatchObject({
      code,
      stage: 'response',
      outcome: 'received',
    });
  });

  it.each([
    [
      'none as algorithm',
      `${part({ alg: 'none' })}.${part({ iss: issuer })}.`,
      'id-token-algorithm',
    ],
    [
      'a critical extension',
      `${part({ alg: 'PS256', crit: ['x'], x: 1 })}.${part({})}.c2ln`,
      'id-token-malformed',
    ],
    ['no JWT at all', 'nonsense', 'id-token-malformed'],
    ['five parts of nonsense', 'a.b.c.d.e', 'id-token-decryption'],
    ['an empty text', '', 'id-token-malformed'],
  ])('%s', async (_, token, code) => {
    await expect(verify(token)).rejects.toMatchObject({ code });
  });

  it('another nonce, and none where one was sent', async () => {
    const refused = { code: 'id-token-nonce' };
    await expect(verify(await idToken(), { nonce: 'n-2' })).rejects.toMatchObject(refused);
    const without = await idToken({ claims: { nonce: undefined } });
    await expect(verify(without, { nonce: 'n-1' })).rejects.toMatchObject(refused);
  });

  it('a time of log-in that is no time, from the token endpoint', async () => {
    const token = await idToken({ claims: { auth_time: 'today' } });
    await expect(verify(token, { maxAge: 60 })).rejects.toMatchObject({
      code: 'id-token-auth-time',
      outcome: 'received',
    });
  });

  it('another customer after a refresh', async () => {
    const originalIdToken = await idToken();
    await verify(await idToken(), { originalIdToken });
    const other = await idToken({ claims: { sub: 'robin' } });
    await expect(verify(other, { originalIdToken })).rejects.toMatchObject({
      code: 'id-token-subject',
    });
    await expect(verify(other, { originalIdToken: 'nonsense' })).rejects.toMatchObject({
      code: 'id-token-subject',
    });
  });

  it('what is encrypted for another key', async () => {
    const encrypted = await new CompactEncrypt(Buffer.from(await idToken()))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM' })
      .encrypt(createPublicKey(otherKey));
    await expect(verify(encrypted)).rejects.toMatchObject({ code: 'id-token-decryption' });
  });

  it('what cannot be verified: no keys known, or out of reach', async () => {
    const token = await idToken();
    const nowhere = await profileWith({ jwksUri: '' });
    await expect(verify(token, {}, nowhere)).rejects.toMatchObject({ code: 'jwks-missing' });
    const closed = await profileWith({ jwksUri: 'https://localhost:1/jwks' });
    await expect(verify(token, {}, closed)).rejects.toMatchObject({
      code: 'jwks-unreachable',
      // The tokens are there: something was sent.
      description: expect.not.stringContaining('Nothing was sent') as string,
    });
    keysAreThere = false;
    try {
      await expect(verify(token, {}, await profileWith())).rejects.toMatchObject({
        code: 'jwks-unreachable',
        message: expect.stringContaining('Maintenance') as string,
      });
    } finally {
      keysAreThere = true;
    }
  });
});

it('keeps the last known keys, for every caller, while the bank hands out none', async () => {
  const profile = await profileWith();
  const endpoint = endpointAt(`${server.url}/jwks`);
  const known = await bankKeysFor(profile, endpoint, 'bank-1');
  jest.useFakeTimers({ now: Date.now() + 120_000, doNotFake: ['setTimeout', 'setImmediate'] });
  keysAreThere = false;
  try {
    const asked = server.requests.length;
    const all = await Promise.all(
      ['a', 'b', 'c'].map((kid) => bankKeysFor(profile, endpoint, kid)),
    );
    expect(all).toEqual([known, known, known]);
    expect(server.requests.length - asked).toBe(1);
  } finally {
    keysAreThere = true;
    jest.useRealTimers();
  }
});

it('is not made to flood the bank by invented key IDs', async () => {
  const profile = await profileWith();
  await verify(await idToken(), {}, profile);
  const asked = server.requests.length;
  const forged = await Promise.all(
    Array.from({ length: 20 }, (_, index) => idToken({ header: { kid: `invented-${index}` } })),
  );
  const verified = await Promise.allSettled(forged.map((token) => verify(token, {}, profile)));
  expect(verified.every(({ status }) => status === 'rejected')).toBe(true);
  expect(server.requests.length - asked).toBe(1);
});

it('hashes for Ed25519 with SHA-512', async () => {
  const key = generateKeyPairSync('ed25519').privateKey;
  keySet.push({ ...(await exportJWK(createPublicKey(key))), kid: 'ed', use: 'sig' });
  const half = createHash('sha512').update(accessToken).digest().subarray(0, 32);
  const token = await idToken({
    key,
    header: { alg: 'EdDSA', kid: 'ed' },
    claims: { at_hash: half.toString('base64url') },
  });
  await verify(token, {}, await profileWith({ idTokenAlgorithm: 'EdDSA' }));
});

it('fetches the keys once for many ID tokens', async () => {
  const profile = await profileWith();
  const before = server.requests.length;
  for (let time = 0; time < 20; time++) await verify(await idToken(), {}, profile);
  expect(server.requests.length - before).toBe(1);
});

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
