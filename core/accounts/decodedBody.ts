/** The charset in a `Content-Type` header (RFC 9110 §8.3.2). */
const CHARSET = /;\s*charset\s*=\s*"?\s*([\w.:+-]+)/i;

/** Characters of a header that are looked at: with many blanks in a long one, the pattern would take quadratic time. */
const MAXIMUM_TYPE = 200;

/**
 * The text of a body. A byte order mark decides on its encoding, else the charset of the header, else it is UTF-8, as it should be
 * (RFC 8259 §8.1). UTF-16 is recognized also without either. U+0000 is left out.
 *
 * @param contentType the header
 */
export function decodedBody(body: Buffer, contentType = ''): string {
  const text = decoded(body, contentType);
  // Only UTF-8 could have them by mistake, and JSON allows them nowhere.
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}

function decoded(body: Buffer, contentType: string): string {
  // Not as a list: that takes many times as long.
  const first = body[0];
  const second = body[1];
  const third = body[2];
  if (first === 0xef && second === 0xbb && third === 0xbf) return body.toString('utf8', 3);
  if (first === 0xff && second === 0xfe) return decodedAs('utf-16le', body);
  if (first === 0xfe && second === 0xff) return decodedAs('utf-16be', body);
  const charset = CHARSET.exec(contentType.slice(0, MAXIMUM_TYPE))?.[1]?.toLowerCase() ?? 'utf-8';
  // JSON begins with two ASCII characters, or is one of them.
  if (first !== 0 && second === 0 && body[2] !== 0) return decodedAs('utf-16le', body);
  if (first === 0 && second !== 0) return decodedAs('utf-16be', body);
  return charset === 'utf-8' || charset.startsWith('utf-16')
    ? body.toString('utf8')
    : decodedAs(charset, body);
}

function decodedAs(charset: string, body: Buffer): string {
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    // A charset that nobody knows.
    return body.toString('utf8');
  }
}
