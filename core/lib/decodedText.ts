/** A text without its escapes. Each of its characters has its place in the text before. */
export interface DecodedText {
  readonly text: string;
  /** For each character, the index in the text before at which its escape begins. */
  readonly starts: Int32Array;
  /** For each character, the index in the text before at which its escape ends (exclusive). */
  readonly ends: Int32Array;
}

/** How often a text may be escaped: a bank escapes for a form, for JSON and for HTML, one after another. */
const ROUNDS = 4;

/** Escapes of forms (RFC 3986 §2.1), JSON (RFC 8259 §7), JavaScript and HTML. */
const ESCAPES =
  /%([\da-f]{2})|\\u([\da-f]{4})|\\x([\da-f]{2})|\\(["'\\/])|&#x([\da-f]{1,6});?|&#(\d{1,7});?|&(amp|lt|gt|quot|apos|sol|plus|equals|percnt|period|lowbar|hyphen|dash|colon|num|bsol);/gi;

const named: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", sol: '/', plus: '+', equals: '=' },
  ...{ percnt: '%', period: '.', lowbar: '_', hyphen: '-', dash: '-', colon: ':', num: '#' },
  bsol: '\\',
};

/** A text without escapes, however often it was escaped. */
export function decodedText(text: string): DecodedText {
  const all = new Int32Array(text.length + 1);
  for (let index = 0; index <= text.length; index++) all[index] = index;
  let decoded: DecodedText = { text, starts: all, ends: all.subarray(1) };
  for (let round = 0; round < ROUNDS; round++) {
    const next = decodedOnce(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded;
}

function decodedOnce(given: DecodedText): DecodedText {
  const matches = [...given.text.matchAll(ESCAPES)];
  if (matches.length === 0) return given;
  const parts: string[] = [];
  const starts = new Int32Array(given.text.length);
  const ends = new Int32Array(given.text.length);
  let count = 0;
  let at = 0;
  const copyTo = (end: number) => {
    parts.push(given.text.slice(at, end));
    for (; at < end; at++) {
      starts[count] = given.starts[at]!;
      ends[count++] = given.ends[at]!;
    }
  };
  for (const match of matches) {
    const { index } = match;
    copyTo(index);
    at = index + match[0].length;
    parts.push(characterOf(match));
    starts[count] = given.starts[index]!;
    ends[count++] = given.ends[at - 1]!;
  }
  copyTo(given.text.length);
  return { text: parts.join(''), starts, ends };
}

/** The one UTF-16 unit that an escape stands for; a space for characters that need two of them, which no secret has. */
function characterOf([, percent, unicode, short, plain, hex, decimal, name]: RegExpMatchArray) {
  if (plain !== undefined) return plain;
  if (name !== undefined) return named[name.toLowerCase()]!;
  const code =
    decimal === undefined ? parseInt((percent ?? unicode ?? short ?? hex)!, 16) : Number(decimal);
  return code <= 0xffff ? String.fromCharCode(code) : ' ';
}
