import { decodedBody } from './decodedBody';
import { withoutEchoedTokens } from './echoedToken';

/** JSON that was read without a loss. */
export interface ExactJson {
  readonly value: unknown;
  /** Whether numbers came as text, because `JSON.parse` would have lost digits of them. */
  readonly hasTextNumbers: boolean;
}

/** JSON that was read. */
export interface ReadJson {
  /** Numbers are as `JSON.parse` reads them, see {@link withExactNumbers}. */
  readonly value: unknown;
  /** The text that was read: without what no value may have. */
  readonly text: string;
  /** Whether a secret was in the JSON. */
  readonly hadSecrets: boolean;
}

/**
 * A number after the name of a member that may lose digits: it has a point, an exponent, or 16 digits or more. Or a list of numbers. Numbers
 * behind a comma are not looked for, because texts have them, too: no list of the standard has both numbers and other values.
 */
const RISKY_NUMBER = /"\s*:\s*-?(?:\d{1,15}[.eE]|\d{16})|\[\s*-?\d/;

/** Digits from which on a number without point and exponent may lose some. */
const SAFE_DIGITS = 15;

/** Escapes of U+0000 and of surrogates. */
const RISKY_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/** A pair of escaped surrogates, another escaped UTF-16 unit, or another escape. */
const ESCAPES =
  /\\(?:u([dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2})|u([\da-fA-F]{4})|[^])/g;

/** Escapes of letters of `__proto__`. */
const ESCAPED_PROTO = /\\u00[567]/;

/**
 * Reads JSON (RFC 8259). U+0000 and members `__proto__` are left out, and half characters (lone surrogates) become U+FFFD, because databases
 * refuse or misread them.
 *
 * It takes time that grows with the length of the body alone.
 *
 * @param contentType the header, for its charset
 * @param secrets access tokens that must not be in the value, see {@link withoutEchoedTokens}
 * @throws SyntaxError if the body is no JSON
 */
export function readJson(
  body: Buffer,
  contentType?: string,
  secrets: readonly string[] = [],
): ReadJson {
  const given = decodedBody(body, contentType);
  // Most bodies have none, and this test is much faster than a pattern.
  const hasEscapes = given.includes('\\u');
  const storable = hasEscapes && RISKY_ESCAPE.test(given) ? withoutRiskyEscapes(given) : given;
  const text = withoutEchoedTokens(storable, secrets);
  return { value: valueOf(text), text, hadSecrets: text !== storable };
}

/**
 * The value with numbers as text if `JSON.parse` changes their digits, for example `10.00`, `1e3` or 17 digits. Other numbers stay numbers. It
 * takes much longer than to read the JSON, and makes a difference only if there are numbers: most banks send amounts as text.
 *
 * @returns the same value if no number loses digits
 */
export function withExactNumbers({ value, text }: ReadJson): unknown {
  const exact = RISKY_NUMBER.test(text) ? withTextNumbers(text) : text;
  return exact === text ? value : valueOf(exact);
}

/** Reads JSON as {@link readJson}, with exact numbers. @throws SyntaxError if the body is no JSON */
export function parseExactly(
  body: Buffer,
  contentType?: string,
  secrets?: readonly string[],
): ExactJson {
  const json = readJson(body, contentType, secrets);
  const value = withExactNumbers(json);
  return { value, hasTextNumbers: value !== json.value };
}

function valueOf(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  if (text.includes('__proto__') || (text.includes('\\u') && ESCAPED_PROTO.test(text))) {
    removeProto(value);
  }
  return value;
}

/** JSON without escapes of U+0000, and with U+FFFD in the place of lone surrogates. */
function withoutRiskyEscapes(text: string): string {
  return text.replace(ESCAPES, (escape, pair?: string, unit?: string) => {
    if (pair !== undefined || unit === undefined) return escape;
    if (unit === '0000') return '';
    return /^d[89a-f]/i.test(unit) ? '\ufffd' : escape;
  });
}

/** JSON with quotation marks around the numbers that would lose digits. Texts in it do not change. */
function withTextNumbers(text: string): string {
  const parts: string[] = [];
  const next = /["\d-]/g;
  const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  let copied = 0;
  for (let match = next.exec(text); match; match = next.exec(text)) {
    if (match[0] === '"') {
      next.lastIndex = endOfText(text, match.index);
      continue;
    }
    number.lastIndex = match.index;
    const [digits] = number.exec(text) ?? [];
    if (digits === undefined) continue;
    next.lastIndex = number.lastIndex;
    if (!isLossy(digits)) continue;
    parts.push(text.slice(copied, match.index), `"${digits}"`);
    copied = number.lastIndex;
  }
  return parts.length > 0 ? parts.join('') + text.slice(copied) : text;
}

/** The index after a JSON text. @param start of its first quotation mark */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === '\\') before--;
    if ((end - before) % 2 === 0) return end + 1;
  }
  return text.length;
}

function isLossy(digits: string): boolean {
  // `-0` loses only its sign.
  if (digits.length <= SAFE_DIGITS && !/[.eE]/.test(digits)) return false;
  return String(Number(digits)) !== digits;
}

/** Removes members `__proto__` at all levels: a copy of an object with one may get another prototype. */
function removeProto(root: unknown): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) delete (value as Record<string, unknown>)['__proto__'];
    for (const member of Object.values(value)) open.push(member);
  }
}
