import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { fixed, placed, type Change } from './change';

/** An answer in parts, from which its bytes are made. */
export interface Framing {
  readonly statusLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly lineEnd: string;
  /** Whether the body is sent in chunks. */
  readonly isChunked: boolean;
  readonly body: Buffer;
}

/** An answer with JSON, framed as servers do it. */
export function framingOf(status: number, body: Buffer): Framing {
  return {
    statusLine: `HTTP/1.1 ${status} OK`,
    headers: [
      ['Content-Type', 'application/json;charset=UTF-8'],
      ['Cache-Control', 'no-store'],
      ['Content-Length', String(body.length)],
      ['Connection', 'close'],
    ],
    lineEnd: '\r\n',
    isChunked: false,
    body,
  };
}

/** The bytes of an answer. */
export function bytesOf({ statusLine, headers, lineEnd, isChunked, body }: Framing): Buffer {
  const lines = [statusLine, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''];
  return Buffer.concat([
    Buffer.from(lines.join(lineEnd), 'latin1'),
    ...(isChunked ? [...chunksOf(body), Buffer.from('0\r\n\r\n')] : [body]),
  ]);
}

function chunksOf(body: Buffer): Buffer[] {
  const size = Math.ceil(body.length / 3) || 1;
  return Array.from({ length: Math.ceil(body.length / size) }, (_, index) => {
    const chunk = body.subarray(index * size, (index + 1) * size);
    const head = Buffer.from(`${chunk.length.toString(16)}\r\n`);
    return Buffer.concat([head, chunk, Buffer.from('\r\n')]);
  });
}

const withHeader = (framing: Framing, name: string, value: string): Framing => ({
  ...framing,
  headers: [...framing.headers.filter(([other]) => other !== name), [name, value]],
});

const packed = (encoding: string, pack: (body: Buffer) => Buffer) =>
  fixed<Framing>(`packed: ${encoding}`, (framing) => {
    const body = pack(framing.body);
    const labelled = withHeader({ ...framing, body }, 'Content-Encoding', encoding);
    return withHeader(labelled, 'Content-Length', String(body.length));
  });

const header = fc.constantFrom<[string, string]>(
  ...([
    ['Content-Type', 'text/html'],
    ['Content-Type', ''],
    ['Content-Type', 'application/json; charset=utf-16'],
    ['Content-Type', '\u00e9\u0001'],
    ['Content-Encoding', 'gzip'],
    ['Content-Encoding', 'br, gzip, gzip'],
    ['Content-Encoding', '__proto__'],
    ['Content-Length', '0'],
    ['Content-Length', '10'],
    ['Content-Length', '99999999999'],
    ['Content-Length', '-1'],
    ['Content-Length', '5, 7'],
    ['Transfer-Encoding', 'chunked'],
    ['Transfer-Encoding', 'identity'],
    ['Retry-After', '99999999999999999999'],
    ['Retry-After', 'Mon, 01 Jan 9999 00:00:00 GMT'],
    ['Date', 'x'],
    ['Location', 'https://other.example/'],
    ['__proto__', '1'],
    ['', ''],
    ['X', 'x'.repeat(20_000)],
    ['Cache-Control', 'max-age=99999999999999'],
  ] as [string, string][]),
);

/** Changes of the framing of an answer (RFC 9112). The body is whole, apart from those that pack it. */
export const framingChange: fc.Arbitrary<Change<Framing>> = fc.oneof(
  {
    weight: 3,
    arbitrary: placed('a header', header, (framing: Framing, _from, _to, [name, value]) =>
      withHeader(framing, name, value),
    ),
  },
  placed('a header doubled', fc.constant(undefined), (framing: Framing, from) => {
    const at = Math.floor(from * framing.headers.length);
    return { ...framing, headers: [...framing.headers, ...framing.headers.slice(at, at + 1)] };
  }),
  placed('a header removed', fc.constant(undefined), (framing: Framing, from) => {
    const at = Math.floor(from * framing.headers.length);
    return { ...framing, headers: framing.headers.toSpliced(at, 1) };
  }),
  fixed<Framing>('chunks', (framing) => ({
    ...withHeader(framing, 'Transfer-Encoding', 'chunked'),
    isChunked: true,
  })),
  fixed<Framing>('line feeds', (framing) => ({ ...framing, lineEnd: '\n' })),
  placed(
    'a status line',
    fc.constantFrom(
      ...['HTTP/1.1 200', 'HTTP/1.0 200 OK', 'http/1.1 201 Created', 'HTTP/1.1 204 No Content'],
      ...['HTTP/1.1 302 Found', 'HTTP/1.1 401 Unauthorized', 'HTTP/1.1 429 x', 'HTTP/1.1 503 x'],
      ...['HTTP/1.1 99 x', 'HTTP/1.1 999 x', 'HTTP/2 200', 'ICY 200 OK', 'HTTP/1.1 200 \u0001'],
    ),
    (framing: Framing, _from, _to, statusLine) => ({ ...framing, statusLine }),
  ),
  fixed<Framing>('100 Continue before', (framing) => ({
    ...framing,
    statusLine: `HTTP/1.1 100 Continue\r\n\r\n${framing.statusLine}`,
  })),
  packed('gzip', gzipSync),
  packed('deflate', deflateSync),
  packed('deflate', deflateRawSync),
  packed('br', gzipSync),
  fixed<Framing>('UTF-16', (framing) => ({
    ...framing,
    body: Buffer.from(`\ufeff${framing.body.toString()}`, 'utf16le'),
  })),
  fixed<Framing>('a script mark', (framing) => ({
    ...framing,
    body: Buffer.concat([Buffer.from(")]}',\n"), framing.body]),
  })),
);
