import type { KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { Slots } from '../../../core/lib/slots';
import { redirectAddress } from '../../../core/oauth/authorization/redirectAddress';
import { isAnswer, redirectParts } from '../../../core/oauth/authorization/redirectParameters';
import {
  assertSignature,
  signatureAskedFor,
} from '../../../core/oauth/authorization/redirectSignature';
import { locateRedirect } from '../../../core/oauth/authorization/unverifiedRedirect';
import { encryptedFor, otherKey } from '../../support/bank/idTokens';
import { failureOf } from '../../support/failure';
import { privateKeyOf } from '../../support/keys/certificates';

const key = privateKeyOf('rsa');
const held = (...keys: KeyObject[]) => keys.map((each) => ({ key: each, keyIds: ['key-1'] }));
const decryption = { decryptionKeys: held(key), slots: new Slots(1) };
const read = (text: string) => locateRedirect(new URLSearchParams(text), decryption);
const jwt = (claims: object) =>
  `eyJhbGciOiJQUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('locateRedirect', () => {
  it.each([
    ['a code', 'code=a%2Fb&state=s&session_state=1'],
    ['a code with an ID token', 'code=c&id_token=x.y.z&state=s'],
    ['an error', 'error=access_denied&state=s'],
    ['a response JWT', `response=${jwt({ code: 'c', state: 's' })}&state=other`],
    ['a response JWT with an error', `response=${jwt({ error: 'access_denied', state: 's' })}`],
  ])('reads the state of %s', async (_, text) => {
    expect((await read(text)).state).toBe('s');
  });

  it('decrypts a response JWT, and rejects it with another decryption key', async () => {
    const signed = jwt({ code: 'c', state: 's' });
    const response = await encryptedFor(key, signed);
    const { state, parameters } = await read(`response=${response}`);
    expect([state, parameters.get('response')]).toEqual(['s', signed]);
    const other = locateRedirect(new URLSearchParams({ response }), {
      ...decryption,
      decryptionKeys: held(otherKey),
    });
    expect(await failureOf(other)).toMatchObject({
      code: 'jwt-decryption',
      message: expect.stringContaining('It holds the RSA key "key-1"'),
      outcome: 'not-sent',
    });
  });

  it('decrypts one response JWT at a time, and refuses them at once while 20 wait', async () => {
    const slots = new Slots(1);
    let end = (): void => undefined;
    const first = slots.use(() => new Promise<void>((resolve) => (end = resolve)));
    const response = await encryptedFor(key, jwt({ code: 'c', state: 's' }));
    const locate = (text: string) =>
      locateRedirect(new URLSearchParams(text), { ...decryption, slots });
    const waiting = Array.from({ length: 20 }, () => locate(`response=${response}`));
    expect(await failureOf(locate(`response=${response}`))).toHaveProperty('code', 'redirect-busy');
    // The state of other redirects needs no decryption.
    expect(await locate('code=c&state=visible')).toHaveProperty('state', 'visible');
    end();
    await first;
    for (const { state } of await Promise.all(waiting)) expect(state).toBe('s');
    expect(await locate(`response=${response}`)).toHaveProperty('state', 's');
  });
});

it.each([
  ['code=1&state=s&state=s', /"state" more than once/],
  ['code=1&state=s&x=1&x=2', /a parameter more than once/],
  ['code=1', /no "state"/],
  ['code=1&state=', /no "state"/],
  ['error=access_denied', /no "state"/],
  ['state=s', /neither a code nor an error/],
  ['state=s&code=', /neither a code nor an error/],
  ['response=x&state=s', /"response".* cannot be read/],
  [`response=${jwt({ code: 'c', state: 's' })}&code=c`, /parameters .*\("response"\)/],
  [`response=${jwt({ code: 'c' })}&state=s`, /no "state"/],
  [`response=${jwt({ code: 1, state: ['s'] })}`, /no "state"/],
  [`response=${jwt(['state'])}`, /"response".* cannot be read/],
])('locateRedirect rejects %s with a message that says %s', async (text, message) =>
  expect(await failureOf(read(text))).toMatchObject({
    code: 'redirect-malformed',
    message: expect.stringMatching(message),
  }),
);

it('locateRedirect does not repeat the name of an unknown parameter in a message', async () => {
  expect((await failureOf(read('state=s&s3cr3t=1&s3cr3t=2'))).message).not.toContain('s3cr3t');
  expect((await failureOf(read('state=s&code=1&code=2'))).message).toContain('"code"');
});

it.each([
  ['code', undefined, 'none'],
  ['code', 'form_post', 'none'],
  ['code id_token', undefined, 'id_token'],
  ['code id_token', 'form_post', 'id_token'],
  ['code', 'jwt', 'response'],
  ['code', 'form_post.jwt', 'response'],
  ['code id_token', 'fragment.jwt', 'response'],
])('signatureAskedFor for type "%s" and mode "%s" returns %s', (type, mode, signature) =>
  expect(signatureAskedFor(type, mode)).toBe(signature),
);

it.each([
  ['id_token', 'none', 'no ID token'],
  ['id_token', 'response', 'no ID token'],
  ['response', 'none', '"response"'],
  ['response', 'id_token', '"response"'],
] as const)(
  'assertSignature rejects a redirect if "%s" was asked for and "%s" is there',
  (asked, present, missing) => {
    expect(() => assertSignature(asked, present)).toThrow(
      expect.objectContaining({
        code: 'redirect-incomplete',
        message: expect.stringContaining(missing),
      }),
    );
    expect(() => assertSignature(asked, asked)).not.toThrow();
    expect(() => assertSignature('none', present)).not.toThrow();
  },
);

it('locateRedirect throws only errors with a code for random parameters', async () => {
  const name = fc.constantFrom('code', 'state', 'error', 'response', '__proto__', 'id_token');
  const pairs = fc.array(fc.tuple(name, fc.string()));
  await fc.assert(
    fc.asyncProperty(pairs, async (parameters) => {
      await read(new URLSearchParams(parameters).toString()).catch((error: unknown) =>
        expect(error).toHaveProperty('code', expect.stringMatching(/^redirect-/)),
      );
    }),
  );
});

describe('redirectParts', () => {
  it.each([
    ['https://a.example/cb?a=1&code=c', 'a=1&code=c', ''],
    ['https://a.example/cb?a=1#code=c', 'a=1', 'code=c'],
    ['https://a.example/cb', '', ''],
    ['a.example/cb#code=c', '', 'code=c'],
    ['#code=c&state=s', '', 'code=c&state=s'],
    ['?code=c', 'code=c', ''],
    ['code=c&state=s', 'code=c&state=s', ''],
    ['state=s', 'state=s', ''],
    ['code=a?b', 'code=a%3Fb', ''],
  ])('splits %s', (text, query, fragment) => {
    const parts = redirectParts(text)!;
    expect([parts.query.toString(), parts.fragment.toString()]).toEqual([query, fragment]);
  });

  it.each(['', 'bare-code', 'YWJj==', 'a/b?c', 'x=1&y=2'])('returns undefined for "%s"', (text) =>
    expect(redirectParts(text)).toBeUndefined(),
  );
});

it('isAnswer returns true only if the parameters include one that a bank sends', () => {
  expect(isAnswer(new URLSearchParams('utm_source=x'))).toBe(false);
  expect(isAnswer(new URLSearchParams('state=s'))).toBe(true);
});

it.each([
  ['https://a.example/cb', 'query', 'https://a.example/cb?code=a%2Fb&state=s'],
  ['https://a.example/cb', 'fragment', 'https://a.example/cb#code=a%2Fb&state=s'],
  ['https://a.example/cb?tenant=1', 'query', 'https://a.example/cb?tenant=1&code=a%2Fb&state=s'],
] as const)('redirectAddress adds the parameters: %s, %s', (redirectUri, part, address) => {
  const parameters = new URLSearchParams('code=a%2Fb&state=s&tenant=2');
  expect(redirectAddress(redirectUri, parameters, part)).toBe(address);
});

it.each(['query', 'fragment'] as const)(
  'redirectAddress leaves out what no exchange reads, in the %s',
  (part) => {
    const answer = { code: 'c', state: 's', iss: 'i', id_token: 't' };
    const parameters = new URLSearchParams({
      ...answer,
      redirect_uri: 'https://evil.example',
      access_token: 'at',
      padding: 'x'.repeat(60_000),
    });
    parameters.append('__proto__', 'x');
    const address = new URL(redirectAddress('https://a.example/cb', parameters, part));
    const sent = part === 'query' ? address.search : address.hash;
    expect(Object.fromEntries(new URLSearchParams(sent.slice(1)))).toEqual(answer);
  },
);
