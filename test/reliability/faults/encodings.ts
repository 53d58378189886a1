import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { body, tokens, type Ending, type Fault } from './fault';

const encoded = (
  title: string,
  label: string,
  encode: (json: string) => Buffer,
  ends: Ending = 'tokens',
): Fault =>
  body(title, ends, ({ json }) => encode(json), { headers: { 'Content-Encoding': label } });

const utf16 = (json: string) => Buffer.from(`\ufeff${json}`, 'utf16le');

/** Compression, its labels, and character sets. */
export const encodings: readonly Fault[] = [
  encoded('compresses with gzip', 'gzip', (json) => gzipSync(json)),
  encoded('compresses with gzip and says GZIP', 'GZIP', (json) => gzipSync(json)),
  encoded('compresses with gzip and says x-gzip', 'x-gzip', (json) => gzipSync(json)),
  encoded('compresses with deflate', 'deflate', (json) => deflateSync(json)),
  encoded('compresses with deflate without its header', 'deflate', (json) => deflateRawSync(json)),
  encoded('compresses with brotli', 'br', (json) => brotliCompressSync(json)),
  encoded('compresses with zstd', 'zstd', (json) => zstdCompressSync(json)),
  encoded('names identity and gzip', 'identity, gzip', (json) => gzipSync(json)),
  encoded('compresses twice', 'gzip, gzip', (json) => gzipSync(gzipSync(json))),
  encoded('compresses with gzip and says deflate', 'deflate', (json) => gzipSync(json)),
  encoded('compresses with gzip and says br', 'br', (json) => gzipSync(json)),
  body('compresses with gzip and does not say so', 'tokens', ({ json }) => gzipSync(json)),
  encoded('compresses with gzip and adds bytes', 'gzip', (json) =>
    Buffer.concat([gzipSync(json), Buffer.from('\r\n')]),
  ),
  encoded('leaves out the checksum of gzip', 'gzip', (json) => gzipSync(json).subarray(0, -8)),
  encoded('cuts gzip in its middle', 'gzip', (json) => gzipSync(json).subarray(0, 30), 'unknown'),
  encoded('sends damaged gzip', 'gzip', () => Buffer.alloc(200, 0x55), 'unknown'),
  ...['gzip', 'gzip, gzip', 'deflate', 'br', 'zstd', 'compress'].map((label) =>
    tokens(`sends a plain body and calls it ${label}`, { 'Content-Encoding': label }),
  ),
  ...[
    'utf-8',
    'UTF-8',
    'utf8',
    'identity',
    'none',
    'chunked',
    'binary',
    'aws-chunked',
    '*',
    '',
  ].map((label) =>
    tokens(`sends a plain body and calls its encoding "${label}"`, { 'Content-Encoding': label }),
  ),
  tokens('sends Content-Transfer-Encoding', { 'Content-Transfer-Encoding': 'binary' }),
  body('begins with a byte order mark', 'tokens', ({ json }) => `\ufeff${json}`),
  body('writes UTF-16', 'tokens', ({ json }) => utf16(json)),
  body('writes UTF-16 in the other order', 'tokens', ({ json }) => utf16(json).swap16()),
  body('writes Latin-1', 'tokens', ({ tokens: given }) =>
    Buffer.from(JSON.stringify({ ...given, bank: 'Crédit' }), 'latin1'),
  ),
  body(
    'writes Latin-1 and calls it UTF-8',
    'tokens',
    ({ tokens: given }) => Buffer.from(JSON.stringify({ ...given, bank: 'Größe' }), 'latin1'),
    { headers: { 'Content-Type': 'application/json; charset=utf-8' } },
  ),
  ...[
    'application/json; charset=utf-8',
    'application/json;charset=ISO-8859-1',
    'application/json; charset="utf-8"; x=y',
    'text/json',
    'application/vnd.bank+json',
    'APPLICATION/JSON',
    'text/html',
    'text/plain; charset=us-ascii',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/jwt',
    'multipart/mixed',
    'json',
    '/',
    ', ,',
    '',
  ].map((type) => tokens(`calls the type "${type}"`, { 'Content-Type': type })),
];
