const utf8 = new TextDecoder();

/** Parses the JSON of a body; `undefined` if it is none. A byte order mark, which some gateways send, is ignored. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object: neither a list nor `null`. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
