import { withoutEchoedTokens } from '../../core/accounts/echoedToken';
import { readPage } from '../../core/accounts/page';
import { Remarks } from '../../core/lib/remarks';
import { BASE } from './pageSource';

const TOKEN = 'eyJ/hbGciOiJIUzI1NiJ9.e30-x==';

const without = (json: string) => withoutEchoedTokens(json, [TOKEN]);

const escaped = (text: string, digits = (code: string) => code) =>
  Array.from(text, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${digits(code)}`;
  }).join('');

/** The rows of a page with a body, and the warnings. */
function rowsOf(body: Buffer, secrets = [TOKEN]) {
  const remarks = new Remarks();
  const answer = { status: 200, headers: {}, url: BASE, interactionId: 'interaction-1', secrets };
  const asked = { path: '/accounts', member: 'Account' } as const;
  const { rows } = readPage({ ...answer, body }, asked, remarks);
  return { rows, remarks: remarks.texts };
}

const pageWith = (text: string) => `{"Data":{"Account":[{"Nickname":"a ${text} b"}]}}`;

describe('a page in which the bank repeats the access token', () => {
  it.each([
    ['as it is', Buffer.from(pageWith(TOKEN))],
    ['with one escaped character', Buffer.from(pageWith(TOKEN.replace('-', '\\u002d')))],
    ['with its slash escaped', Buffer.from(pageWith(TOKEN.replace('/', '\\/')))],
    ['with all characters escaped', Buffer.from(pageWith(escaped(TOKEN)))],
    [
      'with escapes in capitals',
      Buffer.from(pageWith(escaped(TOKEN, (code) => code.toUpperCase()))),
    ],
    ['in UTF-16', Buffer.from(`\ufeff${pageWith(TOKEN)}`, 'utf16le')],
    ['in UTF-16 without a mark', Buffer.from(pageWith(TOKEN), 'utf16le')],
    ['split by U+0000', Buffer.from(pageWith(TOKEN.replace('.', '\0.')))],
    ['split by an escaped U+0000', Buffer.from(pageWith(TOKEN.replace('.', '\\u0000.')))],
  ])('has it hidden %s', (_, body) => {
    const { rows, remarks } = rowsOf(body);
    expect(rows).toEqual([{ Nickname: 'a [hidden] b' }]);
    expect(remarks).toEqual([expect.stringContaining('repeated the access token')]);
  });

  it('has it hidden in a name of a member', () => {
    const body = Buffer.from(`{"Data":{"Account":[{"${TOKEN}":1}]}}`);
    expect(rowsOf(body).rows).toEqual([{ '[hidden]': 1 }]);
  });

  it('has each token of the request hidden', () => {
    const { rows } = rowsOf(Buffer.from(pageWith(`${TOKEN} another-token`)), [
      'another-token',
      TOKEN,
    ]);
    expect(rows).toEqual([{ Nickname: 'a [hidden] [hidden] b' }]);
  });

  it('has a token with quotation marks and backslashes hidden', () => {
    const odd = 'a"b\\c"d\\e';
    expect(rowsOf(Buffer.from(pageWith('a\\"b\\u005Cc\\u0022d\\\\e')), [odd]).rows).toEqual([
      { Nickname: 'a [hidden] b' },
    ]);
  });
});

describe('a page in which the bank repeats the access token encoded', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const long = `eyJhbGciOiJub25lIn0.${'???'.repeat(40)}.signature-of-the-token`;

  it.each([
    ['in base64', base64(TOKEN)],
    ['in base64 with escaped slashes', base64(TOKEN).replaceAll('/', '\\/')],
    ['in base64 after a byte', base64(`:${TOKEN}`)],
    ['in base64 between other bytes', base64(`Bearer ${TOKEN}, and more`)],
    ['in base64 after two bytes', base64(`ab${TOKEN}c`)],
    ['in base64url', Buffer.from(TOKEN).toString('base64url')],
    ['in hexadecimal', Buffer.from(TOKEN).toString('hex')],
    ['in hexadecimal with capitals', Buffer.from(TOKEN).toString('hex').toUpperCase()],
  ])('has it hidden %s', (_, encoded) => {
    const { rows, remarks } = rowsOf(Buffer.from(pageWith(encoded)));
    expect(rows).toEqual([{ Nickname: 'a [hidden] b' }]);
    expect(remarks).toEqual([expect.stringContaining('repeated the access token')]);
  });

  it('has it hidden at each place of a text', () => {
    const words = 'abc de.f/ghi j,k '.repeat(10);
    const encoded = base64(TOKEN);
    for (let before = 0; before < words.length; before++) {
      const [start, end] = [words.slice(0, before).trimEnd(), words.slice(before).trimStart()];
      expect(without(`${start} ${encoded} ${end}`)).toBe(`${start} [hidden] ${end}`);
    }
    expect(without(encoded)).toBe('[hidden]');
  });

  it('has all of a long one hidden, each time', () => {
    const encoded = base64(long).replaceAll('/', '\\/');
    expect(encoded).toContain('\\/');
    const { rows } = rowsOf(Buffer.from(pageWith(`${encoded}, ${encoded}`)), [long]);
    expect(rows).toEqual([{ Nickname: 'a [hidden], [hidden] b' }]);
  });

  it('leaves the page valid JSON if escapes stand beside the token', () => {
    const page = pageWith(String.raw`\\\"${base64(TOKEN)}\"\\","Next":"\n${base64(TOKEN)}\\`);
    expect(rowsOf(Buffer.from(page)).rows).toEqual([
      { Nickname: 'a \\"[hidden]"\\', Next: '[hidden]\\ b' },
    ]);
  });

  it('keeps other tokens that begin alike', () => {
    const others = ['eyJhbGciOiJub25lIn0.another.one', `${long.slice(0, 60)}.another`].map(base64);
    const { rows, remarks } = rowsOf(Buffer.from(pageWith(others.join(' '))), [long]);
    expect(rows).toEqual([{ Nickname: `a ${others.join(' ')} b` }]);
    expect(remarks).toEqual([]);
  });
});

it('changes nothing else of a text with a token', () => {
  const others = String.raw`"\\u002d \" \n \u00fc \ud83d\ude00 \\"`;
  expect(without(`[${others},"${escaped(TOKEN)}",${others}]`)).toBe(
    `[${others},"[hidden]",${others}]`,
  );
});

it('returns the same text if the token is not in it, or is too short to be told from a word', () => {
  const json = String.raw`{"Amount":"12.50","a":"\u002d\/"}`;
  expect(without(json)).toBe(json);
  expect(withoutEchoedTokens(json, ['12.50'])).toBe(json);
});
