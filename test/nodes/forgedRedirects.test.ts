import { createClient, type BankClient } from '../../core/oauth/client';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import type {
  PendingAuthorization,
  PendingAuthorizations,
} from '../../core/tokens/pendingAuthorizations';
import { receiveRedirect } from '../../nodes/OpenBankingRedirectTrigger/receiveRedirect';
import { startAnsweringServer, type AnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import {
  bankJwk,
  encryptedFor,
  issuer,
  now,
  otherKey,
  redirectIdToken,
  responseJwt,
  unsigned,
  type Forgery,
} from '../support/bank/idTokens';
import { json } from '../support/bank/scriptedBank';
import { privateKeyOf } from '../support/keys/certificates';
import { got, postedAddress, receiverOf, redirectUri } from '../support/n8n/redirects';
import { ownUserFolder } from '../support/n8n/userFolder';

ownUserFolder();

let server: AnsweringServer;
let client: BankClient;
let authorizations: PendingAuthorizations;
beforeAll(async () => {
  server = await startAnsweringServer();
  client = await newClient();
  authorizations = openPendingAuthorizations(client, {});
});
beforeEach(async () => {
  server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
});
afterAll(() => server?.close());

/** A client that has no keys of the bank in memory. */
const newClient = async () => createClient({ ...(await customCredential(server.url)), issuer });

let states = 0;

/** Stores an authorization request. @returns its state */
async function asked(changes: Partial<PendingAuthorization> = {}): Promise<string> {
  const state = `state-${++states}`;
  const hybrid = { nonce: 'n-1', consentId: 'household', responseType: 'code id_token' };
  await authorizations.keep({ state, redirectUri, ...hybrid, ...changes });
  return state;
}

const plain = { responseType: 'code', nonce: undefined, consentId: undefined };
const jarm = { ...plain, responseMode: 'jwt' };

/** The fragment of an answer with a code and its ID token. */
async function signedWith(
  state: string,
  { claims = {}, ...forgery }: Forgery = {},
  parameters: Record<string, string> = {},
): Promise<string> {
  const idToken = await redirectIdToken(
    { code: 'c-1', state },
    { ...forgery, claims: { openbanking_intent_id: 'household', ...claims } },
  );
  return text({ code: 'c-1', state, id_token: idToken, ...parameters });
}

const text = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();

const receive = (fragment: string, of = client) =>
  receiveRedirect(
    postedAddress(`#${fragment}`),
    receiverOf(authorizations, {
      open: () => Promise.resolve({ pending: authorizations, client: of }),
    }),
  );

/** Expects that an answer is refused with a page, and that it began nothing. */
async function expectRefused(fragment: string, code: string): Promise<void> {
  const { page, failure, ...items } = await receive(fragment);
  expect(failure).toMatchObject({ code });
  expect(items).toEqual({});
  expect(page.status).toBe(400);
  expect(page.body).toContain(`<code>${code}</code>`);
}

const expectAccepted = async (fragment: string) =>
  expect(await receive(fragment)).toMatchObject({
    authorized: { redirect: `${redirectUri}#${fragment}` },
  });

describe('an answer with a code that is forged', () => {
  it.each<[string, string, (state: string) => string | Promise<string>]>([
    ['without ID token', 'redirect-incomplete', (state) => text({ code: 'c-1', state })],
    [
      'with an ID token that is none',
      'jwt-malformed',
      (state) => text({ code: 'c-1', state, id_token: 'x.y.z' }),
    ],
    [
      'with an ID token without signature',
      'jwt-algorithm',
      (state) => signedWith(state, { unsigned: true }),
    ],
    [
      'with an ID token that another key signed',
      'jwt-signature',
      (state) => signedWith(state, { key: otherKey }),
    ],
    [
      'with the ID token of another request',
      'id-token-binding',
      (state) => signedWith(state, { claims: { nonce: 'n-2' } }),
    ],
    [
      'with another code beside the ID token',
      'id-token-binding',
      (state) => signedWith(state, {}, { code: 'c-2' }),
    ],
    [
      'with the ID token of another state',
      'id-token-binding',
      (state) => signedWith('other', {}, { state }),
    ],
    [
      'with an ID token of another bank',
      'jwt-issuer',
      (state) => signedWith(state, { claims: { iss: 'https://other.example' } }),
    ],
    [
      'with an ID token for another client',
      'jwt-audience',
      (state) => signedWith(state, { claims: { aud: 'client-2' } }),
    ],
    [
      'with an ID token that has expired',
      'jwt-time',
      (state) => signedWith(state, { claims: { exp: now() - 3600 } }),
    ],
    [
      'with an ID token for another consent',
      'id-token-consent',
      (state) => signedWith(state, { claims: { openbanking_intent_id: 'other' } }),
    ],
    [
      'with another "iss"',
      'issuer-mismatch',
      (state) => signedWith(state, {}, { iss: 'https://other.example' }),
    ],
    [
      'with a repeated parameter',
      'redirect-malformed',
      async (state) => `${await signedWith(state)}&code=c-1`,
    ],
    [
      'with a code that no bank issues',
      'code-malformed',
      (state) => signedWith(state, {}, { code: 'cödé' }),
    ],
  ])('%s is refused, and the genuine one is still accepted', async (_, code, forged) => {
    const state = await asked();
    await expectRefused(await forged(state), code);
    await expectAccepted(await signedWith(state));
    // Each answer is accepted once.
    await expectRefused(await signedWith(state), 'redirect-state-unknown');
  });

  it('with another "iss" is refused in the plain code flow', async () => {
    const state = await asked(plain);
    const answer = { code: 'c-1', state };
    await expectRefused(text({ ...answer, iss: 'https://evil.example' }), 'issuer-mismatch');
    await expectAccepted(text({ ...answer, iss: issuer }));
  });
});

describe('a response JWT (JARM) that is forged', () => {
  const answer = (state: string) => ({ code: 'c-1', state });

  it.each<[string, string, (state: string) => string | Promise<string>]>([
    [
      'without signature',
      'jwt-algorithm',
      async (state) => text({ response: unsigned(await responseJwt(answer(state))) }),
    ],
    [
      'that another key signed',
      'jwt-signature',
      async (state) => text({ response: await responseJwt(answer(state), { key: otherKey }) }),
    ],
    [
      'encrypted, that another key signed',
      'jwt-signature',
      async (state) => {
        const forgery = { key: otherKey, encryptFor: privateKeyOf('rsa') };
        return text({ response: await responseJwt(answer(state), forgery) });
      },
    ],
    ['as plain parameters', 'redirect-incomplete', (state) => text(answer(state))],
    ['as a plain error', 'redirect-incomplete', (state) => text({ error: 'access_denied', state })],
    [
      'with an error that another key signed',
      'jwt-signature',
      async (state) => {
        const response = await responseJwt({ error: 'access_denied', state }, { key: otherKey });
        return text({ response });
      },
    ],
    [
      'for another client',
      'jwt-audience',
      async (state) =>
        text({ response: await responseJwt(answer(state), { claims: { aud: 'client-2' } }) }),
    ],
  ])('%s is refused, and the genuine one is still accepted', async (_, code, forged) => {
    const state = await asked(jarm);
    await expectRefused(await forged(state), code);
    await expectAccepted(text({ response: await responseJwt(answer(state)) }));
  });

  it('an encrypted one that is genuine is accepted, and passed on as it came', async () => {
    const state = await asked(jarm);
    const response = await encryptedFor(privateKeyOf('rsa'), await responseJwt(answer(state)));
    await expectAccepted(text({ response }));
  });

  it('a signed error ends the authorization', async () => {
    const state = await asked(jarm);
    const response = await responseJwt({ error: 'access_denied', state });
    expect(await receive(text({ response }))).toMatchObject({
      notAuthorized: { error: 'access_denied' },
    });
    const late = text({ response: await responseJwt(answer(state)) });
    await expectRefused(late, 'redirect-state-unknown');
  });
});

describe('an error that is not signed', () => {
  const denied = (state: string) => text({ error: 'access_denied', state });

  it.each<[string, object, (state: string) => string | Promise<string>]>([
    ['hybrid flow', {}, (state) => signedWith(state)],
    ['code flow', plain, (state) => text({ code: 'c-1', state })],
  ])('is reported once, and a code is still accepted (%s)', async (_, changes, genuine) => {
    const state = await asked(changes);
    const { notAuthorized, page } = await receive(denied(state));
    expect(notAuthorized).toMatchObject({ error: 'access_denied', state });
    expect(page.status).toBe(200);
    await expectRefused(denied(state), 'redirect-state-unknown');
    await expectAccepted(await genuine(state));
  });

  it('is not reported after a code was accepted', async () => {
    const state = await asked();
    await expectAccepted(await signedWith(state));
    await expectRefused(denied(state), 'redirect-state-unknown');
  });

  it('is reported once if it comes many times at once', async () => {
    const state = await asked();
    const received = await Promise.all(Array.from({ length: 20 }, () => receive(denied(state))));
    expect(received.filter(({ notAuthorized }) => notAuthorized)).toHaveLength(1);
  });
});

it('an answer is accepted once if it comes many times at once', async () => {
  const state = await asked();
  const answer = await signedWith(state);
  const received = await Promise.all(Array.from({ length: 20 }, () => receive(answer)));
  expect(received.filter(({ authorized }) => authorized)).toHaveLength(1);
});

it('if the keys of the bank cannot be fetched, the customer can load the page again later', async () => {
  const state = await asked();
  const answer = await signedWith(state);
  server.answers['/jwks'] = json(503, {});
  const unavailable = await receive(answer, await newClient());
  expect(unavailable.page.status).toBe(503);
  expect(unavailable.page.body).toContain('reload this page in a minute');
  expect(unavailable.failure).toHaveProperty('code', 'jwks-unusable');
  expect(unavailable.authorized).toBeUndefined();
  server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  expect(await receive(answer, await newClient())).toHaveProperty('authorized');
});

it('no key of the bank is used for an answer whose state is not known', async () => {
  const fresh = await newClient();
  const before = server.requests.length;
  const { failure } = await receive(await signedWith('unknown'), fresh);
  expect(failure).toHaveProperty('code', 'redirect-state-unknown');
  expect(server.requests).toHaveLength(before);
});

it('a "+" in a code that the bank did not encode is itself, and is passed on encoded', async () => {
  const state = await asked(plain);
  const { authorized, remarks } = await receiveRedirect(
    got(`code=ab+cd/ef==&state=${state}&scope=a+b`),
    receiverOf(authorizations, {
      open: () => Promise.resolve({ pending: authorizations, client }),
    }),
  );
  const { searchParams } = new URL(authorized!.redirect as string);
  expect(Object.fromEntries(searchParams)).toEqual({ code: 'ab+cd/ef==', state });
  expect(remarks).toEqual([expect.stringContaining('"+" in "code"')]);
});
