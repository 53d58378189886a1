/** Maximum number of bytes of a `100 Continue`. */
const MAXIMUM = 16 * 1024;

const BEGINNINGS = ['HTTP/1.1 100', 'HTTP/1.0 100'];

/**
 * The length of the `100 Continue` (RFC 9110 §15.2.1) at the beginning of an answer.
 *
 * @param bytes the beginning of an answer, not empty
 * @returns 0 if there is none; `undefined` if more bytes are needed to know
 */
export function interimLength(bytes: Buffer): number | undefined {
  const beginning = bytes.toString('latin1', 0, BEGINNINGS[0]!.length);
  if (!BEGINNINGS.some((status) => status.startsWith(beginning))) return 0;
  const head = bytes.toString('latin1', 0, MAXIMUM);
  const end = /\r?\n\r?\n/.exec(head);
  if (end) return /^.{12}[ \r\n]/.test(head) ? end.index + end[0].length : 0;
  return bytes.length < MAXIMUM ? undefined : 0;
}
