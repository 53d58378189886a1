/** Characters of the bank's own words that are shown at most. */
const MAXIMUM = 500;

/** Characters that are looked at: a body may be a megabyte of what a pattern takes long for. */
const LOOKED_AT = 8 * MAXIMUM;

/**
 * The bank's own words, fit to be shown: without control characters, at most 500 characters long,
 * and without anything that was sent in secret or looks like a token, which some servers echo.
 *
 * @param secrets values of the request that must not be shown
 * @returns an empty string for what is no text
 */
export function bankText(value: unknown, secrets: readonly string[]): string {
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
      // A JWS or JWE in compact form (RFC 7515 §7.1).
      .replace(/\beyJ[\w-]+\.[\w-]*\.[\w.-]*/g, '[hidden]')
      // Control characters, line and direction marks included: they forge lines of a log.
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim()
      .slice(0, MAXIMUM)
  );
}
