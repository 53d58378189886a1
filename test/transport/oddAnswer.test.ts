import fc from 'fast-check';
import { interimLength } from '../../core/transport/interimAnswer';
import { judgeOddAnswer, readOddAnswer } from '../../core/transport/oddAnswer';

const TOKENS = '{"access_token":"at-1"}';
const HEAD = 'HTTP/1.1 200 OK\r\n';
const isWanted = (body: Buffer): boolean => String(body).includes('"access_token"');
const read = (text: string | Buffer) => readOddAnswer(Buffer.from(text as string), isWanted);

/** Reads bytes, and fails if that takes long: a time that grows with the square of their number would be minutes. */
function readQuickly(bytes: Buffer) {
  const started = process.cpuUsage();
  const answer = readOddAnswer(bytes, isWanted);
  judgeOddAnswer(bytes, isWanted);
  // The time of the processor, because other tests run meanwhile.
  const { user, system } = process.cpuUsage(started);
  expect(user + system).toBeLessThan(10_000_000);
  return answer;
}

describe('readOddAnswer', () => {
  test('reads the status, and headers in lower case', () => {
    const text = `${HEAD}Content-Type:application/json\r\nX-A : b \r\n\tc\r\nx-a: d\r\n\r\n${TOKENS}`;
    expect(read(text)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-a': 'b c, d' },
      body: Buffer.from(TOKENS),
    });
  });

  test('reads a header named __proto__ as a header', () => {
    const { headers } = read(`${HEAD}__proto__: a\r\n\r\n${TOKENS}`)!;
    expect(Object.keys(headers)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  test.each([
    ['empty lines in front', `\r\n\r\n${HEAD}\r\n${TOKENS}`],
    [
      'interim answers in front',
      `HTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 E\r\nA: b\r\n\r\n${HEAD}\r\n${TOKENS}`,
    ],
    ['line feeds alone', `HTTP/1.1 200 OK\nA: b\n\n${TOKENS}`],
    ['spaces in the status line', `HTTP/1.1  200  OK\r\n\r\n${TOKENS}`],
    ['no version', `HTTP 200 OK\r\n\r\n${TOKENS}`],
    ['another version', `http/2 201\r\n\r\n${TOKENS}`],
    ['a status without content', `HTTP/1.1 204 No Content\r\n\r\n${TOKENS}`],
    ['lines that are no headers', `${HEAD}a\r\n: b\r\n  c\r\n\r\n${TOKENS}`],
    ['extensions of chunks', `${HEAD}\r\n17;a="b"\r\n${TOKENS}\r\n0;c\r\nTrailer: d\r\n\r\n`],
    ['spaces in a chunk size', `${HEAD}\r\n  17 \r\n${TOKENS}\r\n`],
    [
      'chunks without line ends behind them',
      `${HEAD}\r\n5\r\n${TOKENS.slice(0, 5)}12\r\n${TOKENS.slice(5)}`,
    ],
    ['a negative length', `${HEAD}Content-Length: -5\r\n\r\n${TOKENS}`],
    ['many lengths', `${HEAD}Content-Length: ${'1, '.repeat(50_000)}\r\n\r\n${TOKENS}`],
    ['zeros behind its JSON', `${HEAD}\r\n${TOKENS}\0\0\0`],
    ['a mark against execution', `${HEAD}\r\n)]}',\n${TOKENS}`],
    ['a byte order mark', `${HEAD}\r\n\ufeff${TOKENS}`],
  ])('reads an answer with %s', (_name, text) => {
    expect(read(text)!.body.toString().replace('\ufeff', '')).toBe(TOKENS);
  });

  test.each([
    ['little endian', Buffer.from(TOKENS, 'utf16le')],
    ['little endian, with its mark', Buffer.from(`\ufeff${TOKENS}`, 'utf16le')],
    ['big endian', Buffer.from(TOKENS, 'utf16le').swap16()],
    ['big endian, with its mark', Buffer.from(`\ufeff${TOKENS}`, 'utf16le').swap16()],
  ])('reads UTF-16, %s', (_name, body) => {
    const answer = read(Buffer.concat([Buffer.from(`${HEAD}\r\n`), body]));
    expect(answer).toMatchObject({ body: Buffer.from(TOKENS), isEmbedded: true });
  });

  test.each([
    ['nothing', ''],
    ['no HTTP', `220 mail.example\r\n\r\n${TOKENS}`],
    ['HTTP behind something else', `x${HEAD}\r\n${TOKENS}`],
    ['no end of its headers', `${HEAD}A: b\r\n${TOKENS}`],
    ['a refusal', `HTTP/1.1 400 Bad Request\r\n\r\n${TOKENS}`],
    ['a redirect', `HTTP/1.1 302 Found\r\n\r\n${TOKENS}`],
    ['another protocol', `HTTP/1.1 101 Switching\r\n\r\n${HEAD}\r\n${TOKENS}`],
    ['a status of four digits', `HTTP/1.1 2000 OK\r\n\r\n${TOKENS}`],
    ['an object that is not wanted', `${HEAD}\r\n{"error":"invalid_grant"}`],
    ['a list', `${HEAD}\r\n[${TOKENS}]`],
    ['two objects', `${HEAD}\r\n${TOKENS}${TOKENS}`],
    ['a page with an object', `${HEAD}\r\n<html>${TOKENS}</html>`],
    ['half an object', `${HEAD}\r\n${TOKENS.slice(0, -1)}`],
    ['an object whose end is in a text', `${HEAD}\r\n{"access_token":"}`],
  ])('reads nothing from %s', (_name, text) => {
    expect(read(text)).toBeUndefined();
  });

  test.each<[string, string | Buffer]>([
    ['headers', HEAD + 'A: b\r\n'.repeat(400_000)],
    ['bytes in a header', `${HEAD}A: ${'b'.repeat(2_000_000)}`],
    ['folded lines', `${HEAD}A: b${'\r\n c'.repeat(60_000)}\r\n\r\n${TOKENS}`],
    ['spaces in a header', `${HEAD}A:${' '.repeat(200_000)}b\r\n\r\n${TOKENS}`],
    ['interim answers', 'HTTP/1.1 100\r\n\r\n'.repeat(100_000)],
    ['empty lines', '\r\n'.repeat(1_000_000)],
    ['chunks of one byte', `${HEAD}\r\n${'1\r\n{\r\n'.repeat(300_000)}`],
    ['digits in a chunk size', `${HEAD}\r\n${'f'.repeat(2_000_000)}`],
    ['bytes in a chunk', `${HEAD}\r\nffffffff\r\n${'f'.repeat(2_000_000)}`],
    ['braces', `${HEAD}\r\n${'{'.repeat(1_000_000)}`],
    ['nested objects', `${HEAD}\r\n${'{"a":'.repeat(200_000)}`],
    ['quotes', `${HEAD}\r\n{${'"\\'.repeat(500_000)}`],
    [
      'marks of gzip',
      Buffer.concat([
        Buffer.from(`${HEAD}\r\n`),
        Buffer.alloc(1_000_000, Buffer.from([0x1f, 0x8b, 8, 31])),
      ]),
    ],
  ])('is quick with many %s', (_name, text) => {
    readQuickly(Buffer.from(text as string));
  });

  test('never fails, and returns only what is wanted', () => {
    const part = fc.oneof(
      fc.constantFrom(
        ...[
          HEAD,
          'HTTP/1.1 100\r\n\r\n',
          '\r\n',
          '\n',
          ': ',
          '\r\n\r\n',
          TOKENS,
          '{',
          '}',
          '"',
          '\\',
        ],
        ...[
          'Content-Length: 7',
          'Content-Encoding: gzip, br',
          'Transfer-Encoding: chunked',
          '17\r\n',
        ],
        ...['0\r\n\r\n', '\u001f\u008b\b', '\u0078\u009c', '\0'],
      ),
      fc.string({ unit: 'binary', maxLength: 10 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const answer = readQuickly(Buffer.from(parts.join(''), 'latin1'));
        return answer === undefined || isWanted(answer.body);
      }),
      { numRuns: 3000 },
    );
  });

  test('finds an object in chunks of any size, without the last chunk', () => {
    const value = fc.record({ access_token: fc.string(), more: fc.jsonValue() });
    fc.assert(
      fc.property(
        value,
        fc.array(fc.integer({ min: 1, max: 50 })),
        fc.boolean(),
        (json, sizes, isEnded) => {
          const body = Buffer.from(JSON.stringify(json));
          const pieces: Buffer[] = [];
          let at = 0;
          for (const size of [...sizes, body.length]) {
            const piece = body.subarray(at, at + size);
            at += size;
            if (piece.length > 0)
              pieces.push(
                Buffer.from(`${piece.length.toString(16)}\r\n`),
                piece,
                Buffer.from('\r\n'),
              );
          }
          const text = Buffer.concat([
            Buffer.from(`${HEAD}\r\n`),
            ...pieces,
            Buffer.from(isEnded ? '0\r\n\r\n' : ''),
          ]);
          expect(read(text)!.body).toEqual(body);
        },
      ),
    );
  });
});

describe('judgeOddAnswer', () => {
  const whole = `HTTP/1.1 100 Continue\r\n\r\n${HEAD}Bad Header: a\r\n\r\n${TOKENS}`;

  test('waits for more bytes of a success until the object is there', () => {
    for (let length = 0; length <= whole.length; length++) {
      const bytes = Buffer.from(whole.slice(0, length));
      const expected = length < whole.length ? 'more' : 'enough';
      expect([length, judgeOddAnswer(bytes, isWanted)]).toEqual([length, expected]);
    }
  });

  test.each([
    ['no HTTP', 'HTML'],
    ['a refusal', 'HTTP/1.1 400 B\r\n\r\n'],
    ['another protocol', 'HTTP/1.1 101 S\r\n\r\n'],
    ['headers without end', HEAD + 'x'.repeat(300_000)],
  ])('gives up %s', (_name, text) => {
    expect(judgeOddAnswer(Buffer.from(text), isWanted)).toBe('hopeless');
  });
});

describe('interimLength', () => {
  const interim = 'HTTP/1.1 100 Continue\r\nA: b\r\n\r\n';

  test('needs more bytes until the interim answer is complete', () => {
    for (let length = 1; length < interim.length; length++) {
      expect(interimLength(Buffer.from(interim.slice(0, length)))).toBeUndefined();
    }
    expect(interimLength(Buffer.from(interim))).toBe(interim.length);
    expect(interimLength(Buffer.from(`${interim}HTTP/1.1 200 OK`))).toBe(interim.length);
  });

  test.each([
    ['a success', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['another interim answer', 'HTTP/1.1 101 A\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 1000\r\n\r\n'],
    ['no HTTP', 'x'],
    ['headers without end', `HTTP/1.1 100 ${'x'.repeat(20_000)}`],
  ])('is 0 for %s', (_name, text) => {
    expect(interimLength(Buffer.from(text))).toBe(0);
  });
});
