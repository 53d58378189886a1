import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { CompactEncrypt, CompactSign, exportJWK } from 'jose';
import type { Customer } from '../../../core/oauth/jwt/customer';
import { verifyIdToken } from '../../../core/oauth/jwt/idToken';
import { createClient, type BankClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { destroyAgents } from '../../../core/transport/agents';
import { privateKeyOf } from '../../support/keys/certificates';
import { customCredential } from '../../support/bank/credential';
import {
  accessToken,
  bankJwk,
  idToken,
  issuer,
  now,
  otherKey,
  type Forgery,
} from '../../support/bank/idTokens';
import { startTlsServer, type TlsServer } from '../../support/servers/tlsServer';

let keySet: object[];
let settings: BankSettings;
let server: TlsServer;
/** Whether the bank answers with its keys, or with a web page. */
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

/** A new client, which has not fetched any keys. */
const clientWith = (changes: BankSettings = {}) =>
  createClient({ ...settings, scope: 'openid', ...changes });

async function verify(token: string, expectations = {}, client?: BankClient): Promise<Customer> {
  const own = client ?? (await clientWith());
  return verifyIdToken(token, own, await own.endpoints(), { accessToken, ...expectations });
}

describe('verifyIdToken with a valid ID token', () => {
  it('accepts an ID token that the bank signed for this client', () => idToken().then(verify));

  it.each<[string, Forgery]>([
    ['a missing "at_hash"', { claims: { at_hash: undefined } }],
    ['a missing nonce if none is expected', { claims: { nonce: undefined } }],
    [
      'optional claims that are null or empty',
      { claims: { at_hash: '', azp: null, nonce: '', acr: '', auth_time: null, c_hash: null } },
    ],
    ['an "at_hash" with padding', { claims: { at_hash: '77QmUPtjPfzWtF2AnpK9RQ==' } }],
    ['a list of one audience', { claims: { aud: ['client-1'] } }],
    [
      'a second audience with this client as "azp"',
      { claims: { aud: ['client-1', 'x'], azp: 'client-1' } },
    ],
    ['an "exp" within the clock tolerance', { claims: { exp: now() - 20 } }],
  ])('accepts %s', async (_, forgery) => verify(await idToken(forgery)));

  it('accepts the nonce of the authorization request', async () =>
    verify(await idToken(), { nonce: 'n-1' }));

  it('accepts an encrypted ID token', async () => {
    const encrypted = await new CompactEncrypt(Buffer.from(await idToken()))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM' })
      .encrypt(createPublicKey(privateKeyOf('rsa')));
    await verify(encrypted);
  });
});

describe('verifyIdToken with an invalid ID token', () => {
  it.each<[string, string, string, Forgery]>([
    ['another issuer', 'jwt-issuer', '"iss"', { claims: { iss: 'https://other.example' } }],
    ['a missing "iss"', 'jwt-malformed', '"iss"', { claims: { iss: undefined } }],
    ['another audience', 'jwt-audience', '"aud"', { claims: { aud: 'client-2' } }],
    [
      'a second audience without "azp"',
      'jwt-audience',
      '"aud"',
      { claims: { aud: ['client-1', 'client-2'] } },
    ],
    [
      'another client as "azp"',
      'jwt-audience',
      '"azp"',
      { claims: { aud: ['client-1', 'x'], azp: 'x' } },
    ],
    ['an "exp" in the past', 'jwt-time', '"exp"', { claims: { exp: now() - 40 } }],
    ['a missing "exp"', 'jwt-malformed', '"exp"', { claims: { exp: undefined } }],
    ['a missing "iat"', 'jwt-malformed', '"iat"', { claims: { iat: undefined } }],
    ['a missing "aud"', 'jwt-malformed', '"aud"', { claims: { aud: undefined } }],
    ['an "iat" in the future', 'jwt-time', '"iat"', { claims: { iat: now() + 3600 } }],
    ['an "nbf" in the future', 'jwt-time', '"nbf"', { claims: { nbf: now() + 3600 } }],
    ['an empty "iss"', 'jwt-malformed', '"iss"', { claims: { iss: '' } }],
    ['an empty "sub"', 'jwt-malformed', '"sub"', { claims: { sub: '' } }],
    ['an "exp" that is null', 'jwt-malformed', '"exp"', { claims: { exp: null as never } }],
    ['a missing "sub"', 'jwt-malformed', '"sub"', { claims: { sub: undefined } }],
    [
      'an "at_hash" of another access token',
      'id-token-binding',
      '"at_hash"',
      { claims: { at_hash: 'x'.repeat(22) } },
    ],
    [
      'another algorithm than that of the credential',
      'jwt-algorithm',
      'algorithm',
      { header: { alg: 'RS256' } },
    ],
    ['a signature of another key', 'jwt-signature', 'key', { key: otherKey }],
    ['an unknown key ID', 'jwt-signature', 'key', { header: { kid: 'bank-2' } }],
  ])('rejects %s with %s, and names %s in the message', async (_, code, named, forgery) => {
    await expect(verify(await idToken(forgery))).rejects.toMatchObject({
      code,
      stage: 'response',
      outcome: 'received',
      message: expect.stringContaining(named),
    });
  });

  it.each([
    [
      'the algorithm "none"',
      `${part({ alg: 'none' })}.${part({ iss: issuer })}.`,
      'jwt-algorithm',
      'is not signed: its header names "none"',
    ],
    [
      'a header without algorithm',
      `${part({ kid: 'bank-1' })}.${part({ iss: issuer })}.c2ln`,
      'jwt-algorithm',
      'is not signed: its header names no algorithm',
    ],
    ['a JWT of two parts', `${part({ alg: 'PS256' })}.${part({})}`, 'jwt-malformed', 'JSON'],
    [
      'a critical extension',
      `${part({ alg: 'PS256', crit: ['x'], x: 1 })}.${part({})}.c2ln`,
      'jwt-malformed',
      '"crit"',
    ],
    ['a text that is no JWT', 'nonsense', 'jwt-malformed', 'JSON'],
    ['five parts that are no JWE', 'a.b.c.d.e', 'jwt-decryption', 'no algorithm'],
    ['an empty text', '', 'jwt-malformed', 'JSON'],
  ])('rejects %s', async (_, token, code, named) => {
    await expect(verify(token)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(named),
    });
  });

  it('rejects a payload that is no JSON object', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    keySet.push({ ...(await exportJWK(createPublicKey(privateKey))), kid: 'text' });
    const token = await new CompactSign(Buffer.from('["no claims"]'))
      .setProtectedHeader({ alg: 'PS256', kid: 'text' })
      .sign(privateKey);
    await expect(verify(token)).rejects.toMatchObject({
      code: 'jwt-malformed',
      message: expect.stringContaining('JSON'),
    });
  });

  it('rejects another nonce than the expected one, and a missing nonce', async () => {
    const refused = { code: 'id-token-binding', message: expect.stringContaining('nonce') };
    await expect(verify(await idToken(), { nonce: 'n-2' })).rejects.toMatchObject(refused);
    const without = await idToken({ claims: { nonce: undefined } });
    await expect(verify(without, { nonce: 'n-1' })).rejects.toMatchObject(refused);
  });

  it('rejects an "auth_time" that is a text', async () => {
    const token = await idToken({ claims: { auth_time: 'today' } });
    await expect(verify(token, { maxAge: 60 })).rejects.toMatchObject({
      code: 'id-token-auth-time',
      message: expect.stringContaining('"auth_time"'),
      outcome: 'received',
    });
  });

  it('rejects another "sub" than the one of the first ID token', async () => {
    const customer = await verify(await idToken());
    await verify(await idToken(), { customer });
    const other = await idToken({ claims: { sub: 'robin' } });
    await expect(verify(other, { customer })).rejects.toMatchObject({
      code: 'id-token-subject',
      message: expect.stringContaining('"sub"'),
    });
  });

  it('rejects an ID token that is encrypted for another key', async () => {
    const encrypted = await new CompactEncrypt(Buffer.from(await idToken()))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM' })
      .encrypt(createPublicKey(otherKey));
    await expect(verify(encrypted)).rejects.toMatchObject({ code: 'jwt-decryption' });
  });

  it('rejects every ID token if the keys of the bank are not known or cannot be fetched', async () => {
    const token = await idToken();
    const nowhere = await clientWith({ jwksUri: '' });
    await expect(verify(token, {}, nowhere)).rejects.toMatchObject({ code: 'jwks-unusable' });
    const closed = await clientWith({ jwksUri: 'https://localhost:1/jwks' });
    await expect(verify(token, {}, closed)).rejects.toMatchObject({
      code: 'jwks-unusable',
      // Tokens were received, so this advice would be wrong.
      description: expect.not.stringContaining('Nothing was sent') as string,
    });
    keysAreThere = false;
    try {
      await expect(verify(token, {}, await clientWith())).rejects.toMatchObject({
        code: 'jwks-unusable',
        message: expect.stringContaining('Maintenance') as string,
      });
    } finally {
      keysAreThere = true;
    }
  });
});

it('bankKeysFor returns the last known keys to every caller if fetching fails', async () => {
  const client = await clientWith();
  const known = await client.keysFor('bank-1');
  jest.useFakeTimers({ now: Date.now() + 120_000, doNotFake: ['setTimeout', 'setImmediate'] });
  keysAreThere = false;
  try {
    const asked = server.requests.length;
    const all = await Promise.all(['a', 'b', 'c'].map((kid) => client.keysFor(kid)));
    expect(all).toEqual([known, known, known]);
    expect(server.requests.length - asked).toBe(1);
  } finally {
    keysAreThere = true;
    jest.useRealTimers();
  }
});

it('verifyIdToken fetches the keys only once for many invented key IDs', async () => {
  const client = await clientWith();
  await verify(await idToken(), {}, client);
  const asked = server.requests.length;
  const forged = await Promise.all(
    Array.from({ length: 20 }, (_, index) => idToken({ header: { kid: `invented-${index}` } })),
  );
  const verified = await Promise.allSettled(forged.map((token) => verify(token, {}, client)));
  expect(verified.every(({ status }) => status === 'rejected')).toBe(true);
  expect(server.requests.length - asked).toBe(1);
});

it('verifyIdToken hashes with SHA-512 for Ed25519', async () => {
  const key = generateKeyPairSync('ed25519').privateKey;
  keySet.push({ ...(await exportJWK(createPublicKey(key))), kid: 'ed', use: 'sig' });
  const half = createHash('sha512').update(accessToken).digest().subarray(0, 32);
  const token = await idToken({
    key,
    header: { alg: 'EdDSA', kid: 'ed' },
    claims: { at_hash: half.toString('base64url') },
  });
  await verify(token, {}, await clientWith({ idTokenAlgorithm: 'EdDSA' }));
});

it('verifyIdToken accepts a key with the operations of a private key', async () => {
  const before = keySet;
  keySet = [{ ...(await bankJwk()), key_ops: ['sign', 'verify'], ext: 'true' }];
  try {
    await verify(await idToken());
  } finally {
    keySet = before;
  }
});

it('verifyIdToken fetches the keys once for many ID tokens', async () => {
  const client = await clientWith();
  const before = server.requests.length;
  for (let time = 0; time < 20; time++) await verify(await idToken(), {}, client);
  expect(server.requests.length - before).toBe(1);
});

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
