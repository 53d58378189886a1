import type { ServerResponse } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Cancellation } from '../../core/lib/cancellation';
import { destroyAgents } from '../../core/transport/agents';
import { MAXIMUM_PAGE } from '../../core/transport/body';
import { openLargeAnswer, type BodyLimit } from '../../core/transport/largeBody';
import { DataServer, type DataLimits } from '../../core/transport/dataServer';
import { clientIdentity } from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { tcpServer, tlsServer } from '../support/servers/closing';
import { until } from '../support/waiting';
import { rawBank } from './rawBank';

const PAGE = JSON.stringify({ Data: { Transaction: [{ TransactionId: 'T1' }] }, Links: {} });

const tooLarge = () =>
  new OpenBankingError('page-too-large', {
    problem: 'bytes',
    values: { asked: '/accounts', limit: 16 },
  });
const page: BodyLimit = { maximumBody: MAXIMUM_PAGE, tooLarge };
const LIMITS: DataLimits = { connect: 5000, silence: 5000 };

const serverAt = async (url: string, limits: Partial<DataLimits> = {}) =>
  new DataServer({ url, source: 'its setting' }, await clientIdentity(), { ...LIMITS, ...limits });

const receive = async (url: string, limits: Partial<DataLimits> = {}, limit = page) =>
  (await serverAt(url, limits)).receive({ url, headers: { Accept: 'application/json' } }, limit);

const answering = (answer: (response: ServerResponse) => void) =>
  tlsServer({ handle: (_request, response) => answer(response) });

describe('a request for data', () => {
  test('is a GET with its path, query and headers', async () => {
    const { url, requests } = await tlsServer();
    const server = await serverAt(url);
    const headers = { 'x-fapi-interaction-id': 'i-1' };
    const answer = await server.receive({ url: `${url}/a%2Fb?c=~Zm9+Yg==%2F|&d`, headers }, page);
    expect(requests).toMatchObject([
      { method: 'GET', url: '/a%2Fb?c=~Zm9+Yg==%2F|&d', body: '', client: 'Test Client', headers },
    ]);
    expect(requests[0]!.headers['user-agent']).toMatch(/^n8n-nodes-open-banking\/\d/);
    expect(answer).toMatchObject({ status: 200, body: Buffer.from('{"ok":true}') });
  });

  test.each([204, 301, 302, 307, 401, 429, 500, 503])(
    'returns an answer with status %d as it is',
    async (status) => {
      const target = await tlsServer();
      const { url, requests } = await answering((response) =>
        response.writeHead(status, { Location: target.url }).end(),
      );
      expect(await receive(url)).toMatchObject({ status, headers: { location: target.url } });
      expect(requests).toHaveLength(1);
      expect(target.connections.opened).toBe(0);
    },
  );

  test('uses one connection for 50 requests in turn, and five for five side by side', async () => {
    const { url, requests, connections } = await tlsServer();
    const server = await serverAt(url);
    const pull = async () => {
      for (let i = 0; i < 50; i++) await server.receive({ url, headers: {} }, page);
    };
    await pull();
    expect(connections.opened).toBe(1);
    await Promise.all(Array.from({ length: 5 }, pull));
    expect(requests).toHaveLength(300);
    expect(connections.opened).toBeLessThanOrEqual(5);
  });

  test('is sent although the connections were closed since the last one', async () => {
    const { url } = await tlsServer();
    const server = await serverAt(url);
    await server.receive({ url, headers: {} }, page);
    await destroyAgents();
    expect((await server.receive({ url, headers: {} }, page)).status).toBe(200);
  });

  test('fails if the connection ends before the end of the answer', async () => {
    const { url } = await rawBank(['HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"Data"'], 'FIN');
    const error = await failureOf(receive(url));
    expect(error).toMatchObject({ code: 'connection-lost', stage: 'request' });
    expect(error.message).toContain('(its setting)');
  });

  test('fails if no connection comes about', async () => {
    const { port } = await tcpServer(() => undefined);
    const error = await failureOf(receive(`https://localhost:${port}`, { connect: 300 }));
    expect(error).toMatchObject({ code: 'host-unreachable', outcome: 'not-sent' });
  });
});

describe('the size of a page', () => {
  test.each(['with its length', 'in chunks'])('may be 16 MiB, sent %s', async (how) => {
    const { url } = await answering((response) => {
      if (how === 'in chunks') response.write('x');
      response.end(Buffer.alloc(MAXIMUM_PAGE - (how === 'in chunks' ? 1 : 0), 'x'));
    });
    expect((await receive(url)).body).toHaveLength(MAXIMUM_PAGE);
  });

  test.each(['with its length', 'in chunks'])('may not be a byte more, sent %s', async (how) => {
    const { url, connections } = await answering((response) => {
      if (how === 'in chunks') response.write('x');
      response.end(Buffer.alloc(MAXIMUM_PAGE + (how === 'in chunks' ? 0 : 1), 'x'));
    });
    expect(await failureOf(receive(url))).toMatchObject({ code: 'page-too-large', stage: 'api' });
    await until(() => connections.open === 0);
  });

  test('is not that of a refusal without an end, which is read in part', async () => {
    const part = Buffer.alloc(64 * 1024, 'Refused. ');
    const { url, connections } = await answering((response) => {
      response.writeHead(403).on('drain', () => response.write(part));
      while (response.write(part));
    });
    const answer = await receive(url);
    expect(answer.status).toBe(403);
    expect(answer.body.length).toBeLessThan(MAXIMUM_PAGE);
    expect(String(answer.body.subarray(0, 9))).toBe('Refused. ');
    await until(() => connections.open === 0);
  });

  test('may be limited further', async () => {
    const { url } = await answering((response) => response.end('12345'));
    expect((await receive(url, {}, { maximumBody: 5, tooLarge })).body).toHaveLength(5);
    const failure = receive(url, {}, { maximumBody: 4, tooLarge });
    expect(await failureOf(failure)).toMatchObject({ code: 'page-too-large' });
  });
});

const packings: [string, (body: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
];

describe('a compressed page', () => {
  test.each(packings)('is unpacked: %s', async (encoding, pack) => {
    const packed = pack(Buffer.from(PAGE));
    const { url } = await answering((response) =>
      response.setHeader('Content-Encoding', encoding).end(packed),
    );
    const answer = await receive(url);
    expect(String(answer.body)).toBe(PAGE);
    expect(answer.remarks).toBeUndefined();
  });

  test.each(packings)('may unpack to 16 MiB, and to no more: %s', async (encoding, pack) => {
    const raw = { status: 200, headers: { 'content-encoding': encoding } };
    const full = pack(Buffer.alloc(MAXIMUM_PAGE));
    expect((await openLargeAnswer({ ...raw, body: full }, page)).body).toHaveLength(MAXIMUM_PAGE);
    const more = pack(Buffer.alloc(MAXIMUM_PAGE + 1));
    const failure = openLargeAnswer({ ...raw, body: more }, page);
    expect(await failureOf(failure)).toMatchObject({ code: 'page-too-large' });
  });

  test('is refused while it is unpacked, long before its end', async () => {
    const bomb = gzipSync(Buffer.alloc(8 * MAXIMUM_PAGE));
    const before = process.memoryUsage().arrayBuffers;
    const raw = { status: 200, headers: { 'content-encoding': 'gzip' }, body: bomb };
    expect(await failureOf(openLargeAnswer(raw, page))).toMatchObject({ code: 'page-too-large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * MAXIMUM_PAGE);
  });

  test('is unpacked in another thread if it is large', async () => {
    const text = Array.from({ length: 200_000 }, (_, i) => `{"TransactionId":"T${i * 7919}"},`);
    const body = gzipSync(text.join(''));
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const raw = { status: 200, headers: { 'content-encoding': 'gzip' }, body };
    expect((await openLargeAnswer(raw, page)).body).toHaveLength(text.join('').length);
    isOver = true;
    expect(turns).toBeGreaterThan(10);
  });

  const odd: [string, string | undefined, Buffer, RegExp][] = [
    [
      'is labelled gzip and is plain',
      'gzip',
      Buffer.from(PAGE),
      /is not compressed, and its label/,
    ],
    ['is labelled br and is plain', 'br', Buffer.from(PAGE), /is not compressed, and its label/],
    ['has an unknown label', 'utf-8', Buffer.from(PAGE), /\(.*utf-8"\)/],
    ['is gzip without a label', undefined, gzipSync(PAGE), /is compressed \(gzip\), and its label/],
  ];
  test.each(odd)('is read with a remark if it %s', async (_name, encoding, body, remark) => {
    const raw = { status: 200, headers: { 'content-encoding': encoding }, body };
    const answer = await openLargeAnswer(raw, page);
    expect(String(answer.body)).toBe(PAGE);
    expect(answer.remarks).toEqual([expect.stringMatching(remark)]);
  });

  const broken: [string, string, Buffer][] = [
    ['in an unknown way', 'zstandard', Buffer.from('no JSON')],
    ['with the name of a property of every object', 'constructor', Buffer.from('no JSON')],
    ['twice', 'gzip, gzip', gzipSync(gzipSync(PAGE))],
    ['with errors', 'gzip', gzipSync(PAGE).fill(0, 12)],
    ['and cut off', 'gzip', gzipSync(PAGE).subarray(0, 40)],
  ];
  test.each(broken)('is rejected if it is packed %s', async (_name, encoding, body) => {
    const raw = { status: 200, headers: { 'content-encoding': encoding }, body };
    expect(await failureOf(openLargeAnswer(raw, page))).toMatchObject({
      code: 'response-unexpected',
    });
    const refusal = await openLargeAnswer({ ...raw, status: 403 }, page);
    expect(refusal).toMatchObject({ status: 403, body });
    expect(refusal.remarks).toHaveLength(1);
  });
});

describe('the time limit', () => {
  test('does not end a page that takes longer, as long as bytes come', async () => {
    const pieces = PAGE.match(/.{1,6}/g)!;
    const write = async (response: ServerResponse) => {
      for (const piece of pieces) {
        response.write(piece);
        await after(100);
      }
      response.end();
    };
    const { url } = await answering((response) => void write(response));
    const begun = performance.now();
    expect(String((await receive(url, { silence: 1000 })).body)).toBe(PAGE);
    expect(performance.now() - begun).toBeGreaterThan(1000);
  });

  test.each([
    ['before the answer', ''],
    ['in the middle of the headers', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['in the middle of the body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"Data"'],
  ])('ends a request after silence %s', async (_name, bytes) => {
    const { url, connections } = await rawBank([bytes]);
    const error = await failureOf(receive(url, { silence: 1500 }));
    expect(error).toMatchObject({ code: 'timeout', stage: 'request', outcome: 'unknown' });
    await until(() => connections.open === 0);
  });
});

describe('a cancelled execution', () => {
  test('sends nothing', async () => {
    const { url, connections } = await tlsServer();
    const cancellation = new Cancellation(AbortSignal.abort());
    expect(await failureOf(receive(url, { cancellation }))).toMatchObject({ code: 'cancelled' });
    expect(connections.opened).toBe(0);
  });

  test.each([
    ['before the answer', ''],
    ['in the middle of the body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"Data"'],
  ])('ends a request %s', async (_name, bytes) => {
    const { url, requests, connections } = await rawBank([bytes]);
    const execution = new AbortController();
    const pending = receive(url, { cancellation: new Cancellation(execution.signal) });
    const failure = failureOf(pending);
    await until(() => requests.length === 1);
    execution.abort();
    expect(await failure).toMatchObject({ code: 'cancelled', stage: 'request' });
    await until(() => connections.open === 0);
  });

  test('ends a request that waits for a connection, and never sends it', async () => {
    const server = await tcpServer(() => undefined);
    const execution = new AbortController();
    const cancellation = new Cancellation(execution.signal);
    const failure = failureOf(receive(`https://localhost:${server.port}`, { cancellation }));
    await until(() => server.count === 1);
    execution.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
  });

  test('ends all requests in flight', async () => {
    const { url, requests } = await answering(() => undefined);
    const execution = new AbortController();
    const server = await serverAt(url, { cancellation: new Cancellation(execution.signal) });
    const failures = Array.from({ length: 20 }, () =>
      failureOf(server.receive({ url, headers: {} }, page)),
    );
    await until(() => requests.length === 20);
    execution.abort();
    const codes = (await Promise.all(failures)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['cancelled']));
  });
});
