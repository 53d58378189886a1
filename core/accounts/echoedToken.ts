import { HIDDEN } from '../lib/hiddenSecrets';

/** Minimum characters of a token that is looked for: a shorter one could be a part of any word. */
const SHORTEST = 8;

/** An escape of a character that a token can have. */
const RELEVANT_ESCAPE = /\\u00[2-7]/;

/** An escape of a character that a token can have, or another escape. */
const ESCAPES = /\\(?:u00([2-7][\da-fA-F])|([^]))/g;

/**
 * JSON without the access tokens of its request, which some servers repeat: account data goes into items, and items into n8n's database. A
 * token is found as it is and escaped for JSON, whole. In another encoding, such as base64, it is not.
 *
 * @param json already decoded, and without U+0000, which could split a token
 * @returns the same text if no token is in it
 */
export function withoutEchoedTokens(json: string, tokens: readonly string[]): string {
  const forms = tokens
    .filter(({ length }) => length >= SHORTEST)
    .map((token) => JSON.stringify(token).slice(1, -1));
  if (forms.length === 0) return json;
  const text = mayHideInEscapes(json, forms) ? withoutEscapes(json) : json;
  if (!forms.some((form) => text.includes(form))) return json;
  return forms.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
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
