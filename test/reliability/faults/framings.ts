import {
  FIN,
  answer,
  chunk,
  head,
  LAST_CHUNK,
  type Ending,
  type Fault,
  type Given,
  type Step,
} from './fault';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const CHUNKED = head(200, { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' });

const row = (
  title: string,
  steps: (given: Given) => readonly Step[],
  ends: Ending = 'tokens',
): Fault => ({ title, ends, steps });

const lengthOf = (json: string, more = 0) => String(Buffer.byteLength(json) + more);

/** Right and wrong ways to mark the end of a body (RFC 9112 §6, §7). */
export const framings: readonly Fault[] = [
  row('sends chunks', ({ json }) => [CHUNKED, chunk(json), LAST_CHUNK]),
  row('sends a chunk for each byte', ({ json }) => [
    CHUNKED,
    ...[...json].map((byte) => chunk(byte)),
    LAST_CHUNK,
  ]),
  row('sends chunks with extensions', ({ json }) => [CHUNKED, chunk(json, ';a=b'), LAST_CHUNK]),
  row('sends a trailer', ({ json }) => [CHUNKED, chunk(json), '0\r\nX-Check: 1\r\n\r\n']),
  row('sends sizes of chunks with zeros in front', ({ json }) => [
    CHUNKED,
    `0000${Buffer.byteLength(json).toString(16).toUpperCase()}\r\n${json}\r\n`,
    LAST_CHUNK,
  ]),
  ...(['FIN', 'RST', 'silence'] as const).flatMap((end) => [
    row(`leaves out the last chunk (${end})`, ({ json }) => [CHUNKED, chunk(json), { end }]),
    row(`leaves out the line after the last chunk (${end})`, ({ json }) => [
      CHUNKED,
      chunk(json),
      '0\r\n',
      { end },
    ]),
    row(`announces five bytes more than it sends (${end})`, ({ json }) => [
      head(200, { ...JSON_TYPE, 'Content-Length': lengthOf(json, 5) }),
      json,
      { end },
    ]),
    row(`announces a megabyte more than it sends (${end})`, ({ json }) => [
      head(200, { ...JSON_TYPE, 'Content-Length': lengthOf(json, 1_000_000) }),
      json,
      { end },
    ]),
    row(`sends neither length nor chunks (${end})`, ({ json }) => [
      head(200, JSON_TYPE),
      json,
      { end },
    ]),
    row(`sends neither length nor chunks, with Connection: close (${end})`, ({ json }) => [
      head(200, { ...JSON_TYPE, Connection: 'close' }),
      json,
      { end },
    ]),
    row(`ends within a chunk after the whole object (${end})`, ({ json }) => [
      CHUNKED,
      `${(Buffer.byteLength(json) + 9).toString(16)}\r\n${json}`,
      { end },
    ]),
  ]),
  row('answers in HTTP/1.0', ({ json }) => [
    head(200, JSON_TYPE).replace('HTTP/1.1', 'HTTP/1.0'),
    json,
    FIN,
  ]),
  row('answers in HTTP/1.0 with a length', ({ json }) => [
    answer(200, json).toString('latin1').replace('HTTP/1.1', 'HTTP/1.0'),
  ]),
  row('sends Connection: close with a length', ({ json }) => [
    answer(200, json, { Connection: 'close' }),
    FIN,
  ]),
  row('resets the connection after a whole answer', ({ json }) => [
    answer(200, json),
    { end: 'RST' },
  ]),
  row('sends a length and chunks', ({ json }) => [
    head(200, {
      ...JSON_TYPE,
      'Content-Length': lengthOf(json),
      'Transfer-Encoding': 'chunked',
    }),
    chunk(json),
    LAST_CHUNK,
  ]),
  row('sends the same length twice', ({ json }) => [
    head(200, [`Content-Length: ${lengthOf(json)}`, `Content-Length: ${lengthOf(json)}`]),
    json,
  ]),
  row('sends the same length twice in one header', ({ json }) => [
    head(200, [`Content-Length: ${lengthOf(json)}, ${lengthOf(json)}`]),
    json,
    FIN,
  ]),
  row('sends a length with a plus', ({ json }) => [
    head(200, [`Content-Length: +${lengthOf(json)}`]),
    json,
    FIN,
  ]),
  row('sends a length that is no number', ({ json }) => [
    head(200, { ...JSON_TYPE, 'Content-Length': 'many' }),
    json,
    FIN,
  ]),
  row('sends a negative length', ({ json }) => [
    head(200, { ...JSON_TYPE, 'Content-Length': '-1' }),
    json,
    FIN,
  ]),
  row('sends Transfer-Encoding: identity', ({ json }) => [
    head(200, { ...JSON_TYPE, 'Transfer-Encoding': 'identity' }),
    json,
    FIN,
  ]),
  row('sends bytes after the answer', ({ json }) => [answer(200, json), '\r\n\r\nmore']),
  row('answers twice', ({ json }) => [answer(200, json), answer(500, 'no')]),
  row('ends lines with LF alone', ({ json }) => [
    `HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: ${lengthOf(json)}\n\n${json}`,
    FIN,
  ]),
  row('folds a header', ({ json }) => [
    head(200, [`Content-Length: ${lengthOf(json)}`, 'X-Folded: one', ' two']),
    json,
    FIN,
  ]),
  row('sends a header name with a space', ({ json }) => [
    head(200, ['X Name: 1', `Content-Length: ${lengthOf(json)}`]),
    json,
    FIN,
  ]),
  row('sends a space before the colon', ({ json }) => [
    head(200, ['X-Name : 1', `Content-Length: ${lengthOf(json)}`]),
    json,
    FIN,
  ]),
  row('sends a header without a colon', ({ json }) => [
    head(200, ['Set-Cookie', `Content-Length: ${lengthOf(json)}`]),
    json,
    FIN,
  ]),
  row('sends a control character in a header', ({ json }) => [
    head(200, ['X-Name: a\u0001b', `Content-Length: ${lengthOf(json)}`]),
    json,
    FIN,
  ]),
  row('sends a header in UTF-8', ({ json }) => [
    Buffer.from(head(200, ['X-Bank: Größe', `Content-Length: ${lengthOf(json)}`])),
    json,
  ]),
  row('sends an empty header name', ({ json }) => [
    head(200, [': 1', `Content-Length: ${lengthOf(json)}`]),
    json,
    FIN,
  ]),
  row('sends empty lines in front', ({ json }) => ['\r\n\r\n', answer(200, json)]),
  {
    ...row('sends a wrong size of a chunk', ({ json }) => [CHUNKED, `xyz\r\n${json}\r\n`, FIN]),
    ends: 'unknown',
    mayBeLost: true,
  },
  row('answers in something that is not HTTP', () => ['220 smtp.bank.example\r\n', FIN], 'unknown'),
  row('answers in HTTP/2', () => [Buffer.from('0000000401000000000000', 'hex'), FIN], 'unknown'),
];
