const utf8 = new TextDecoder();

/** Parses the JSON of a body; `undefined` if it is none. A byte order mark, which some gateways send, is ignored. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** The value of a field for JSON: that of a text, `undefined` if the text is no JSON; a value that an expression yields as it is. */
export function jsonValue(field: unknown): unknown {
  return typeof field === 'string' ? parseJson(Buffer.from(field)) : field;
}

/** Whether a value is a JSON object: neither a list nor `null`. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object without its members that are `null` or an empty text: some servers write absent members so. */
export function withoutEmpty(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== null && member !== ''),
  );
}

/**
 * Whether objects and lists are nested deeper in a value than allowed. It looks no deeper than that: a hostile body can be nested so deep
 * that a function which visits all of it ends in a stack overflow.
 *
 * @param levels 0 allows no object and no list, 1 allows an object of plain values
 */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  // This is three times as fast as a list of the members.
  for (const name in value) {
    if (isNestedDeeper((value as Record<string, unknown>)[name], levels - 1)) return true;
  }
  return false;
}

/**
 * Whether there is no number in a value, and no nesting as {@link isNestedDeeper} finds it. It decides on most rows of a bank in one look.
 *
 * @param levels 0 allows no object and no list, 1 allows an object of plain values
 */
export function isOfTexts(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'number';
  if (levels === 0) return false;
  for (const name in value) {
    if (!isOfTexts((value as Record<string, unknown>)[name], levels - 1)) return false;
  }
  return true;
}

/** The length of a value as JSON, in bytes. @param value not nested deep */
export function serialisedBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/** The number of members and list entries in a value, at all levels; one more than the maximum if there are more. @param value not nested deep */
export function countedEntries(value: unknown, maximum: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  const entries: unknown[] = Object.values(value);
  let count = entries.length;
  for (const entry of entries) {
    if (count > maximum) return maximum + 1;
    count += countedEntries(entry, maximum - count);
  }
  return Math.min(count, maximum + 1);
}
