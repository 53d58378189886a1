import { HIDDEN } from '../lib/hiddenSecrets';

/** Minimum characters of a token that is looked for: a shorter one could be a part of any word. */
const SHORTEST = 8;

/** Bytes at the end of a token by which its encoded forms are found. Other tokens may begin alike, for example JWTs of one bank. */
const END = 48;

/** For each character of ASCII, 1 if it is one of base64, base64url and hexadecimal, or of escapes in them. */
const ENCODED = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w+/=\\-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** An escape of a character that a token can have. */
const RELEVANT_ESCAPE = /\\u00[2-7]/;

/** An escape of a character that a token can have, or another escape. */
const ESCAPES = /\\(?:u00([2-7][\da-fA-F])|([^]))/g;

/**
 * JSON without the access tokens of its request, which some servers repeat: account data goes into items, and items into n8n's database. A
 * token is found whole: as it is, escaped for JSON, and in base64, base64url and hexadecimal, also as a part of a longer encoded text, which then
 * is replaced as a whole. A token that is encoded twice, or in lines, is not found.
 *
 * @param json already decoded, and without U+0000, which could split a token
 * @returns the same text if no token is in it
 */
export function withoutEchoedTokens(json: string, tokens: readonly string[]): string {
  const long = tokens.filter(({ length }) => length >= SHORTEST);
  const forms = long.map((token) => JSON.stringify(token).slice(1, -1));
  if (forms.length === 0) return json;
  const text = mayHideInEscapes(json, forms) ? withoutEscapes(json) : json;
  const found = forms.filter((form) => text.includes(form));
  const signs = mayHaveEncoded(text, long) ? long.flatMap(encodedSigns) : [];
  const encoded = signs.filter((sign) => text.includes(sign));
  if (found.length === 0 && encoded.length === 0) return json;
  const plain = found.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
  return encoded.reduce(withoutEncoded, plain);
}

/** Whether a text has a word that is as long as an encoded token. Most pages have none, and it takes a fraction of the time of a search. */
function mayHaveEncoded(text: string, tokens: readonly string[]): boolean {
  const shortest = Math.min(...tokens.map(({ length }) => length));
  // Base64 is the shortest form, and has four characters for three. Its first and last ones may belong to other bytes.
  const size = Math.floor((shortest * 4) / 3) - 3;
  // Read from its end, most words show at once that they are shorter, so that most characters need no look.
  for (let from = 0; from + size <= text.length;) {
    const start = startOfEncoded(text, from + size, from);
    if (start === from) return true;
    from = start;
  }
  return false;
}

function isEncoded(text: string, at: number): boolean {
  return ENCODED[text.charCodeAt(at)] === 1;
}

/** The first character of the encoded text before a place. @param least no character before it is looked at */
function startOfEncoded(text: string, at: number, least: number): number {
  let start = at;
  while (start > least && isEncoded(text, start - 1)) start--;
  return start;
}

/** The place behind the encoded text around a place. */
function endOfEncoded(text: string, at: number): number {
  let end = at;
  while (isEncoded(text, end)) end++;
  return end;
}

/** A part of each encoded form of a token, in letters and digits: these are the same in base64 and base64url, and need no escape. */
function encodedSigns(token: string): string[] {
  const end = Buffer.from(token).subarray(-END);
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), end]).toString('base64');
    // The first characters also encode the bytes before, and the last one those after it.
    const bits = (before + end.length) * 8;
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
  });
  const hex = end.toString('hex');
  return [...base64, hex, hex.toUpperCase()]
    .map(longestWord)
    .filter(({ length }) => length >= SHORTEST);
}

function longestWord(text: string): string {
  return text.split(/[+/]/).reduce((one, other) => (other.length > one.length ? other : one));
}

/** A text without the encoded texts that contain a sign. */
function withoutEncoded(text: string, sign: string): string {
  const parts: string[] = [];
  let shown = 0;
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, shown)) {
    const start = startOfEncoded(text, at, shown);
    let end = endOfEncoded(text, at);
    // They escape the quotation mark behind them.
    while (text[end - 1] === '\\') end--;
    parts.push(text.slice(shown, start), HIDDEN);
    shown = end;
  }
  return parts.join('') + text.slice(shown);
}

/** Most pages have no such escapes, so they are not rewritten. */
function mayHideInEscapes(json: string, forms: readonly string[]): boolean {
  if (json.includes('\\/') && forms.some((form) => form.includes('/'))) return true;
  return json.includes('\\u00') && RELEVANT_ESCAPE.test(json);
}

/** The same JSON without escapes of ASCII characters that need none. */
function withoutEscapes(json: string): string {
  return json.replace(ESCAPES, (escape, code?: string, other?: string) => {
    if (code !== undefined) {
      const character = String.fromCharCode(parseInt(code, 16));
      return JSON.stringify(character).slice(1, -1);
    }
    return other === '/' ? other : escape;
  });
}

/** The remark that a token was hidden. */
export const TOKEN_HIDDEN =
  'The bank repeated the access token in its data. It was replaced by "[hidden]". Show this to the bank.';
