/** Maximum number of characters that are shown. */
const MAXIMUM = 500;

/** Maximum number of characters that are searched: a body may have a megabyte, and a pattern may take long for it. */
const LOOKED_AT = 8 * MAXIMUM;

/**
 * A text of a bank that can be shown: without control characters and secrets, and cut at 500 characters.
 * Secrets are hidden because some servers repeat the request in their answer; JWTs are hidden, too.
 *
 * @param secrets values of the request that must not be shown
 * @returns an empty string if the value is neither a text nor a number
 */
export function displayText(value: unknown, secrets: readonly string[]): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  let text = String(value);
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret)]) {
      if (form.length >= 4) text = text.replaceAll(form, '[hidden]');
    }
  }
  return (
    text
      .slice(0, LOOKED_AT)
      // A key or certificate in PEM, to its end.
      .replace(/-----BEGIN [^]*/, '[hidden]')
      // A JWS or JWE in compact form (RFC 7515 §7.1).
      .replace(/\beyJ[\w-]+\.[\w-]*\.[\w.-]*/g, '[hidden]')
      // Control characters, also line breaks and direction marks, which could forge lines of a log.
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim()
      .slice(0, MAXIMUM)
  );
}

/** As {@link displayText}, for a value that is no echo of a request and may be long and random, for example an identifier. */
export function plainText(value: unknown): string {
  return displayText(value, []);
}
