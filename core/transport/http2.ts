/** Code of the failure of an answer in HTTP/2. */
export const HTTP2 = 'HTTP/2';

/** Length of the header of a frame (RFC 9113 §4.1). */
const HEADER = 9;

const SETTINGS = 4;
const GOAWAY = 7;

/**
 * Whether an answer begins with a frame of HTTP/2. A server begins with `SETTINGS` (RFC 9113 §3.4), or refuses the connection with `GOAWAY`.
 *
 * @param bytes the beginning of an answer
 */
export function isHttp2(bytes: Buffer): boolean {
  if (bytes.length < HEADER) return false;
  // Both frames belong to the connection, which is stream 0.
  return [SETTINGS, GOAWAY].includes(bytes[3]!) && bytes.readUInt32BE(5) === 0;
}
