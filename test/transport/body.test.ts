import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { decodeBody, MAXIMUM_BODY } from '../../core/transport/body';
import { clientIdentity } from '../support/certificates';
import { tlsServer } from '../support/closing';
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
      await new Promise((done) => setTimeout(done, 100));
      expect(connections.open).toBe(0);
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
    await new Promise((done) => setTimeout(done, 100));
    expect(connections.open).toBe(0);
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
    const started = Date.now();
    expect(await failedPost(url, { identity })).toMatchObject({
      code: 'response-too-large',
      stage: 'response',
      outcome: 'unknown',
    });
    expect(Date.now() - started).toBeLessThan(1000);
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
