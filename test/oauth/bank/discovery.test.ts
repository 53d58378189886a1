import { createClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { HOUR, later, MINUTE } from '../../support/clock';
import { failureOf } from '../../support/failure';
import { json } from '../../support/bank/scriptedBank';

const PATH = '/.well-known/openid-configuration';
let server: AnsweringServer;
let settings: BankSettings;

beforeAll(async () => {
  server = await startAnsweringServer();
  settings = { ...(await customCredential(server.url)), bank: 'discovery' };
});
afterAll(() => server?.close());

const metadata = (more: object = {}) => ({
  issuer: server.url,
  token_endpoint: `${server.url}/token`,
  ...more,
});

const answering = (body: object, cacheControl?: string) =>
  json(200, body, cacheControl ? { 'Cache-Control': cacheControl } : {});

it.each([
  ['an hour if there is no "Cache-Control"', undefined, 59 * MINUTE, 61 * MINUTE],
  ['as long as "max-age" says', 'public, max-age=600', 9 * MINUTE, 11 * MINUTE],
  ['at least a minute if "max-age" is shorter', 'max-age=0', 50_000, 70_000],
  ['at most a day', 'max-age=9999999', 23 * HOUR, 25 * HOUR],
])('BankClient uses metadata for %s', async (_, cacheControl, before, after) => {
  server.answers = { [PATH]: answering(metadata(), cacheControl) };
  const client = await createClient(settings);
  const { token } = await client.endpoints();
  server.answers = { [PATH]: answering(metadata({ token_endpoint: `${server.url}/new` })) };
  later(before);
  expect((await client.endpoints()).token).toEqual(token);
  later(after - before);
  expect((await client.endpoints()).token.url).toBe(`${server.url}/new`);
});

it('BankClient uses the last metadata if it cannot be fetched again, and retries a minute later', async () => {
  server.answers = { [PATH]: answering(metadata()) };
  const client = await createClient(settings);
  const { token } = await client.endpoints();
  server.answers = { [PATH]: json(503, {}) };
  later(61 * MINUTE);
  expect((await client.endpoints()).token).toEqual(token);
  server.answers = { [PATH]: answering(metadata({ token_endpoint: `${server.url}/new` })) };
  later(MINUTE / 2);
  expect((await client.endpoints()).token).toEqual(token);
  later(MINUTE);
  expect((await client.endpoints()).token.url).toBe(`${server.url}/new`);
});

it.each([
  [404, 'knows no such issuer'],
  [503, 'Try again in some minutes'],
  [429, 'Try again in some minutes'],
  [403, 'in a browser'],
])('BankClient says what status %i of the metadata means', async (status, words) => {
  server.answers = { [PATH]: json(status, { error: 'Realm does not exist' }) };
  const client = await createClient(settings);
  const failure = await failureOf(client.endpoints());
  expect(failure).toMatchObject({ code: 'discovery-failed', outcome: 'not-sent' });
  expect(failure.message).toContain(`status ${status}`);
  expect(failure.description).toContain(words);
});

it('BankClient takes endpoints and aliases that are null for absent ones', async () => {
  const absent = {
    revocation_endpoint: null,
    introspection_endpoint: null,
    jwks_uri: null,
    authorization_endpoint: null,
    mtls_endpoint_aliases: { token_endpoint: null },
  };
  server.answers = { [PATH]: answering(metadata(absent)) };
  const endpoints = await (await createClient(settings)).endpoints();
  expect(endpoints.token.url).toBe(`${server.url}/token`);
  const { revocation, introspection, jwks, authorization } = endpoints;
  expect([revocation, introspection, jwks, authorization]).toEqual(Array(4).fill(undefined));
});

it('BankClient rejects new metadata of another issuer', async () => {
  server.answers = { [PATH]: answering(metadata()) };
  const client = await createClient(settings);
  await client.endpoints();
  server.answers = { [PATH]: answering(metadata({ issuer: 'https://evil.example' })) };
  later(61 * MINUTE);
  expect(await failureOf(client.endpoints())).toMatchObject({
    code: 'discovery-issuer-mismatch',
  });
});

it('BankClient fetches the metadata once for many calls at the same time', async () => {
  server.answers = { [PATH]: answering(metadata()) };
  const client = await createClient(settings);
  const all = await Promise.all(Array.from({ length: 20 }, () => client.endpoints()));
  expect(new Set(all).size).toBe(1);
});

it('BankClient uses the aliases for mutual TLS, except for the authorization endpoint', async () => {
  const aliases = ['token', 'revocation', 'introspection', 'pushed_authorization_request'];
  const named = (host: string) =>
    Object.fromEntries(
      [...aliases, 'authorization'].map((name) => [`${name}_endpoint`, `${host}/${name}`]),
    );
  const alias = 'https://mtls.bank.example';
  server.answers = {
    [PATH]: answering(metadata({ ...named(server.url), mtls_endpoint_aliases: named(alias) })),
  };
  const endpoints = await (await createClient(settings)).endpoints();
  expect(endpoints).toMatchObject({
    token: { url: `${alias}/token` },
    refresh: { url: `${alias}/token` },
    revocation: { url: `${alias}/revocation` },
    introspection: { url: `${alias}/introspection` },
    pushedAuthorizationRequest: { url: `${alias}/pushed_authorization_request` },
    authorization: `${server.url}/authorization`,
  });
});
