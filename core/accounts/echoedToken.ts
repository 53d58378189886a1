import { HIDDEN } from '../lib/hiddenSecrets';

/** Minimum characters of a token that is looked for: a shorter one could be a part of any word. */
const SHORTEST = 8;

/**
 * The body of an answer without the access token of its request, which some servers repeat: account data goes into items, and items into
 * n8n's database. The token is found as it is, and with the `/` of JSON escaped.
 *
 * @returns the same body if the token is not in it
 */
export function withoutEchoedToken(body: Buffer, token: string): Buffer {
  if (token.length < SHORTEST) return body;
  const forms = [token, token.replaceAll('/', '\\/')].filter((form) => body.includes(form));
  if (forms.length === 0) return body;
  // Latin-1 keeps each byte.
  const text = forms.reduce((rest, form) => rest.replaceAll(form, HIDDEN), body.toString('latin1'));
  return Buffer.from(text, 'latin1');
}

/** The remark that a token was hidden. */
export const TOKEN_HIDDEN =
  'The bank repeated the access token in its data. It was replaced by "[hidden]". Show this to the bank.';
