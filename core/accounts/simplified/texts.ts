/** Line breaks and tabs, as controls or as separators of Unicode. */
const BREAKS = /[\t\n\v\f\r\u2028\u2029]+/g;

/** ASCII controls that are no line break and no tab. PostgreSQL refuses U+0000; a terminal may obey the others. */
const CONTROLS = /[\0-\x08\x0e-\x1f\x7f]/g;

/** Halves of characters beyond U+FFFF whose other half is missing: with the flag `u`, whole pairs do not match. */
const LONE_HALVES = /[\ud800-\udfff]/gu;

/** Characters for which a text is changed at all. Most texts have none. */
const UNCLEAN = /[\0-\x1f\x7f\u2028\u2029\ud800-\udfff]/;

/**
 * A text for an item, which every database accepts: a run of line breaks and tabs is one space, other ASCII controls are removed, a lone
 * half of a character is U+FFFD, and there is no space at the ends. Everything else stays as the bank sent it.
 *
 * C1 controls (U+0080 to U+009F) stay, too: a text that the bank decoded wrongly contains them, and can be mended only with them.
 *
 * @returns `undefined` if the value is no text and no number, or nothing but space
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return typeof value === 'number' ? String(value) : undefined;
  }
  if (!UNCLEAN.test(value)) return value.trim() || undefined;
  const clean = value.replace(BREAKS, ' ').replace(CONTROLS, '').replace(LONE_HALVES, '\ufffd');
  return clean.trim() || undefined;
}

/**
 * An identifier of the bank for an item: its own text, spaces included, without U+0000 and lone halves of characters.
 *
 * @returns `undefined` if the value is no text and no number, or nothing but space
 */
export function identifierOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  if (!UNCLEAN.test(value)) return value;
  const clean = value.replaceAll('\0', '').replace(LONE_HALVES, '\ufffd');
  return clean.trim() === '' ? undefined : clean;
}
