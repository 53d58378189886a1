import { HIDDEN, secretHider, type SecretHider } from './hiddenSecrets';
import { withoutTokenWords } from './tokenWords';
import { UNSEEN_CHARACTERS } from './visible';

/** Maximum number of characters that are shown. */
const MAXIMUM = 500;

/** Maximum number of characters that are searched: a body may have a megabyte, and a pattern may take long for it. */
const LOOKED_AT = 8 * MAXIMUM;

/** Unseen characters, white space, and characters that have no meaning outside one program or no form of their own. */
const INVISIBLE = new RegExp(String.raw`[${UNSEEN_CHARACTERS}\p{Co}\s]+`, 'gu');

/**
 * A text of a bank that can be shown: without invisible characters and secrets, and cut at 500 characters.
 * Secrets are hidden because some servers repeat the request in their answer, in whatever form, see `secretHider`. JWTs, keys in PEM and long
 * words that look like a token are hidden, too.
 *
 * @param secrets values of the request that must not be shown, or a function that hides them
 * @returns an empty string if the value is neither a text nor a number
 */
export function displayText(value: unknown, secrets: readonly string[] | SecretHider): string {
  const hide = typeof secrets === 'function' ? secrets : secretHider(secrets);
  return shownText(value, (text) => withoutTokenWords(withoutKeysAndJwts(hide(text))));
}

/** As {@link displayText}, for a value that is no echo of a request and may be long and random, for example an identifier. */
export function plainText(value: unknown): string {
  return shownText(value, withoutKeysAndJwts);
}

function shownText(value: unknown, change: (text: string) => string): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  return change(String(value).slice(0, LOOKED_AT))
    .replace(INVISIBLE, ' ')
    .trim()
    .slice(0, MAXIMUM)
    .replace(/[\ud800-\udbff]$/, '');
}

/** Names of secrets with a value after them, as in a form or in JSON. */
const NAMED =
  /((?:access|refresh|id)[_-]?token|client[_-]?(?:assertion|secret)|code[_-]?verifier|assertion|password)(["'\\\s]{0,4}[:=]["'\\\s]{0,4})[^\s"'\\&,;<>{}]{12,}/gi;

function withoutKeysAndJwts(text: string): string {
  return (
    text
      // A key or certificate in PEM, to its end.
      .replace(/-----BEGIN [^]*/, HIDDEN)
      // A JWS or JWE in compact form (RFC 7515 §7.1), also cut off.
      .replace(/\beyJ[\w-]{8,}(?:\.[\w.-]*)?/g, HIDDEN)
      .replace(NAMED, `$1$2${HIDDEN}`)
  );
}
