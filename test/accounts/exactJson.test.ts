import { parseExactly } from '../../core/accounts/exactJson';

const valueOf = (text: string | Buffer, contentType?: string): unknown =>
  parseExactly(Buffer.from(text as string), contentType).value;

describe('numbers', () => {
  it.each([
    '10.00',
    '0.10',
    '1e3',
    '1E3',
    '90071992547409.931',
    '12345678901234567',
    '-12345678901234567',
    '-10.00',
    '-0.0',
    '1.50e-7',
    '100000000000000000000000',
  ])('come as text if JSON.parse would lose digits: %s', (digits) => {
    expect(parseExactly(Buffer.from(`{"Amount" : ${digits}}`))).toEqual({
      value: { Amount: digits },
      hasTextNumbers: true,
    });
    expect(valueOf(`{"a":[1,${digits}, {"b":${digits}}],"c":1.10}`)).toEqual({
      a: [1, digits, { b: digits }],
      c: '1.10',
    });
  });

  it.each(['0', '1', '-1', '12.5', '-0.25', '9007199254740991', '1234567890123456', '123456.78'])(
    'stay numbers if JSON.parse keeps their digits: %s',
    (digits) => {
      expect(parseExactly(Buffer.from(`{"a":${digits}}`))).toEqual({
        value: { a: Number(digits) },
        hasTextNumbers: false,
      });
    },
  );

  it('keeps the digits of 90071992547409.93', () => {
    expect(String((valueOf('{"a":90071992547409.93}') as { a: unknown }).a)).toBe(
      '90071992547409.93',
    );
  });

  it('come as text in lists of numbers, too', () => {
    expect(valueOf('{"a":[ 1, 2.5, 10.00]}')).toEqual({ a: [1, 2.5, '10.00'] });
  });

  it('does not change texts that look like numbers, or like JSON with numbers', () => {
    const texts = { a: '10.00', b: '": 10.00, "x": 1e3', c: 'back\\', d: '\\"', e: '\\\\": 1.10' };
    const body = JSON.stringify({ ...texts, f: 1 }).replace('"f":1', '"f":1.10');
    expect(valueOf(body)).toEqual({ ...texts, f: '1.10' });
  });

  it.each(['01.0', '1.', '.50', '--1.0', '1.0 2.0', '+1.0', '1.0'].map((n) => `{"a":${n}`))(
    'does not make %s JSON',
    (body) => {
      expect(() => valueOf(body.endsWith(':1.0') ? body : `${body}}`)).toThrow(SyntaxError);
    },
  );
});

describe('characters', () => {
  it('leaves U+0000 out, raw and escaped, also in names', () => {
    expect(valueOf('{"a":"SHOP\\u0000 11","b\\u0000":"x\0y"}')).toEqual({ a: 'SHOP 11', b: 'xy' });
    expect(valueOf('{"a":"\\\\u0000"}')).toEqual({ a: '\\u0000' });
  });

  it('puts U+FFFD in the place of half characters, and keeps whole ones', () => {
    const body = String.raw`{"a":"\ud83d","b":"\ude00\ud83d x","c":"\uD83D\uDE00","d":"\\ud83d","e":"\ud83d\u0000\ude00"}`;
    expect(valueOf(body)).toEqual({
      a: '\ufffd',
      b: '\ufffd\ufffd x',
      c: '😀',
      d: '\\ud83d',
      e: '\ufffd\ufffd',
    });
  });

  it('ignores a byte order mark', () => {
    expect(valueOf('\ufeff{"a":"ü"}')).toEqual({ a: 'ü' });
  });

  it.each([
    ['ISO-8859-1', Buffer.from('{"a":"\xfc"}', 'latin1')],
    ['"iso-8859-1"', Buffer.from('{"a":"\xfc"}', 'latin1')],
    ['windows-1252', Buffer.from('{"a":"\xfc"}', 'latin1')],
    ['utf-16le', Buffer.from('{"a":"ü"}', 'utf16le')],
    ['UTF-16', Buffer.from('\ufeff{"a":"ü"}', 'utf16le')],
    ['utf-16be', Buffer.from('{"a":"ü"}', 'utf16le').swap16()],
    ['UTF-16', Buffer.from('\ufeff{"a":"ü"}', 'utf16le').swap16()],
    ['no-such-charset', Buffer.from('{"a":"ü"}')],
  ])('decodes the charset %s', (charset, body) => {
    expect(valueOf(body, `application/json;charset=${charset}`)).toEqual({ a: 'ü' });
    // UTF-16 is recognized also if the header does not name it.
    if (charset.includes('16')) expect(valueOf(body, 'application/json')).toEqual({ a: 'ü' });
  });

  it('keeps text that was encoded twice as the bank sent it', () => {
    expect(valueOf('{"a":"Ã¼ber &amp;amp; &#233;"}')).toEqual({ a: 'Ã¼ber &amp;amp; &#233;' });
  });
});

it('leaves out members with the name __proto__, however it is written', () => {
  const body = String.raw`{"__proto__":{"x":1},"a":[{"\u005f_proto__":2,"b":1}],"__pro\u0000to__":3}`;
  const value = valueOf(body);
  expect(JSON.stringify(value)).toBe('{"a":[{"b":1}]}');
  expect(Object.assign({}, value)).not.toHaveProperty('x');
  expect(valueOf('{"a":"__proto__"}')).toEqual({ a: '__proto__' });
});

describe('a hostile body', () => {
  const size = 1_000_000;

  // A pass that is not linear would take hours for these.
  it.each([
    ['quotation marks without an end', `{"a":1.10,"${'\\"'.repeat(size)}`],
    ['backslashes', `{"a":1.10,"${'\\'.repeat(size)}`],
    ['quotation marks and colons', `{"a":1.10,${'":'.repeat(size)}`],
    ['spaces after quotation marks', `{"a":1.10,${'" '.repeat(size)}`],
    ['spaces', `{"a"${' '.repeat(size)}`],
    ['minus signs', `{"a":1.10,${'-'.repeat(size)}`],
    ['open lists', '['.repeat(size)],
    ['open escapes', `{"a":"${'\\u00'.repeat(size)}`],
  ])('with %s is refused in one pass', (_, body) => {
    expect(() => valueOf(body)).toThrow(SyntaxError);
  });

  it('with a long number is read in one pass', () => {
    const digits = '1'.repeat(size);
    expect(valueOf(`{"a":${digits}}`)).toEqual({ a: digits });
  });

  it('with deep lists and a member __proto__ is read', () => {
    const lists = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(valueOf(`{"__proto__":1,"a":${lists}}`)).toHaveProperty('a');
  });
});
