import { gzipSync } from 'node:zlib';
import { GivenAccess, type Access } from '../../core/accounts/access';
import { AccountApi } from '../../core/accounts/accountApi';
import { MAXIMUM_PAGE } from '../../core/transport/body';
import { createProfile } from '../../core/profile/profile';
import { customCredential } from '../support/bank/credential';
import { tlsServer } from '../support/servers/closing';
import type { SeenRequest } from '../support/servers/tlsServer';
import { until } from '../support/waiting';
import {
  TOKEN,
  BASE,
  PATH,
  type Answer,
  json,
  GOOD,
  profileFor,
  bank,
  failing,
  idOf,
} from './answeringBank';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('a request to the account API', () => {
  test('goes to the base address, with the token, the certificate and a new ID each time', async () => {
    const { api, requests, url } = await bank([GOOD]);
    const answer = await api.get(PATH, 'page=2');
    await api.get('/accounts');
    expect(requests).toMatchObject([
      { method: 'GET', url: `${BASE}${PATH}?page=2`, client: 'Test Client' },
      { method: 'GET', url: `${BASE}/accounts` },
    ]);
    const [{ headers }] = requests as [SeenRequest];
    expect(headers).toMatchObject({ accept: 'application/json', authorization: `Bearer ${TOKEN}` });
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([
      'x-fapi-interaction-id',
    ]);
    const ids = requests.map(idOf);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(UUID);
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      url: `${url}${BASE}${PATH}?page=2`,
      interactionId: ids[0],
      secrets: [TOKEN],
    });
    expect(JSON.parse(String(answer.body))).toEqual({ Data: { Transaction: [] } });
  });

  test('sends the query back as the bank gave it', async () => {
    const query = "page=pg~Zm9+Yg==~&sig=a%2Bb%2F|x&b='1'&a=2&to=2026-03-02T00:00:00";
    const { api, requests } = await bank([GOOD]);
    await api.get(PATH, query);
    await api.get(PATH, "page=a b'é#c");
    expect(requests.map(({ url }) => url)).toEqual([
      `${BASE}${PATH}?${query}`,
      `${BASE}${PATH}?page=a%20b%27%C3%A9`,
    ]);
  });

  test('has the financial ID of the credential, or that of the options', async () => {
    const { requests, url } = await tlsServer();
    const profile = await profileFor(url, { financialId: 'of-credential' });
    const access = new GivenAccess(TOKEN);
    await new AccountApi(profile, access).get('/accounts');
    await new AccountApi(profile, access, { financialId: 'of-node' }).get('/accounts');
    const ids = requests.map(({ headers }) => headers['x-fapi-financial-id']);
    expect(ids).toEqual(['of-credential', 'of-node']);
  });

  test.each([
    ['200 and a web page', 200, '<html>Log in</html>'],
    ['200 and an empty body', 200, ''],
    ['204', 204, ''],
  ])('returns an answer with status %s as it is', async (_name, status, body) => {
    const { api } = await bank([(response) => response.writeHead(status).end(body)]);
    expect(await api.get(PATH)).toMatchObject({ status, body: Buffer.from(body) });
  });

  test('reports a redirect and does not follow it', async () => {
    const target = await tlsServer();
    const { api, requests } = await bank([json(302, {}, { Location: target.url })]);
    expect((await failing(api.get(PATH))).stage).toBe('api');
    expect(requests).toHaveLength(1);
    expect(target.connections.opened).toBe(0);
  });

  test('needs the address of the account API', async () => {
    const profile = await createProfile(await customCredential('https://bank.example'));
    expect(() => new AccountApi(profile, new GivenAccess(TOKEN))).toThrow(
      expect.objectContaining({ code: 'field-missing' }),
    );
  });

  test('never leaves the server of the base address', async () => {
    const { url, requests } = await tlsServer();
    const other = await tlsServer();
    const profile = await profileFor(url, { accountApiUrl: url });
    const api = new AccountApi(profile, new GivenAccess(TOKEN));
    await api.get(`@localhost:${other.port}/accounts`);
    await api.get(`//localhost:${other.port}/accounts`);
    expect(requests).toHaveLength(2);
    expect(other.connections.opened).toBe(0);
  });
});

describe('a page that is too large', () => {
  const large = { Data: { Transaction: [], Filler: 'x'.repeat(MAXIMUM_PAGE) } };
  const packed = gzipSync(JSON.stringify(large));

  test.each<[string, Answer]>([
    ['plain', json(200, large)],
    ['packed', (response) => response.setHeader('Content-Encoding', 'gzip').end(packed)],
  ])('is refused with its limit and advice: %s', async (_name, answer) => {
    const { api, requests } = await bank([answer]);
    const error = await failing(api.get(PATH));
    expect(error).toMatchObject({ code: 'page-too-large', stage: 'api' });
    expect(error.message).toContain('16 MiB');
    expect(error.message).toContain(PATH);
    expect(error.description).toMatch(/shorter period/);
    expect(error.description).toContain(idOf(requests[0]!));
    expect(requests).toHaveLength(1);
  });

  test('may be limited further', async () => {
    const answer = json(200, { Data: 'x'.repeat(2 * 1024 * 1024) });
    const { api } = await bank([answer], { maximumPage: 1024 * 1024 });
    expect((await failing(api.get(PATH))).message).toContain('1 MiB');
  });
});

describe('an answer with status 401', () => {
  const access = (values: string[]): Access & { refused: string[] } => {
    const refused: string[] = [];
    let present = 'Bearer at-0-of-the-consent';
    return {
      kind: 'consent',
      refused,
      remarks: [],
      authorization: () => Promise.resolve(present),
      isRenewed: (value) => value !== 'Bearer at-0-of-the-consent',
      renewed: (value) => {
        refused.push(value);
        const next = values.shift();
        if (next) present = next;
        return Promise.resolve(next);
      },
    };
  };

  test('is repeated once with another token', async () => {
    const consent = access(['Bearer at-1-of-the-consent']);
    const { api, requests } = await bank([json(401), GOOD], { access: consent });
    expect(await api.get(PATH)).toMatchObject({
      status: 200,
      // A bank may still repeat the refused one.
      secrets: ['at-0-of-the-consent', 'at-1-of-the-consent'],
    });
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer at-0-of-the-consent',
      'Bearer at-1-of-the-consent',
    ]);
    expect(consent.refused).toEqual(['Bearer at-0-of-the-consent']);
  });

  test('shows neither of the two tokens if the bank repeats them', async () => {
    const consent = access(['Bearer at-1-of-the-consent']);
    const echo = { Data: 'at-0-of-the-consent', Message: 'Not at-0-of-the-consent' };
    const refused = await bank([json(401), json(403, echo)], { access: consent });
    expect((await failing(refused.api.get(PATH))).text).not.toContain('at-0-of');
    const given = access(['Bearer at-1-of-the-consent']);
    const { api } = await bank([json(401), GOOD], { access: given });
    const secrets = ['at-0-of-the-consent', 'at-1-of-the-consent'];
    expect(await api.get(PATH)).toMatchObject({ secrets });
  });

  test('is an error if the other token is refused, too', async () => {
    const consent = access(['Bearer at-1-of-the-consent', 'Bearer at-2-of-the-consent']);
    const { api, requests } = await bank([json(401)], { access: consent });
    const error = await failing(api.get(PATH));
    expect(error).toMatchObject({ code: 'consent-not-accepted', status: 401 });
    expect(error.message).toContain('although it was just refreshed');
    expect(requests).toHaveLength(2);
    expect(consent.refused).toHaveLength(1);
  });

  test('shows no token, not even the one that was refused first', async () => {
    const consent = access(['Bearer at-1-of-the-consent']);
    const message = 'Neither at-0-of-the-consent nor at-1-of-the-consent';
    const { api } = await bank([json(401, { message })], { access: consent });
    expect((await failing(api.get(PATH))).message).toContain('Neither [hidden] nor [hidden]');
  });

  test('is an error at once if the user gave the token', async () => {
    const { api, requests } = await bank([json(401)]);
    expect(await failing(api.get(PATH))).toMatchObject({ code: 'token-not-accepted', status: 401 });
    expect(requests).toHaveLength(1);
  });
});

describe('a cancelled execution', () => {
  test('ends a pause at once', async () => {
    const execution = new AbortController();
    const { api, requests } = await bank([json(429, {}, { 'Retry-After': '100' })], {
      signal: execution.signal,
      pause: undefined,
    });
    const failure = failing(api.get(PATH));
    await until(() => requests.length === 1);
    execution.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(requests).toHaveLength(1);
  });

  test('is not repeated at once after a pause that is longer than a timer can be', async () => {
    const execution = new AbortController();
    const { api, requests } = await bank([json(429, {}, { 'Retry-After': '9000000' })], {
      signal: execution.signal,
      maximumWait: 1e13,
      pause: undefined,
    });
    const failure = failing(api.get(PATH));
    await until(() => requests.length === 1);
    await new Promise((done) => setTimeout(done, 100));
    execution.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(requests).toHaveLength(1);
  });

  test('ends a pause that knows nothing of it, and the wait for a token', async () => {
    const execution = new AbortController();
    const { signal } = execution;
    const never = () => new Promise<never>(() => undefined);
    const waiting = await bank([json(500)], { signal, pause: never });
    const pause = failing(waiting.api.get(PATH));
    const access: Access = { kind: 'consent', remarks: [], authorization: never, renewed: never };
    const token = failing((await bank([GOOD], { signal, access })).api.get(PATH));
    await until(() => waiting.requests.length === 1);
    execution.abort();
    expect(await pause).toMatchObject({ code: 'cancelled' });
    expect(await token).toMatchObject({ code: 'cancelled' });
    const later = await bank([GOOD], { signal });
    expect(await failing(later.api.get(PATH))).toMatchObject({ code: 'cancelled' });
    expect(later.requests).toHaveLength(0);
  });

  test('gives no warning of a leak however many consents listen', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => void warnings.push(warning);
    process.on('warning', hear);
    const { signal } = new AbortController();
    const profile = await profileFor('https://bank.example');
    for (let i = 0; i < 50; i++) new AccountApi(profile, new GivenAccess(TOKEN), { signal });
    await new Promise(setImmediate);
    process.off('warning', hear);
    expect(warnings).toEqual([]);
  });
});

test('1,000 pages over five side by side use five connections at most', async () => {
  const { api, connections, requests } = await bank([GOOD]);
  const pull = async (account: number) => {
    for (let page = 0; page < 200; page++) {
      await api.get(`/accounts/A-${account}/transactions`, `page=${page}`);
    }
  };
  await Promise.all([1, 2, 3, 4, 5].map(pull));
  expect(requests).toHaveLength(1000);
  expect(connections.opened).toBeLessThanOrEqual(5);
});
