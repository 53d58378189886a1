const utf8 = new TextDecoder();

/** The JSON of a body, or nothing where it is none. A byte order mark, which some gateways put in front, is passed over. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object: no list, no null. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
