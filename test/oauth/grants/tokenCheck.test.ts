import { createClient, type BankClient } from '../../../core/oauth/client';
import type { CodeExchange } from '../../../core/oauth/grants/codeExchange';
import type { ReceivedTokens, TokenSet } from '../../../core/oauth/grants/tokenSet';
import type { Customer } from '../../../core/oauth/jwt/customer';
import type { IdTokenExpectations } from '../../../core/oauth/jwt/idToken';
import type { BankSettings } from '../../../core/profile/settings';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { privateKeyOf } from '../../support/keys/certificates';
import { customCredential } from '../../support/bank/credential';
import {
  accessToken,
  bankJwk,
  halfHash,
  idToken,
  issuer,
  jwk,
  now,
  otherKey,
  type Forgery,
} from '../../support/bank/idTokens';
import { json, raw } from '../../support/bank/scriptedBank';

const MINUTE = 60_000;
let server: AnsweringServer;
let settings: BankSettings;

beforeAll(async () => {
  server = await startAnsweringServer();
  settings = { ...(await customCredential(server.url)), issuer };
});
beforeEach(async () => {
  server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
});
afterEach(() => jest.useRealTimers());
afterAll(() => server?.close());

let count = 0;
const CODE = 'code-of-the-customer';
const STATE = 'state-of-the-request';
/** The customer of a consent, as its first ID token names it. */
const customer: Customer = {
  ...{ iss: issuer, sub: 'alex', aud: 'client-1', azp: 'client-1' },
  ...{ auth_time: 1_700_000_000, nonce: 'n-1' },
};

const clientWith = (changes: BankSettings = {}) => createClient({ ...settings, ...changes });

/** The bank answers with this ID token; `undefined` stands for none. */
function answerWith(token: unknown, others: object = {}): void {
  server.answers['/token'] = json(200, {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: 3600,
    refresh_token: `next-${++count}`,
    id_token: token,
    ...others,
  });
}

const exchange = async (
  expected: Partial<CodeExchange> = {},
  client?: BankClient,
): Promise<ReceivedTokens> =>
  (client ?? (await clientWith())).exchange({
    ...{ code: CODE, state: STATE, nonce: 'n-1', ...expected },
  });

const refresh = async (client?: BankClient): Promise<ReceivedTokens> => {
  const own = client ?? (await clientWith());
  const endpoints = await own.prepareRefresh();
  return own.refreshLeased({ refreshToken: `rt-${++count}`, customer, endpoints });
};

/** An ID token of this customer for this code and state, and after a refresh. */
const good = ({ claims, ...forgery }: Forgery = {}) =>
  idToken({
    claims: {
      ...{ azp: 'client-1', auth_time: customer.auth_time, openbanking_intent_id: 'intent-1' },
      ...{ c_hash: halfHash(CODE), s_hash: halfHash(STATE), acr: 'strong', ...claims },
    },
    ...forgery,
  });

/** Checks stored tokens again: tokens and expectations go through JSON, as in the store. */
async function again(received: ReceivedTokens, client?: BankClient): Promise<ReceivedTokens> {
  const { tokens, expected } = JSON.parse(JSON.stringify(received)) as {
    tokens: TokenSet;
    expected: IdTokenExpectations;
  };
  expect(expected).toEqual(received.expected);
  return (client ?? (await clientWith())).checkAgain(tokens, expected);
}

/** Expects that tokens did not pass, and would not pass when they are checked again. */
async function expectFailed(received: ReceivedTokens, code: string): Promise<void> {
  for (const { failedCheck, tokens, customer: named } of [received, await again(received)]) {
    expect(failedCheck).toMatchObject({ code, outcome: 'received' });
    expect(tokens).not.toHaveProperty('authorization');
    expect(tokens).toMatchObject({
      access_token: accessToken,
      refresh_token: expect.stringMatching(/^next-/) as string,
    });
    expect(named).toBeUndefined();
  }
}

/** Expects that tokens passed, and pass when they are checked again. */
async function expectPassed(received: ReceivedTokens, named?: object): Promise<void> {
  for (const { failedCheck, tokens, customer: found } of [received, await again(received)]) {
    expect(failedCheck).toBeUndefined();
    expect(tokens).toMatchObject({ authorization: `Bearer ${accessToken}` });
    if (named) expect(found).toMatchObject(named);
  }
}

const wrong = (claims: Forgery['claims']): Forgery => ({ claims });

/** Faults that are found after an exchange and after a refresh. */
const faults: [what: string, code: string, forgery: Forgery][] = [
  ['the signature of another key', 'jwt-signature', { key: otherKey }],
  ['no signature', 'jwt-algorithm', { unsigned: true }],
  ['the algorithm RS256', 'jwt-algorithm', { header: { alg: 'RS256' } }],
  ['an unknown key ID', 'jwt-signature', { header: { kid: 'bank-2' } }],
  ['another "iss"', 'jwt-issuer', wrong({ iss: 'https://other.example' })],
  ['no "iss"', 'jwt-malformed', wrong({ iss: undefined })],
  ['another "aud"', 'jwt-audience', wrong({ aud: 'client-2' })],
  ['no "aud"', 'jwt-malformed', wrong({ aud: undefined })],
  [
    'a second "aud" without "azp"',
    'jwt-audience',
    wrong({ aud: ['client-1', 'client-2'], azp: undefined }),
  ],
  ['another "azp"', 'jwt-audience', wrong({ azp: 'client-2' })],
  ['an "exp" in the past', 'jwt-time', wrong({ exp: now() - 3600 })],
  ['no "exp"', 'jwt-malformed', wrong({ exp: undefined })],
  ['an "exp" of null', 'jwt-malformed', wrong({ exp: null as never })],
  ['an "exp" that is a text', 'jwt-malformed', wrong({ exp: 'never' as never })],
  ['an "iat" in the future', 'jwt-time', wrong({ iat: now() + 3600 })],
  ['an "iat" that is a text', 'jwt-malformed', wrong({ iat: 'now' as never })],
  ['no "iat"', 'jwt-malformed', wrong({ iat: undefined })],
  ['an "nbf" in the future', 'jwt-time', wrong({ nbf: now() + 3600 })],
  ['another "nonce"', 'id-token-binding', wrong({ nonce: 'n-2' })],
  ['a "nonce" that is a list', 'id-token-binding', wrong({ nonce: ['n-1'] })],
  ['no "sub"', 'jwt-malformed', wrong({ sub: undefined })],
  ['a "sub" that is a number', 'jwt-malformed', wrong({ sub: 7 as never })],
  ['another "at_hash"', 'id-token-binding', wrong({ at_hash: 'x'.repeat(22) })],
  ['an "at_hash" that is a number', 'id-token-binding', wrong({ at_hash: 1 })],
  ['an "auth_time" that is a text', 'id-token-auth-time', wrong({ auth_time: 'today' })],
];

describe('an exchange', () => {
  it.each<[string, string, Forgery]>([
    ...faults,
    ['no "nonce"', 'id-token-binding', wrong({ nonce: undefined })],
    ['a "nonce" of null', 'id-token-binding', wrong({ nonce: null })],
    ['an "iat" a week ago', 'jwt-time', wrong({ iat: now() - 604_800 })],
    ['another "c_hash"', 'id-token-binding', wrong({ c_hash: halfHash('another code') })],
    ['another "s_hash"', 'id-token-binding', wrong({ s_hash: halfHash('another state') })],
    ['another "acr"', 'id-token-acr', wrong({ acr: 'weak' })],
    ['a log-in too long ago', 'id-token-auth-time', wrong({ auth_time: now() - 7200 })],
    ['another consent', 'id-token-consent', wrong({ openbanking_intent_id: 'intent-2' })],
    ['no consent', 'id-token-consent', wrong({ openbanking_intent_id: undefined })],
  ])('fails with an ID token with %s', async (_, code, { claims, ...forgery }) => {
    answerWith(await good({ claims: { auth_time: now(), ...claims }, ...forgery }));
    const expected = { acrValues: ['strong'], maxAge: 60, consentId: 'intent-1' };
    await expectFailed(await exchange(expected), code);
  });

  it.each<[string, Forgery]>([
    ['every claim', {}],
    ['no "azp", "acr" and "auth_time"', wrong({ azp: undefined, acr: null, auth_time: null })],
    ['no hashes', wrong({ at_hash: undefined, c_hash: undefined, s_hash: undefined })],
    [
      'hashes and dates of null',
      wrong({ at_hash: null, c_hash: null, s_hash: null, nbf: null as never }),
    ],
    ['a padded "at_hash"', wrong({ at_hash: '77QmUPtjPfzWtF2AnpK9RQ==' })],
    ['a list of one "aud"', wrong({ aud: ['client-1'] })],
    ['a second "aud" and this client as "azp"', wrong({ aud: ['client-1', 'client-2'] })],
    ['an "exp" within the clock tolerance', wrong({ exp: now() - 3 })],
  ])('passes with an ID token with %s', async (_, { claims }) => {
    answerWith(await good({ claims: { auth_time: now(), ...claims } }));
    const expected = { acrValues: ['strong'], maxAge: 60, consentId: 'intent-1' };
    await expectPassed(await exchange(expected), { iss: issuer, sub: 'alex' });
  });

  it.each([
    ['a nonce', { nonce: 'n-1' }, 'id-token-binding'],
    ['a consent', { nonce: undefined, consentId: 'intent-1' }, 'id-token-consent'],
  ])('fails without an ID token if %s is known', async (_, expected, code) => {
    for (const token of [undefined, null, '']) {
      answerWith(token);
      await expectFailed(await exchange(expected), code);
    }
  });

  it('passes without an ID token if no nonce and no consent is known', async () => {
    answerWith(undefined);
    await expectPassed(await exchange({ nonce: undefined }));
  });

  it('names the customer of the redirect if no ID token comes with the tokens', async () => {
    answerWith(undefined);
    await expectPassed(
      await exchange({ redirectIdToken: { ...customer, nonce: 'n-1' } }),
      customer,
    );
  });

  it.each<[string, Forgery['claims']]>([
    ['sub', { sub: 'robin' }],
    ['nonce', { nonce: 'n-2' }],
  ])('fails if the "%s" differs from that of the redirect', async (name, claims) => {
    answerWith(await good({ claims }));
    const redirectIdToken = { ...customer, nonce: 'n-1' };
    const received = await exchange({ nonce: undefined, redirectIdToken });
    await expectFailed(received, name === 'sub' ? 'id-token-subject' : 'id-token-binding');
  });

  it('fails with an ID token that is no text', async () => {
    answerWith({ iss: issuer });
    await expectFailed(await exchange(), 'jwt-malformed');
  });

  it('fails without an access token', async () => {
    answerWith(await good(), { access_token: null });
    const { failedCheck, tokens } = await exchange();
    expect(failedCheck).toMatchObject({ code: 'response-invalid' });
    const { failedCheck: still } = await (await clientWith()).checkAgain(tokens, {});
    expect(still).toMatchObject({ code: 'response-invalid', message: failedCheck!.message });
  });
});

describe('a refresh', () => {
  it.each<[string, string, Forgery]>([
    ...faults,
    ['another "sub"', 'id-token-subject', wrong({ sub: 'robin' })],
    ['another "auth_time"', 'id-token-auth-time', wrong({ auth_time: 1_700_000_001 })],
    ['no "azp" although the first one had it', 'jwt-audience', wrong({ azp: undefined })],
  ])('fails with an ID token with %s', async (_, code, forgery) => {
    answerWith(await good(forgery));
    await expectFailed(await refresh(), code);
  });

  it.each<[string, Forgery]>([
    ['every claim', {}],
    ['no "nonce"', wrong({ nonce: undefined })],
    ['no "auth_time"', wrong({ auth_time: undefined })],
    ['another "c_hash", which belongs to a code', wrong({ c_hash: halfHash('another code') })],
    ['an "iat" a week ago', wrong({ iat: now() - 604_800 })],
    ['a further "aud"', wrong({ aud: ['client-2', 'client-1'] })],
  ])('passes with an ID token with %s', async (_, forgery) => {
    answerWith(await good(forgery));
    await expectPassed(await refresh(), { iss: issuer, sub: 'alex' });
  });

  it.each([undefined, null, ''])('passes with the ID token %j', async (token) => {
    answerWith(token);
    const received = await refresh();
    await expectPassed(received);
    expect(received.customer).toBeUndefined();
  });

  it('names the audiences and log-in times that differ, and no "sub"', async () => {
    answerWith(await good(wrong({ auth_time: 1_700_000_001 })));
    expect((await refresh()).failedCheck!.message).toBe(
      'The ID token has another "auth_time" than the first one of the consent: 1700000001 instead of 1700000000',
    );
    answerWith(await good(wrong({ azp: undefined })));
    expect((await refresh()).failedCheck!.message).toBe(
      'The ID token has another "azp" than the first one of the consent: none instead of "client-1"',
    );
    answerWith(await good(wrong({ sub: 'robin' })));
    expect((await refresh()).failedCheck!.message).toBe(
      'The ID token names another "sub" than the first one of the consent',
    );
  });

  it('by hand compares with the original ID token', async () => {
    const client = await clientWith();
    const original = (forgery?: Forgery) => good(forgery);
    const withOriginal = async (originalIdToken: string) =>
      client.refresh({ refreshToken: `rt-${++count}`, originalIdToken });
    answerWith(await good());
    await expectPassed(await withOriginal(await original()));
    await expectFailed(
      await withOriginal(await original(wrong({ sub: 'robin' }))),
      'id-token-subject',
    );
    const audiences = ['client-1', 'client-2'];
    await expectFailed(
      await withOriginal(await original(wrong({ aud: audiences }))),
      'jwt-audience',
    );
  });

  it('by hand sends nothing if the original ID token cannot be read', async () => {
    const before = server.requests.length;
    const refreshing = (await clientWith()).refresh({ refreshToken: 'rt', originalIdToken: 'x' });
    await expect(refreshing).rejects.toMatchObject({
      code: 'field-malformed',
      outcome: 'not-sent',
    });
    expect(server.requests.length).toBe(before);
  });
});

describe('tokens that are checked again', () => {
  /** Moves the clock on. Timers do not move. */
  const later = (milliseconds: number) =>
    jest.useFakeTimers({
      now: Date.now() + milliseconds,
      doNotFake: ['setTimeout', 'setImmediate', 'clearTimeout', 'nextTick', 'performance'],
    });

  it('pass after the keys can be fetched again', async () => {
    server.answers['/jwks'] = raw(503, '');
    answerWith(await good());
    const received = await exchange();
    await expectFailed(received, 'jwks-unusable');
    server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
    await expectPassed(await again(received));
  });

  it('pass with a corrected credential', async () => {
    answerWith(await good());
    const received = await exchange({}, await clientWith({ idTokenAlgorithm: 'ES256' }));
    expect(received.failedCheck).toMatchObject({ code: 'jwt-algorithm' });
    expect((await again(received)).tokens).toHaveProperty('authorization');
  });

  it('are judged as of the moment at which they came', async () => {
    answerWith(await good({ claims: { auth_time: now() } }));
    server.answers['/jwks'] = raw(503, '');
    const received = await exchange({ maxAge: 60 });
    server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
    later(24 * 60 * MINUTE);
    expect((await again(received)).failedCheck).toBeUndefined();
  });

  it('send no token request', async () => {
    answerWith(await good());
    const received = await exchange();
    const sent = () => server.requests.filter(({ url }) => url === '/token').length;
    const before = sent();
    await again(received);
    expect(sent()).toBe(before);
  });

  it('do not keep an "authorization" that was stored with them', async () => {
    answerWith(await good({ key: otherKey }));
    const { tokens, expected } = await exchange();
    const stored = { ...tokens, authorization: 'Bearer of-the-bank' };
    const { tokens: checked } = await (await clientWith()).checkAgain(stored, expected);
    expect(checked).not.toHaveProperty('authorization');
  });

  it('pass a minute after the bank signed with a second new key', async () => {
    const client = await clientWith();
    const [first, second] = [privateKeyOf('rsa'), otherKey];
    await client.ensureKeys();
    server.answers['/jwks'] = json(200, { keys: [await jwk(first, 'new-1')] });
    answerWith(await good({ key: first, header: { kid: 'new-1' } }));
    await expectPassed(await exchange({}, client));
    later(20_000);
    server.answers['/jwks'] = json(200, { keys: [await jwk(second, 'new-2')] });
    const code = `${CODE}-2`;
    const claims = { c_hash: halfHash(code) };
    answerWith(await good({ claims, key: second, header: { kid: 'new-2' } }));
    const received = await exchange({ code }, client);
    expect(received.failedCheck).toMatchObject({ code: 'jwt-signature' });
    later(MINUTE);
    expect((await again(received, client)).failedCheck).toBeUndefined();
  });

  it.each([
    ['the same key ID', { kid: 'bank-1' }],
    ['no key ID', { kid: undefined as unknown as string }],
  ])('pass a minute after the bank signed with a new key with %s', async (_, header) => {
    const client = await clientWith();
    await client.ensureKeys();
    server.answers['/jwks'] = json(200, { keys: [await jwk(otherKey, 'bank-1')] });
    answerWith(await good({ key: otherKey, header }));
    const received = await exchange({}, client);
    expect(received.failedCheck).toMatchObject({ code: 'jwt-signature' });
    later(MINUTE + 1000);
    expect((await again(received, client)).failedCheck).toBeUndefined();
  });

  it('fetch the keys at most once a minute for forged signatures', async () => {
    const client = await clientWith();
    await client.ensureKeys();
    answerWith(await good({ key: otherKey }));
    const received = await exchange({}, client);
    const fetched = () => server.requests.filter(({ url }) => url === '/jwks').length;
    later(2 * MINUTE);
    const before = fetched();
    for (let time = 0; time < 10; time++) await again(received, client);
    expect(fetched() - before).toBe(1);
  });
});

describe('a grant that is given again', () => {
  const later = (milliseconds: number) =>
    jest.useFakeTimers({
      now: Date.now() + milliseconds,
      doNotFake: ['setTimeout', 'setImmediate', 'clearTimeout', 'nextTick', 'performance'],
    });
  const sent = () => server.requests.filter(({ url }) => url === '/token');

  it('passes if the keys can be fetched since', async () => {
    const client = await clientWith();
    server.answers['/jwks'] = raw(503, '');
    answerWith(await good());
    expect((await exchange({}, client)).failedCheck).toMatchObject({ code: 'jwks-unusable' });
    server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
    const before = sent().length;
    const second = await exchange({}, client);
    expect(second.failedCheck).toBeUndefined();
    expect(second).toMatchObject({
      tokens: { authorization: `Bearer ${accessToken}` },
      customer: { sub: 'alex' },
    });
    expect(sent().length).toBe(before);
  });

  it('keeps a failed check', async () => {
    const client = await clientWith();
    answerWith(await good({ key: otherKey }));
    await exchange({}, client);
    expect((await exchange({}, client)).failedCheck).toMatchObject({ code: 'jwt-signature' });
  });

  it('does not return the expired access token of a code', async () => {
    const client = await clientWith();
    answerWith(await good(), { expires_in: 60 });
    await exchange({}, client);
    later(61_000);
    const { tokens, failedCheck, remarks } = await exchange({}, client);
    expect(failedCheck).toBeUndefined();
    expect(tokens).toMatchObject({ refresh_token: `next-${count}` });
    expect(tokens).not.toHaveProperty('authorization');
    expect(remarks.at(-1)).toMatch(/access token that it brought expired on/);
  });

  it('goes on with the next refresh token if the access token has expired', async () => {
    const client = await clientWith();
    const given = `rt-${++count}`;
    answerWith(undefined, { expires_in: 60, refresh_token: 'next-a' });
    await client.refresh({ refreshToken: given });
    answerWith(undefined, { access_token: 'at-2', refresh_token: 'next-b' });
    const before = sent().length;
    expect((await client.refresh({ refreshToken: given })).tokens.access_token).toBe(accessToken);
    expect(sent().length).toBe(before);
    later(61_000);
    const onReceived = jest.fn(() => Promise.resolve());
    const both = await Promise.all([
      client.refresh({ refreshToken: given, onReceived }),
      client.refresh({ refreshToken: given }),
    ]);
    for (const { tokens, remarks } of both) {
      expect(tokens).toMatchObject({ authorization: 'Bearer at-2', refresh_token: 'next-b' });
      expect(remarks.join()).toContain('has expired meanwhile');
    }
    const [request, ...others] = sent().slice(before);
    expect(new URLSearchParams(request!.body).get('refresh_token')).toBe('next-a');
    expect(others).toEqual([]);
    expect(onReceived).toHaveBeenCalledTimes(1);
  });

  it('does not send the next refresh token if it is stored for a consent', async () => {
    const client = await clientWith();
    const given = `rt-${++count}`;
    answerWith(undefined, { expires_in: 60, refresh_token: 'next-stored' });
    await client.refresh({ refreshToken: given });
    later(61_000);
    const before = sent().length;
    const isStored = jest.fn((token: string) => Promise.resolve(token === 'next-stored'));
    const { tokens, remarks } = await client.refresh({ refreshToken: given, isStored });
    expect(tokens).not.toHaveProperty('authorization');
    expect(tokens.refresh_token).toBe('next-stored');
    expect(remarks.join()).toContain('Refresh it with the refresh token');
    expect(sent().length).toBe(before);
  });

  it('ends if the bank sends an earlier refresh token again', async () => {
    const client = await clientWith();
    const given = `rt-${++count}`;
    const lifetime = { expires_in: 60 };
    answerWith(undefined, { ...lifetime, refresh_token: 'circle-b' });
    await client.refresh({ refreshToken: given });
    answerWith(undefined, { ...lifetime, refresh_token: given });
    await client.refresh({ refreshToken: 'circle-b' });
    later(61_000);
    const before = sent().length;
    const { tokens } = await client.refresh({ refreshToken: given });
    expect(tokens).not.toHaveProperty('authorization');
    expect(sent().length).toBe(before);
  });

  it('does not send the next refresh token if the answer did not pass', async () => {
    const client = await clientWith();
    const given = `rt-${++count}`;
    answerWith(await good({ key: otherKey }), { expires_in: 60 });
    await client.refresh({ refreshToken: given });
    later(61_000);
    const before = sent().length;
    const { failedCheck } = await client.refresh({ refreshToken: given });
    expect(failedCheck).toMatchObject({ code: 'jwt-signature' });
    expect(sent().length).toBe(before);
  });

  it('compares what it gives with another original ID token', async () => {
    const client = await clientWith();
    const given = `rt-${++count}`;
    answerWith(await good());
    await client.refresh({ refreshToken: given });
    const originalIdToken = await good(wrong({ sub: 'robin' }));
    const { failedCheck } = await client.refresh({ refreshToken: given, originalIdToken });
    expect(failedCheck).toMatchObject({ code: 'id-token-subject' });
  });

  it.each(['code', 'refresh token'])('is sent again after 429 if it is a %s', async (kind) => {
    const client = await clientWith();
    const given = `grant-${++count}`;
    const send = () =>
      kind === 'code' ? client.exchange({ code: given }) : client.refresh({ refreshToken: given });
    server.answers['/token'] = json(429, { error: 'invalid_request' });
    await expect(send()).rejects.toMatchObject({ code: 'too-many-requests', outcome: 'refused' });
    answerWith(undefined);
    expect((await send()).tokens).toMatchObject({ authorization: `Bearer ${accessToken}` });
  });
});

it('an application token is not judged by an ID token that comes with it', async () => {
  answerWith(await good({ key: otherKey }));
  const { tokens, failedCheck, remarks } = await (await clientWith()).applicationToken();
  expect(failedCheck).toBeUndefined();
  expect(tokens).toMatchObject({ authorization: `Bearer ${accessToken}` });
  expect(tokens).not.toHaveProperty('id_token');
  expect(remarks).toEqual([expect.stringContaining('ID token')]);
  expect(await (await clientWith()).applicationAuthorization()).toBe(`Bearer ${accessToken}`);
});

it('onReceived is given the values that the tokens are compared with', async () => {
  answerWith(await good());
  const onReceived = jest.fn<Promise<void>, [TokenSet, IdTokenExpectations]>(() =>
    Promise.resolve(),
  );
  const { expected } = await exchange({ consentId: 'intent-1', onReceived });
  expect(onReceived).toHaveBeenCalledTimes(1);
  const [tokens, given] = onReceived.mock.calls[0]!;
  expect(given).toEqual(expected);
  expect(given).toMatchObject({
    nonce: 'n-1',
    consentId: 'intent-1',
    codeHash: { s256: halfHash(CODE) },
  });
  expect(JSON.stringify(given)).not.toContain(CODE);
  expect(tokens).not.toHaveProperty('authorization');
});
