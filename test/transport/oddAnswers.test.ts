import { setTimeout as after } from 'node:timers/promises';
import type { HttpResponse } from '../../core/transport/send';
import { itAtOnce } from '../support/atOnce';
import { clientIdentity } from '../support/keys/certificates';
import { tlsServer } from '../support/servers/closing';
import { failureOf } from '../support/failure';
import { failedPost, post, TIMEOUTS, type Attempt } from './attempt';
import { rawBank, type Ending, type RawBank } from './rawBank';

const JSON_TEXT = '{"access_token":"at-1","refresh_token":"rt-2","name":"Müller } \\" {"}';
const LENGTH = Buffer.byteLength(JSON_TEXT);
const CHUNK = `${LENGTH.toString(16)}\r\n${JSON_TEXT}\r\n`;

const isWanted = (body: Buffer): boolean => String(body) === JSON_TEXT;
const wanted: Attempt = { isWanted, timeouts: { connect: 5000, request: 700 } };
/** Of several at the same time. */
const patient: Attempt = { ...wanted, timeouts: { connect: 10_000, request: 10_000 } };
/** The same for an answer whose end only the time limit shows. */
const limited: Attempt = { ...wanted, timeouts: { connect: 10_000, request: 2500 } };

/** Answers that undici rejects or does not see the end of: status line and headers, then the rest. */
const odd: [string, head: string, body: string | Buffer][] = [
  ['in chunks without the last one', 'Transfer-Encoding: chunked', CHUNK],
  ['with a last chunk that is cut off', 'Transfer-Encoding: chunked', `${CHUNK}0\r\n`],
  ['with too long a length', `Content-Length: ${LENGTH + 5}`, JSON_TEXT],
  ['with a length of a gigabyte', 'Content-Length: 1000000000', JSON_TEXT],
  ['with too short a length', `Content-Length: ${JSON_TEXT.length}`, JSON_TEXT],
  ['with a length of zero', 'Content-Length: 0', JSON_TEXT],
  [
    'with a length and in chunks',
    `Content-Length: ${LENGTH}\r\nTransfer-Encoding: chunked`,
    `${CHUNK}0\r\n\r\n`,
  ],
  [
    'with a length and chunks that are none',
    `Transfer-Encoding: chunked\r\nContent-Length: ${LENGTH}`,
    JSON_TEXT,
  ],
  [
    'with the same length twice',
    `Content-Length: ${LENGTH}\r\nContent-Length: ${LENGTH}`,
    JSON_TEXT,
  ],
  ['with two lengths', `Content-Length: 3\r\nContent-Length: ${LENGTH}`, JSON_TEXT],
  ['with a length that is no number', `Content-Length: x`, JSON_TEXT],
  ['with a folded header', `X-Note: a\r\n b\r\nContent-Length: ${LENGTH}`, JSON_TEXT],
  ['with a space in a header name', `X Note: a\r\nContent-Length: ${LENGTH}`, JSON_TEXT],
  ['with a space before a colon', `Content-Length : ${LENGTH}`, JSON_TEXT],
  ['with a control character', `X-Note: a\u0001b\r\nContent-Length: ${LENGTH}`, JSON_TEXT],
  ['with a header without a colon', `nothing\r\nContent-Length: ${LENGTH}`, JSON_TEXT],
  [
    'with headers of 40 KiB',
    `X-Note: ${'x'.repeat(40_000)}\r\nContent-Length: ${LENGTH}`,
    JSON_TEXT,
  ],
  ['with text behind its JSON', `Content-Length: ${LENGTH + 5}`, `${JSON_TEXT}<!-->`],
  ['in a chunk of another length', 'Transfer-Encoding: chunked', `5\r\n${JSON_TEXT}\r\n0\r\n\r\n`],
  ['in chunks without a label', `Content-Length: ${CHUNK.length + 9}`, `${CHUNK}0\r\n\r\n`],
];

const endings: Ending[] = ['FIN', 'RST', 'silence'];
const matrix = odd.flatMap(([name, head, body]) => {
  return endings.map((ending) => ({
    name,
    ending,
    head: `HTTP/1.1 200 OK\r\n${head}\r\n\r\n`,
    body,
  }));
});

/** Checks that an answer was read with a remark, and that its connection is closed. */
async function expectRescued(response: HttpResponse, bank: RawBank) {
  expect(String(response.body)).toBe(JSON_TEXT);
  expect(response.status).toBe(200);
  expect(response.remarks).not.toHaveLength(0);
  for (const remark of response.remarks!) {
    expect(remark).toMatch(/^[A-Z].*\.$/);
    expect(remark).not.toContain('at-1');
  }
  for (let i = 0; i < 40 && bank.connections.open > 0; i++) await after(50);
  expect(bank.connections).toEqual({ opened: 1, open: 0 });
}

const ENDLESS = /last chunk|last one|too long a length|gigabyte|without a label/;

describe.each(matrix)('a wanted answer $name, then $ending', ({ name, head, body, ending }) => {
  const attempt = ending === 'silence' && ENDLESS.test(name) ? limited : patient;
  // The end of a silent one is waited for. The others are quick, and must not wait for the processor.
  const test = ending === 'silence' ? itAtOnce : it;

  test('is read with a remark, and its connection is closed', async () => {
    const bank = await rawBank([Buffer.concat([Buffer.from(head), Buffer.from(body)])], ending);
    await expectRescued(await post(bank.url, attempt), bank);
    expect(bank.requests).toHaveLength(1);
  });

  test('is read if its body comes later than its headers, and in pieces', async () => {
    const bytes = Buffer.from(body);
    const bank = await rawBank([head, bytes.subarray(0, 20), bytes.subarray(20)], ending);
    await expectRescued(await post(bank.url, attempt), bank);
  });

  test('is read on a connection that is used once', async () => {
    const bank = await rawBank([head.replace('OK', 'OK\r\nConnection: close'), body], ending);
    const once = { ...attempt, needsNewConnection: true };
    await expectRescued(await post(bank.url, once), bank);
  });
});

describe('an answer that needs no remark', () => {
  const plain = `Content-Length: ${LENGTH}\r\n\r\n${JSON_TEXT}`;
  const interim = 'HTTP/1.1 100 Continue\r\n\r\n';
  const final = `HTTP/1.1 200 OK\r\n${plain}`;
  const bytes = [...`${interim}${final}`];

  test.each<[string, string[], Ending]>([
    ['100 Continue in front', [interim + final], 'silence'],
    ['100 Continue in a packet of its own', [interim, final], 'silence'],
    [
      'two of them, with headers',
      [`${interim}HTTP/1.1 100\r\nX-Note: a\r\n\r\n${final}`],
      'silence',
    ],
    ['100 Continue by the byte', [...bytes.slice(0, 30), bytes.slice(30).join('')], 'silence'],
    ['103 Early Hints', [`HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n${final}`], 'silence'],
    ['HTTP/1.0', [`HTTP/1.0 200 OK\r\n${plain}`], 'silence'],
    ['HTTP/1.0 without a length', [`HTTP/1.0 200 OK\r\n\r\n${JSON_TEXT}`], 'FIN'],
    ['no length', [`HTTP/1.1 200 OK\r\n\r\n${JSON_TEXT}`], 'FIN'],
    ['no reason', [`HTTP/1.1 200\r\n${plain}`], 'silence'],
    ['text in Latin-1', [`HTTP/1.1 200 sch\u00f6n\r\n${plain}`], 'silence'],
  ])('has %s', async (_name, pieces, ending) => {
    const bank = await rawBank(pieces, ending);
    const response = await post(bank.url, { ...wanted, timeouts: undefined });
    expect(String(response.body)).toBe(JSON_TEXT);
    expect(response.remarks).toBeUndefined();
  });

  test('is read on the same connection each time if 100 Continue comes first', async () => {
    const bank = await rawBank([interim + final]);
    const identity = await clientIdentity();
    for (let i = 0; i < 3; i++) expect((await post(bank.url, { identity })).status).toBe(200);
    expect(bank.connections.opened).toBe(1);
  });

  test('may come before the request', async () => {
    const { url } = await tlsServer({ socket: (socket) => socket.end(final) });
    expect(String((await post(url, wanted)).body)).toBe(JSON_TEXT);
  });

  test('is a refusal behind 100 Continue', async () => {
    const bank = await rawBank([
      `${interim}HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}`,
    ]);
    expect(await post(bank.url)).toMatchObject({ status: 400, body: Buffer.from('{}') });
  });
});

describe('a connection with an odd answer', () => {
  const good = `HTTP/1.1 200 OK\r\nContent-Length: ${LENGTH}\r\n\r\n${JSON_TEXT}`;

  test('is not used for the next request', async () => {
    const bank = await rawBank([
      `HTTP/1.1 200 OK\r\nContent-Length: ${LENGTH + 1}\r\n\r\n${JSON_TEXT}`,
    ]);
    const identity = await clientIdentity();
    for (let i = 0; i < 2; i++) {
      expect((await post(bank.url, { ...wanted, identity })).remarks).toHaveLength(1);
    }
    expect(bank.connections.opened).toBe(2);
  });

  test('is not used for the next request if only the label of the body is odd', async () => {
    const labelled = good.replace('\r\n', '\r\nContent-Encoding: utf-8\r\n');
    const bank = await rawBank([labelled]);
    const identity = await clientIdentity();
    for (let i = 0; i < 2; i++) {
      expect((await post(bank.url, { identity })).remarks).toHaveLength(1);
    }
    expect(bank.connections.opened).toBe(2);
  });

  test('carries nothing of an earlier answer into the next one', async () => {
    const forged = JSON_TEXT.replace('at-1', 'at-0');
    // The first answer is longer than its length says. Its rest comes with the second answer.
    const { url } = await tlsServer({
      socket: (socket) => {
        let count = 0;
        socket.on('data', () => {
          socket.write(count++ === 0 ? good : `${forged}\r\n\r\n${good}`);
        });
      },
    });
    const identity = await clientIdentity();
    const anyToken: Attempt = { ...wanted, identity, isWanted: (body) => body.length > 10 };
    expect((await post(url, anyToken)).remarks).toBeUndefined();
    expect(await failedPost(url, anyToken)).toMatchObject({
      code: 'response-unexpected',
      outcome: 'unknown',
    });
  });

  test('ends at once if the server sends more than 2 MiB', async () => {
    const bank = await rawBank([
      `HTTP/1.1 200 OK\r\nX Note: a\r\n\r\n${'x'.repeat(2 * 1024 * 1024)}`,
      JSON_TEXT,
    ]);
    const started = Date.now();
    await failedPost(bank.url, { ...wanted, timeouts: TIMEOUTS });
    expect(Date.now() - started).toBeLessThan(4500);
  });
});

describe('a malformed answer', () => {
  const rejected = odd.filter(([name]) => /control|folded|twice|name|colon|no number/.test(name));
  const malformed = {
    code: 'response-unexpected',
    outcome: 'unknown',
    message: expect.stringMatching(/ sent a malformed answer \([A-Z]/) as string,
  };

  test.each(rejected)('%s is called malformed if it is not wanted', async (_name, head, body) => {
    const bank = await rawBank([`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`, body]);
    const started = Date.now();
    expect(await failedPost(bank.url)).toMatchObject(malformed);
    expect(Date.now() - started).toBeLessThan(4500);
  });

  test('has advice that does not blame the certificate', async () => {
    const bank = await rawBank(['HTTP/1.1 200 OK\r\nX Note: a\r\n\r\n{}'], 'FIN');
    const failure = await failureOf(post(bank.url));
    expect(failure.description).toContain('is not the cause');
  });

  test('is called malformed if nothing wanted comes until the time limit', async () => {
    const bank = await rawBank(['HTTP/1.1 200 OK\r\nX Note: a\r\n\r\n{"access_token":']);
    expect(await failedPost(bank.url, wanted)).toMatchObject(malformed);
  });

  test.each([
    'HTTP/1.1 400 Bad Request',
    'HTTP/1.1 302 Found',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x',
  ])('fails at once with "%s"', async (status) => {
    const bank = await rawBank([`${status}\r\nX Note: a\r\n\r\n${JSON_TEXT}`]);
    const started = Date.now();
    expect(await failedPost(bank.url, { ...wanted, timeouts: TIMEOUTS })).toMatchObject(malformed);
    expect(Date.now() - started).toBeLessThan(4500);
  });

  test('that is no HTTP fails at once', async () => {
    const bank = await rawBank(['220 mail.example ESMTP\r\n']);
    expect(await failedPost(bank.url, { ...wanted, timeouts: TIMEOUTS })).toMatchObject({
      code: 'response-unexpected',
      message: expect.stringContaining('is not HTTP') as string,
    });
  });

  test.each<Ending>(['FIN', 'RST'])(
    'that is cut off by %s is a lost connection',
    async (ending) => {
      const heads = [
        'Content-Length: 100',
        'Connection: close\r\nContent-Length: 100',
        'Connection: close\r\nTransfer-Encoding: chunked',
      ];
      for (const head of heads) {
        const bank = await rawBank(
          [`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`, '64\r\n{"access_token":"at'],
          ending,
        );
        const failure = await failureOf(post(bank.url, wanted));
        expect(failure).toMatchObject({ code: 'connection-lost', outcome: 'unknown' });
        expect(failure.description).not.toContain('certificate');
      }
    },
  );
});
