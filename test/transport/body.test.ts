import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { decodeBody, MAXIMUM_BODY } from '../../core/transport/body';
import { clientIdentity } from '../support/keys/certificates';
import { tlsServer } from '../support/servers/closing';
import { until } from '../support/waiting';
import { failedPost, post } from './attempt';

const TEXT = JSON.stringify({ access_token: 'token', scope: 'accounts '.repeat(50) });

const answering = (answer: (response: ServerResponse) => void) =>
  tlsServer({ handle: (_request, response) => answer(response) });

const encoded = (body: Buffer, encoding: string) =>
  answering((response) => response.setHeader('Content-Encoding', encoding).end(body));

describe('the size of a body', () => {
  test.each(['with its length', 'in chunks'])('may be 1 MiB, sent %s', async (how) => {
    const { url } = await answering((response) => {
      if (how === 'in chunks') response.write('x');
      response.end('x'.repeat(MAXIMUM_BODY - (how === 'in chunks' ? 1 : 0)));
    });
    expect((await post(url)).body).toHaveLength(MAXIMUM_BODY);
  });

  test.each(['with its length', 'in chunks'])(
    'may not be one byte more than 1 MiB, sent %s',
    async (how) => {
      const { url, connections } = await answering((response) => {
        if (how === 'in chunks') response.write('x');
        response.end('x'.repeat(MAXIMUM_BODY + (how === 'in chunks' ? 0 : 1)));
      });
      expect(await failedPost(url)).toMatchObject({
        code: 'response-too-large',
        stage: 'response',
        outcome: 'unknown',
      });
      await until(() => connections.open === 0);
    },
  );

  test('is limited also for a body that does not end', async () => {
    let written = 0;
    const { url, connections } = await answering((response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const more = () => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    expect(await failedPost(url)).toMatchObject({ code: 'response-too-large' });
    await until(() => connections.open === 0);
    expect(written).toBeLessThan(20 * MAXIMUM_BODY);
  });
});

describe('a compressed body', () => {
  const encodings: [string, Buffer][] = [
    ['gzip', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['GZIP', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['identity', Buffer.from(TEXT)],
    ['identity, gzip', gzipSync(TEXT)],
  ];
  test.each(encodings)('is unpacked: %s', async (encoding, body) => {
    const { url } = await encoded(body, encoding);
    expect(String((await post(url)).body)).toBe(TEXT);
  });

  test('may be empty', async () => {
    const { url } = await answering((response) =>
      response.writeHead(401, { 'Content-Encoding': 'gzip' }).end(),
    );
    expect(await post(url)).toMatchObject({ status: 401, body: Buffer.alloc(0) });
  });

  test('may be 1 MiB after unpacking, and not one byte more', () => {
    const limit = gzipSync(Buffer.alloc(MAXIMUM_BODY));
    expect(decodeBody(limit, ['gzip'])).toHaveLength(MAXIMUM_BODY);
    const larger = gzipSync(Buffer.alloc(MAXIMUM_BODY + 1));
    expect(() => decodeBody(larger, ['gzip'])).toThrow(
      expect.objectContaining({ code: 'response-too-large' }),
    );
  });

  const zeros = Buffer.alloc(20 * MAXIMUM_BODY);
  const bombs: [string, () => Buffer][] = [
    ['gzip', () => gzipSync(zeros)],
    ['deflate', () => deflateSync(zeros)],
    ['br', () => brotliCompressSync(zeros)],
  ];
  test.each(bombs)('of 20 MiB after unpacking is rejected at once: %s', async (encoding, make) => {
    const bomb = make();
    expect(bomb.length).toBeLessThan(100_000);
    const { url } = await encoded(bomb, encoding);
    const identity = await clientIdentity();
    const before = process.memoryUsage().arrayBuffers;
    expect(await failedPost(url, { identity })).toMatchObject({
      code: 'response-too-large',
      stage: 'response',
      outcome: 'unknown',
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * MAXIMUM_BODY);
  });

  const broken: [string, string, Buffer][] = [
    ['in an unknown way', 'zstandard', Buffer.from('no JSON')],
    ['with a name that every object has as a property', 'constructor', Buffer.from('no JSON')],
    ['not at all', 'gzip', Buffer.from('no JSON')],
    [
      'four times',
      'gzip, gzip, gzip, gzip',
      [1, 2, 3, 4].reduce((body) => gzipSync(body), Buffer.from(TEXT)),
    ],
    ['with errors', 'gzip', gzipSync(TEXT).fill(0, 12)],
    ['and cut off', 'gzip', gzipSync(TEXT).subarray(0, 30)],
    ['and cut off (br)', 'br', brotliCompressSync(TEXT).subarray(0, 10)],
  ];
  test.each(broken)('is rejected if it is packed %s', async (_name, encoding, body) => {
    const { url } = await encoded(body, encoding);
    expect(await failedPost(url)).toMatchObject({
      code: 'response-unexpected',
      stage: 'response',
      outcome: 'unknown',
    });
  });
});

describe('a body that does not agree with its label', () => {
  const damaged = gzipSync(TEXT);
  damaged.fill(0, damaged.length - 8);
  const named = gzipSync(TEXT);
  // A name, a comment and a checksum of the header (RFC 1952 §2.3.1).
  named[3] = 8 + 16 + 2;
  const withName = Buffer.concat([
    named.subarray(0, 10),
    Buffer.from('a\0b\0xx'),
    named.subarray(10),
  ]);
  const cases: [string, string, Buffer][] = [
    ['is labelled utf-8', 'utf-8', Buffer.from(TEXT)],
    ['is labelled none', 'none', Buffer.from(TEXT)],
    ['is labelled gzip, and plain', 'gzip', Buffer.from(TEXT)],
    ['is labelled br, and plain', 'br', Buffer.from(TEXT)],
    ['is labelled deflate, and plain', 'deflate', Buffer.from(TEXT)],
    ['is labelled with an unknown name, and plain', 'constructor', Buffer.from(TEXT)],
    ['is labelled identity, and packed (gzip)', 'identity', gzipSync(TEXT)],
    ['is labelled identity, and packed (deflate)', 'identity', deflateSync(TEXT)],
    ['is labelled utf-8 and gzip, and packed', 'utf-8, gzip', gzipSync(TEXT)],
    ['is labelled gzip twice, and packed once', 'gzip, gzip', gzipSync(TEXT)],
    ['is labelled gzip once, and packed twice', 'gzip', gzipSync(gzipSync(TEXT))],
    ['is packed twice', 'gzip, gzip', gzipSync(gzipSync(TEXT))],
    ['is packed in two ways', 'br, gzip', gzipSync(brotliCompressSync(TEXT))],
    ['is labelled deflate, and packed (gzip)', 'deflate', gzipSync(TEXT)],
    ['is labelled br, and packed (gzip)', 'br', gzipSync(TEXT)],
    ['has no checksum', 'gzip', gzipSync(TEXT).subarray(0, -8)],
    ['has a cut checksum', 'gzip', gzipSync(TEXT).subarray(0, -3)],
    ['has a wrong checksum', 'gzip', damaged],
    ['has no checksum (deflate)', 'deflate', deflateSync(TEXT).subarray(0, -4)],
    ['has a header with everything, and no checksum', 'gzip', withName.subarray(0, -8)],
    ['is behind a packed body', 'gzip', Buffer.concat([gzipSync(TEXT), Buffer.from('more')])],
  ];

  test.each(cases)('is read with a remark if it %s', async (_name, encoding, body) => {
    const { url } = await encoded(body, encoding);
    const response = await post(url);
    expect(String(response.body)).toBe(TEXT);
    expect(response.remarks).toHaveLength(1);
    expect(response.remarks![0]).toMatch(/^The bank's answer is .*\.$/);
  });

  test.each(['', 'identity', 'IDENTITY', ' , identity'])(
    'has no remark if it is plain and labelled %p',
    async (encoding) => {
      const { url } = await encoded(Buffer.from(TEXT), encoding);
      expect((await post(url)).remarks).toBeUndefined();
    },
  );

  test('is returned as it is if the status is no success', async () => {
    const { url } = await answering((response) =>
      response.writeHead(403, { 'Content-Encoding': 'gzip' }).end('<html>'),
    );
    const response = await post(url);
    expect(response).toMatchObject({ status: 403, body: Buffer.from('<html>') });
    expect(response.remarks).toHaveLength(1);
  });

  test('is a refusal that can be read', async () => {
    const refusal = '{"error":"invalid_grant"}';
    const { url } = await answering((response) =>
      response.writeHead(400, { 'Content-Encoding': 'utf-8' }).end(refusal),
    );
    expect(await post(url)).toMatchObject({ status: 400, body: Buffer.from(refusal) });
  });
});
