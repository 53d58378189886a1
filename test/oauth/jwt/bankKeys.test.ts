import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK } from 'jose';
import { verifyIdToken } from '../../../core/oauth/jwt/idToken';
import { createClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import {
  accessToken,
  bankJwk,
  idToken,
  issuer,
  jwk,
  otherKey,
  type Forgery,
} from '../../support/bank/idTokens';
import { json } from '../../support/bank/scriptedBank';
import { failureOf } from '../../support/failure';

let server: AnsweringServer;
let settings: BankSettings;
/** The key that signs the ID tokens, under the ID "bank-1", and another one under the same ID. */
let good: Record<string, unknown>;
let other: Record<string, unknown>;

beforeAll(async () => {
  server = await startAnsweringServer();
  settings = { ...(await customCredential(server.url)), issuer };
  good = { ...(await bankJwk()) };
  other = { ...(await jwk(otherKey, 'bank-1')) };
});
afterAll(() => server?.close());

/** Verifies an ID token of a bank that publishes these keys. */
async function verifyWith(
  keys: unknown[],
  forgery: Forgery = {},
  changes: BankSettings = {},
): Promise<void> {
  server.answers['/jwks'] = json(200, { keys });
  const client = await createClient({ ...settings, ...changes });
  await verifyIdToken(await idToken(forgery), client, await client.endpoints(), { accessToken });
}

const NO_KEY_ID = { kid: undefined as unknown as string };

it('is verified although it names no key, and the bank publishes 60 of them', async () => {
  const many = Array.from({ length: 59 }, (_, index) => ({ ...other, kid: `other-${index}` }));
  await verifyWith([...many, good], { header: NO_KEY_ID });
});

it.each<[string, () => unknown[]]>([
  ['a key that is published twice', () => [good, good]],
  ['a key that is published also with its certificate', () => [{ ...good, x5c: ['AAAA'] }, good]],
  ['the second key of an ID', () => [other, good]],
  ['the first key of an ID', () => [good, other]],
  [
    'a key beside one of the same ID for another algorithm',
    () => [{ ...other, alg: 'RS256' }, good],
  ],
  ['a key beside one of the same ID for encryption', () => [{ ...other, use: 'enc' }, good]],
  ['a key beside one of the same ID of another type', () => [{ kty: 'EC', kid: 'bank-1' }, good]],
  ['a key beside one of the same ID that is no point', () => [{ kty: 'RSA', kid: 'bank-1' }, good]],
  ['a key beside one that is too short', () => [{ ...other, n: 'AQAB' }, good]],
  ['a key beside one that is too long', () => [{ ...other, n: 'x'.repeat(400_000) }, good]],
  ['a key beside an unreadable one', () => [{ ...other, n: [], e: {} }, good]],
  ['a key beside entries that are no keys', () => [null, 1, 'x', [], {}, { kty: null }, good]],
  ['a key of a type that is not known', () => [{ kty: 'XYZ', kid: 'bank-1' }, good]],
  [
    'a key whose absent members are null or empty',
    () => [{ ...good, alg: null, use: '', key_ops: null, d: null, x5c: null, x5t: '' }],
  ],
  ['a key without an ID', () => [{ ...good, kid: undefined }]],
  ['a key whose ID is null', () => [{ ...good, kid: null }]],
  ['a key without an ID beside another one', () => [other, { ...good, kid: '' }]],
])('verifyBankJwt accepts %s', (_, keys) => verifyWith(keys()));

it('verifyBankJwt tries each fitting key if the JWT names none', async () => {
  const keys = [{ ...other, kid: 'a' }, { ...other, kid: 'b', use: 'enc' }, good];
  await verifyWith(keys, { header: NO_KEY_ID });
  expect(await failureOf(verifyWith([other], { header: NO_KEY_ID }))).toMatchObject({
    code: 'jwt-signature',
    message: expect.stringMatching(
      /^The ID token names no key \("kid"\), and none that the bank publishes for PS256 verifies it: /,
    ),
  });
});

it('verifyBankJwt accepts both names of Ed25519, of the JWT and of the key', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const ed = { ...(await exportJWK(createPublicKey(privateKey))), kid: 'ed' };
  for (const [ofJwt, ofKey] of [
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
  ] as const) {
    const forgery = edToken(privateKey, ofJwt);
    await verifyWith([{ ...ed, alg: ofKey }], forgery, { idTokenAlgorithm: 'EdDSA' });
  }
});

function edToken(key: KeyObject, alg: string): Forgery {
  return { key, header: { alg, kid: 'ed' }, claims: { at_hash: undefined } };
}

it.each<[string, () => unknown[], Record<string, string>, string]>([
  [
    'another key ID',
    () => [
      { ...good, kid: 'x' },
      { ...other, kid: 'y' },
    ],
    { kid: 'x_PS256' },
    'names the key "x_PS256" ("kid"), and the bank publishes "x", "y"',
  ],
  [
    'another key ID of many, with a direction mark',
    () => [...'abcdefgh'].map((kid) => ({ ...good, kid: `${kid}\u202e` })),
    { kid: 'z' },
    'the bank publishes "a", "b", "c", "d", "e" and 3 more',
  ],
  ['no key', () => [], {}, 'names the key "bank-1" ("kid"), and the bank publishes none'],
  [
    'a key for another algorithm',
    () => [{ ...good, alg: 'RS256' }],
    {},
    'is signed with PS256 and the key "bank-1", which the bank publishes for "RS256"',
  ],
  ['a key for encryption', () => [{ ...good, use: 'enc' }], {}, 'for another use ("enc")'],
  ['a key of another type', () => [{ ...good, kty: 'EC' }], {}, 'as a key of the type "EC"'],
  ['a key that is too short', () => [{ ...good, n: 'AQAB' }], {}, 'with 17 bits'],
  ['a key that is slow', () => [{ ...good, e: 'B'.repeat(300) }], {}, 'with a very long exponent'],
  ['a private key', () => [{ ...good, d: 'AQAB' }], {}, 'with its private part'],
  [
    'a key for other operations',
    () => [{ ...good, key_ops: ['encrypt'] }],
    {},
    'for other operations ("encrypt")',
  ],
  [
    'another key of the ID',
    () => [other, { ...good, use: 'enc' }],
    {},
    'is not signed with the key "bank-1" that it names and the bank publishes',
  ],
  [
    'no key for the algorithm, and the JWT names none',
    () => [{ ...good, alg: 'RS256' }],
    NO_KEY_ID,
    'is signed with PS256 and names no key ("kid"), and the bank publishes no key for that: "bank-1"',
  ],
  [
    'only another key without an ID',
    () => [{ ...other, kid: undefined }],
    {},
    'names the key "bank-1" ("kid"), and the bank publishes keys without an ID',
  ],
])('verifyBankJwt rejects %s and names what differs', async (_, keys, header, message) => {
  const failure = await failureOf(verifyWith(keys(), { header }));
  expect(failure).toMatchObject({
    code: 'jwt-signature',
    message: expect.stringContaining(message),
  });
});

it.each([
  ['RS256', 'of the credential: "RS256" instead of PS256'],
  ['HS256\u2028x', 'of the credential: "HS256 x" instead of PS256'],
])(
  'verifyBankJwt names the algorithm of the JWT and that of the credential',
  async (alg, message) => {
    server.answers['/jwks'] = json(200, { keys: [good] });
    const client = await createClient(settings);
    const header = Buffer.from(JSON.stringify({ alg, kid: 'bank-1' })).toString('base64url');
    const token = (await idToken()).replace(/^[^.]+/, header);
    const endpoints = await client.endpoints();
    expect(await failureOf(verifyIdToken(token, client, endpoints, { accessToken }))).toMatchObject(
      {
        code: 'jwt-algorithm',
        message: expect.stringContaining(message),
      },
    );
  },
);

it('verifyBankJwt tries at most a hundred keys of a large key set, those of the algorithm first', async () => {
  const crowd = Array.from({ length: 900 }, () => ({ ...other, alg: undefined }));
  await verifyWith([...crowd, good]);
  expect(
    await failureOf(verifyWith([...crowd.slice(0, 100), { ...good, alg: undefined }])),
  ).toMatchObject({
    code: 'jwt-signature',
  });
});
