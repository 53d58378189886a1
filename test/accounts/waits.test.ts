import { GivenAccess } from '../../core/accounts/access';
import { AccountApi } from '../../core/accounts/accountApi';
import { unusedPort } from '../support/servers/closing';
import { rawBank } from '../transport/rawBank';
import {
  TOKEN,
  PATH,
  type Answer,
  json,
  GOOD,
  profileFor,
  bank,
  failing,
  idOf,
} from './answeringBank';

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
    expect(error.description).toContain(
      'The request was sent 4 times, with pauses of 6 seconds in all.',
    );
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

  test('in words prevents an early repeat, and causes none', async () => {
    const words = (seconds: number) => limit(undefined, { detail: `Try again in ${seconds} s` });
    const short = await bank([words(1), GOOD]);
    await short.api.get(PATH);
    expect(short.pauses).toEqual([5000]);
    const long = await bank([words(50), GOOD]);
    await long.api.get(PATH);
    expect(long.pauses).toEqual([50_000]);
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
    const unavailable = await failing(failed.api.get(PATH));
    expect(unavailable).toMatchObject({ code: 'api-unavailable' });
    expect(unavailable.description).toContain('The request was sent 3 times.');
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

  test('is repeated twice, beside three pauses that the bank asks for', async () => {
    const wait = json(429, {}, { 'Retry-After': '1' });
    const { api, pauses } = await bank([json(500), wait, json(500), wait, wait, GOOD]);
    await api.get(PATH);
    expect(pauses).toEqual([1000, 1000, 5000, 1000, 1000]);
  });
});

describe('a request that the bank refuses', () => {
  test.each<[string, Answer]>([
    ['400', json(400, { error: { statusCode: 400, message: 'error from DSP' } })],
    ['400 and a web page', (response) => response.writeHead(400).end('<html>')],
    ['403', json(403)],
    ['404', json(404)],
    ['406', json(406)],
    ['408', json(408)],
    ['501', json(501)],
    ['505', json(505)],
  ])('is not repeated: status %s', async (_name, answer) => {
    const { api, requests, pauses } = await bank([answer]);
    const error = await failing(api.get(PATH));
    expect(error.stage).toBe('api');
    expect(error.text).toContain(idOf(requests[0]!));
    expect(error.text).not.toMatch(/sent \d times|repeated/);
    expect(requests).toHaveLength(1);
    expect(pauses).toEqual([]);
  });
});
