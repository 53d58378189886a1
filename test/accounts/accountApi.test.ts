import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { GivenAccess, type Access } from '../../core/accounts/access';
import { AccountApi, type ApiAnswer, type ApiOptions } from '../../core/accounts/accountApi';
import { MAXIMUM_PAGE } from '../../core/transport/body';
import { createProfile, type Profile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { customCredential } from '../support/bank/credential';
import { expectNoSecret, failureOf } from '../support/failure';
import { tlsServer, unusedPort } from '../support/servers/closing';
import type { SeenRequest } from '../support/servers/tlsServer';
import { until } from '../support/waiting';
import { rawBank } from '../transport/rawBank';

const TOKEN = 'at-5d1e-of-the-customer';
const BASE = '/open-banking/v3.1/aisp';
const PATH = '/accounts/A-1/transactions';

type Answer = (response: ServerResponse, request: SeenRequest) => void;

const json =
  (status: number, body: object = {}, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response
      .writeHead(status, { 'Content-Type': 'application/json', ...headers })
      .end(JSON.stringify(body));

const GOOD = json(200, { Data: { Transaction: [] } });

async function profileFor(url: string, changes: BankSettings = {}): Promise<Profile> {
  const accountApiUrl = `${url}${BASE}`;
  return createProfile({ ...(await customCredential(url)), accountApiUrl, ...changes });
}

/** A bank that gives these answers in turn, and the last one again and again. */
async function bank(answers: readonly Answer[], options: ApiOptions & { access?: Access } = {}) {
  let count = 0;
  const server = await tlsServer({
    handle: (request, response) =>
      answers[Math.min(count++, answers.length - 1)]!(response, request),
  });
  const pauses: number[] = [];
  const { access = new GivenAccess(TOKEN), ...others } = options;
  const pause = (milliseconds: number) => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  const profile = await profileFor(server.url);
  return { ...server, pauses, api: new AccountApi(profile, access, { pause, ...others }) };
}

const failing = async (get: Promise<ApiAnswer>) => {
  const error = await failureOf(get);
  expectNoSecret(error, [TOKEN]);
  return error;
};

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

const idOf = ({ headers }: SeenRequest) => String(headers['x-fapi-interaction-id']);

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

describe('an answer that asks for a pause', () => {
  const limit = (retryAfter?: string, body: object = {}, status = 429) =>
    json(status, body, retryAfter === undefined ? {} : { 'Retry-After': retryAfter });

  test.each([
    [429, '15', 15_000],
    [503, '15', 15_000],
    [429, '0', 1000],
    [503, '0', 1000],
    [429, '-5', 1000],
    [429, 'soon', 5000],
    [503, 'soon', 1000],
    [429, '120', 120_000],
  ])('%d with Retry-After %s is waited for: %d ms', async (status, retryAfter, pause) => {
    const { api, requests, pauses } = await bank([limit(retryAfter, {}, status), GOOD]);
    expect((await api.get(PATH)).status).toBe(200);
    expect(pauses).toEqual([pause]);
    expect(new Set(requests.map(idOf)).size).toBe(2);
  });

  test('with a date is waited for by the clock of the bank', async () => {
    const headers = {
      Date: 'Mon, 02 Mar 2026 00:00:00 GMT',
      'Retry-After': 'Mon, 02 Mar 2026 00:00:30 GMT',
    };
    const { api, pauses } = await bank([json(429, {}, headers), GOOD]);
    await api.get(PATH);
    expect(pauses).toEqual([30_000]);
  });

  test.each<[string, Answer]>([
    ['longer than the limit', limit('85092')],
    ['until a date', limit(new Date(Date.now() + 3 * 86_400_000).toUTCString())],
    ['in words', limit(undefined, { detail: 'Please try again in 85092 seconds' })],
    ['of a server that is not available', limit('85092', {}, 503)],
  ])('%s is an error at once, with the time', async (_name, answer) => {
    const { api, requests, pauses } = await bank([answer]);
    const error = await failing(api.get(PATH));
    expect(error).toMatchObject({ stage: 'api' });
    expect(error.text).toMatch(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
    expect(error.text).toContain(idOf(requests[0]!));
    expect(pauses).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  test('is waited for three times at most', async () => {
    const { api, requests, pauses } = await bank([limit('2')]);
    const error = await failing(api.get(PATH));
    expect(error).toMatchObject({ code: 'api-limit-reached', status: 429, retryAfter: 2000 });
    expect(error.description).toContain('after 3 pauses of 6 seconds in all');
    expect(pauses).toEqual([2000, 2000, 2000]);
    expect(requests).toHaveLength(4);
  });

  test('is waited for within the limit, all pauses together', async () => {
    const { api, pauses } = await bank([limit('50')]);
    await failing(api.get(PATH));
    expect(pauses).toEqual([50_000, 50_000]);
  });

  test('has a limit that can be set', async () => {
    const none = await bank([limit('1')], { maximumWait: 0 });
    await failing(none.api.get(PATH));
    expect(none.pauses).toEqual([]);
    const long = await bank([limit('300'), GOOD], { maximumWait: 300_000 });
    await long.api.get(PATH);
    expect(long.pauses).toEqual([300_000]);
  });

  test('without a time is waited for longer each time', async () => {
    const { api, pauses } = await bank([limit()]);
    expect((await failing(api.get(PATH))).code).toBe('api-limit-reached');
    expect(pauses).toEqual([5000, 20_000, 60_000]);
    const short = await bank([limit()], { maximumWait: 30_000 });
    await failing(short.api.get(PATH));
    expect(short.pauses).toEqual([5000, 20_000]);
  });
});

describe('a request without an answer', () => {
  const hangUp: Answer = (response) => response.destroy();

  test.each<[string, Answer]>([
    ['a connection that ends', hangUp],
    ['500', json(500, { faultcode: 'Server', faultstring: 'Recipient not found' })],
    ['502', json(502)],
    ['503 and a web page', (response) => response.writeHead(503).end('<html>No server</html>')],
    ['504', json(504, { message: 'Endpoint request timed out' })],
  ])('is repeated after pauses: %s', async (_name, answer) => {
    const { api, requests, pauses } = await bank([answer, answer, GOOD]);
    expect((await api.get(PATH)).status).toBe(200);
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(idOf)).size).toBe(3);
    expect(pauses).toEqual([1000, 5000]);
  });

  test('is repeated twice and no more', async () => {
    const lost = await bank([hangUp]);
    const error = await failing(lost.api.get(PATH));
    expect(error).toMatchObject({ code: 'connection-lost' });
    expect(error.description).toContain(idOf(lost.requests[2]!));
    expect(lost.requests).toHaveLength(3);
    const failed = await bank([json(500)]);
    expect(await failing(failed.api.get(PATH))).toMatchObject({ code: 'api-unavailable' });
    expect(failed.requests).toHaveLength(3);
  });

  test('is repeated after silence', async () => {
    const silent = await rawBank(['HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"Data"']);
    const profile = await profileFor(silent.url, { requestTimeout: 1 });
    const pause = () => Promise.resolve();
    const api = new AccountApi(profile, new GivenAccess(TOKEN), { pause });
    expect(await failing(api.get(PATH))).toMatchObject({ code: 'timeout' });
    expect(silent.requests).toHaveLength(3);
  });

  test('is repeated if no connection comes about', async () => {
    const pauses: number[] = [];
    const profile = await profileFor(`https://localhost:${await unusedPort()}`);
    const api = new AccountApi(profile, new GivenAccess(TOKEN), {
      pause: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
    });
    expect(await failing(api.get(PATH))).toMatchObject({ code: 'host-unreachable' });
    expect(pauses).toEqual([1000, 5000]);
  });

  test.each<[string, Answer]>([
    ['400', json(400, { error: { statusCode: 400, message: 'error from DSP' } })],
    ['400 and a web page', (response) => response.writeHead(400).end('<html>')],
    ['403', json(403)],
    ['404', json(404)],
    ['406', json(406)],
    ['501', json(501)],
    ['505', json(505)],
  ])('is another one than a refusal: status %s is not repeated', async (_name, answer) => {
    const { api, requests, pauses } = await bank([answer]);
    const error = await failing(api.get(PATH));
    expect(error.stage).toBe('api');
    expect(error.text).toContain(idOf(requests[0]!));
    expect(requests).toHaveLength(1);
    expect(pauses).toEqual([]);
  });

  test('is repeated as often although it was waited for, too', async () => {
    const wait = json(429, {}, { 'Retry-After': '1' });
    const { api, pauses } = await bank([json(500), wait, json(500), wait, wait, GOOD]);
    await api.get(PATH);
    expect(pauses).toEqual([1000, 1000, 5000, 1000, 1000]);
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
    const { api } = await bank([json(401), json(200, echo)], { access: given });
    expect(String((await api.get(PATH)).body)).not.toContain('at-0-of');
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
