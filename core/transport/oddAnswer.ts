import { encodingsOf, MAXIMUM_BODY } from './body';
import { readOddBody, type FoundObject, type IsWanted } from './oddBody';
import type { Judgement } from './recording';

/** Maximum number of bytes of the status line and headers: 256 KiB. */
const MAXIMUM_HEAD = 256 * 1024;

/** Maximum number of bytes of the size of a chunk, with its extensions. */
const MAXIMUM_SIZE_LINE = 1024;

/** Maximum number of different lengths that are tried. */
const MAXIMUM_LENGTHS = 4;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** An answer with a success status and a wanted JSON object. */
export interface OddAnswer extends FoundObject {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Labels of the body in `Content-Encoding`, in lower case. */
  readonly encodings: readonly string[];
}

/** Whether a status is a success (RFC 9110 §15.3). */
export function isSuccessStatus(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** The status line and headers of an answer. */
interface Head {
  readonly status: number;
  readonly headers: Map<string, string>;
  /** Index of the first byte behind them. */
  readonly end: number;
}

/**
 * Reads an answer that breaks the rules of HTTP (RFC 9112), or whose end is missing.
 *
 * It reads folded headers, spaces before a colon, control characters in a value, lines without a colon, line feeds without a carriage
 * return, several or wrong lengths, a length beside chunks, chunks without an end, and a body that is not packed as its label says.
 * Such lenience would be dangerous if another answer followed, so the connection must not be used again.
 *
 * @param bytes what a server sent in one exchange, from its first byte
 * @returns `undefined` if there is no answer with a status from 200 to 299 and a wanted JSON object
 */
export function readOddAnswer(bytes: Buffer, isWanted: IsWanted): OddAnswer | undefined {
  const head = finalHead(bytes);
  if (!head || !isSuccessStatus(head.status)) return undefined;
  const headers = Object.fromEntries(head.headers);
  const encodings = encodingsOf(head.headers.get('content-encoding'));
  for (const body of possibleBodies(bytes.subarray(head.end), head.headers)) {
    const found = body.length <= MAXIMUM_BODY && readOddBody(body, encodings, isWanted);
    if (found) return { status: head.status, headers, encodings, ...found };
  }
  return undefined;
}

/**
 * Whether the first bytes of an answer hold a wanted JSON object with a success status. See {@link readOddAnswer}.
 */
export function judgeOddAnswer(bytes: Buffer, isWanted: IsWanted): Judgement {
  const head = finalHead(bytes);
  if (!head) return isBeginningOfHead(bytes) ? 'more' : 'hopeless';
  if (!isSuccessStatus(head.status)) return 'hopeless';
  return readOddAnswer(bytes, isWanted) ? 'enough' : 'more';
}

function isBeginningOfHead(bytes: Buffer): boolean {
  const name = 'HTTP';
  const start = bytes.toString('latin1', 0, 64).trimStart().slice(0, name.length).toUpperCase();
  return name.startsWith(start) && bytes.length < MAXIMUM_HEAD;
}

/** The head of the answer, behind those of interim answers (1xx without 101, which ends HTTP). */
function finalHead(bytes: Buffer): Head | undefined {
  const text = bytes.toString('latin1', 0, MAXIMUM_HEAD);
  let head = headAt(text, 0);
  while (head && head.status < 200 && head.status !== 101) head = headAt(text, head.end);
  return head;
}

function headAt(text: string, start: number): Head | undefined {
  // RFC 9112 §2.2: empty lines may come first.
  const status = /^[\r\n]*HTTP(?:\/\d+(?:\.\d+)?)?[ \t]+(\d{3})(?!\d)/i.exec(
    text.slice(start, start + 64),
  );
  if (!status) return undefined;
  let at = text.indexOf('\n', start + status[0].length) + 1;
  const lines: string[] = [];
  while (at > 0) {
    const end = text.indexOf('\n', at);
    if (end === -1) return undefined;
    const line = text.slice(at, end).replace(/\r$/, '');
    at = end + 1;
    if (line === '') return { status: Number(status[1]), headers: headersOf(lines), end: at };
    // A folded line (RFC 9112 §5.2).
    if (/^[ \t]/.test(line) && lines.length > 0) lines.push(`${lines.pop()} ${line}`);
    else lines.push(line);
  }
  return undefined;
}

/** Values of the same name are joined, and lines without a name are left out. */
function headersOf(lines: string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name === '') continue;
    const value = line
      .slice(colon + 1)
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return headers;
}

/** The possible bodies, the likeliest first. */
function* possibleBodies(rest: Buffer, headers: Map<string, string>): Generator<Buffer> {
  const chunks = fromChunks(rest);
  if (chunks) yield chunks;
  const lengths = headers.get('content-length')?.match(/\d{1,9}/g) ?? [];
  for (const length of lengths.slice(0, MAXIMUM_LENGTHS)) {
    if (Number(length) < rest.length) yield rest.subarray(0, Number(length));
  }
  yield rest;
}

/** The data of chunks (RFC 9112 §7.1), up to the last one or the first that is malformed. @returns `undefined` if the first one is */
function fromChunks(rest: Buffer): Buffer | undefined {
  const data = Buffer.allocUnsafe(rest.length);
  let length = 0;
  let at = 0;
  for (;;) {
    while (rest[at] === CARRIAGE_RETURN || rest[at] === LINE_FEED) at++;
    const end = rest.indexOf(LINE_FEED, at);
    if (end === -1 || end - at > MAXIMUM_SIZE_LINE) break;
    const [, size] =
      /^[ \t]*([\da-f]{1,8})[ \t\r]*(?:;|$)/i.exec(rest.toString('latin1', at, end)) ?? [];
    if (size === undefined || parseInt(size, 16) === 0) break;
    at = end + 1;
    length += rest.copy(data, length, at, at + parseInt(size, 16));
    at += parseInt(size, 16);
  }
  return length > 0 ? data.subarray(0, length) : undefined;
}
