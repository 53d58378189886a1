import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt } from 'jose';
import { readRedirect, redirectAddress } from '../../../core/oauth/authorization/redirect';
import { isAnswer, redirectParts } from '../../../core/oauth/authorization/redirectParameters';
import {
  assertSignature,
  signatureAskedFor,
} from '../../../core/oauth/authorization/redirectSignature';
import { failureOf } from '../../support/failure';

const read = (text: string) => readRedirect(new URLSearchParams(text));
const jwt = (claims: object) =>
  `eyJhbGciOiJQUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('readRedirect', () => {
  it('reads a code', async () => {
    const redirect = await read('code=a%2Fb&state=s&session_state=1');
    expect(redirect).toEqual({ state: 's', signature: 'none' });
  });

  it('reads a code with an ID token', async () => {
    const redirect = await read('code=c&id_token=x.y.z&state=s');
    expect(redirect).toEqual({ state: 's', signature: 'id_token' });
  });

  it('reads an error, and removes control characters and the text after 500 characters', async () => {
    const description = `no\r\nway ${'x'.repeat(600)}`;
    const { error } = await read(
      new URLSearchParams({
        ...{ error: 'access_denied', error_description: description, state: 's' },
      }).toString(),
    );
    expect(error!.code).toBe('access_denied');
    expect(error!.description).toMatch(/^no way x+$/);
    expect(error!.description).toHaveLength(500);
  });

  it('reads a response JWT', async () => {
    const redirect = await read(`response=${jwt({ code: 'c', state: 's' })}`);
    expect(redirect).toEqual({ state: 's', signature: 'response' });
  });

  it('reads a response JWT with an error', async () => {
    const { error } = await read(`response=${jwt({ error: 'access_denied', state: 's' })}`);
    expect(error).toEqual({ code: 'access_denied', description: '' });
  });

  it('reads an encrypted response JWT, and rejects it without a decryption key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const response = await new CompactEncrypt(Buffer.from(jwt({ code: 'c', state: 's' })))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM' })
      .encrypt(publicKey);
    const parameters = new URLSearchParams({ response });
    const redirect = await readRedirect(parameters, privateKey);
    expect(redirect).toEqual({ state: 's', signature: 'response' });
    expect(await failureOf(readRedirect(parameters))).toMatchObject({
      code: 'redirect-malformed',
      message: expect.stringContaining('"response"'),
    });
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
])('readRedirect rejects %s with a message that says %s', async (text, message) =>
  expect(await failureOf(read(text))).toMatchObject({
    code: 'redirect-malformed',
    message: expect.stringMatching(message),
  }),
);

it('readRedirect does not repeat the name of an unknown parameter in a message', async () => {
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

it('readRedirect throws only errors with a code for random parameters', async () => {
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
  const parameters = new URLSearchParams('code=a%2Fb&state=s');
  if (redirectUri.includes('tenant')) parameters.set('tenant', '1');
  expect(redirectAddress(redirectUri, parameters, part)).toBe(address);
});
