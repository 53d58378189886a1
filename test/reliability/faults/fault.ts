import type { ConnectionOptions } from 'node:tls';

/** The next step of a server on a connection: it writes, waits, or ends it. */
export type Step = string | Buffer | { readonly pause: number } | { readonly end: End };

/**
 * How a server ends a connection: it closes its side after everything was written (`FIN`), resets the connection after everything had time
 * to arrive (`RST`), or neither writes nor closes any more (`silence`).
 */
export type End = 'FIN' | 'RST' | 'silence';

export const FIN: Step = { end: 'FIN' };

/** The tokens of an answer. */
export interface AnswerTokens {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  /** If the bank replaces the refresh token, or issues one for a code. */
  readonly refresh_token?: string;
}

/** The parts of an answer. */
export interface Given {
  /** The tokens. */
  readonly tokens: AnswerTokens;
  /** The same as JSON. */
  readonly json: string;
}

/**
 * The result that has to follow from a fault:
 * - `tokens`: an answer with tokens can be read, so they are stored and handed out;
 * - `not-sent`: no request reached the bank, so it is sent as soon as somebody asks;
 * - `unknown`: the bank may have used the refresh token, so it is sent again once the request is over for certain;
 * - `refused`: the bank refused the refresh token itself: it is tried once more after an hour;
 * - `unreadable`: a refusal that says nothing, tried once an hour;
 * - `limited`: the bank processed nothing because there were too many requests, so it is sent again after a wait;
 * - `credential`: a refusal of something else than the refresh token: it is sent again whenever somebody asks.
 */
export type Ending =
  'tokens' | 'not-sent' | 'unknown' | 'refused' | 'unreadable' | 'limited' | 'credential';

/** A fault at a token endpoint. */
export interface Fault {
  /** The fault, as a sentence that begins with "if the bank". */
  readonly title: string;
  readonly ends: Ending;
  /** Where it begins: when a connection comes, after the handshake, after a part of the request, or after the whole request (if not given). */
  readonly begins?:
    'connection' | 'handshake' | 'request headers' | { readonly requestBytes: number };
  /** The steps of the server from there on. */
  readonly steps?: (given: Given) => readonly Step[];
  /** A server that cannot be used for TLS. */
  readonly tls?: TlsFault;
  /** Seconds that the bank asks to wait for (`Retry-After`), at most five minutes of which count. */
  readonly waits?: number;
  /** Whether the bytes hold a token that nobody has to find: it is not alone, too large, or too late. */
  readonly mayBeLost?: boolean;
  /** Whether it lasts for hours. If not, the bank is well again after the first answers. */
  readonly lasts?: boolean;
}

/** The fault of a TLS server. */
export interface TlsFault {
  readonly certificate?: 'expired' | 'not valid yet' | 'another name' | 'unknown authority';
  /** Whether it trusts an authority that issued no certificate of the client. */
  readonly refusesClient?: boolean;
  readonly maxVersion?: ConnectionOptions['maxVersion'];
  readonly minVersion?: ConnectionOptions['minVersion'];
  readonly ciphers?: string;
  /** Protocols of the server (ALPN), of which HTTP/1.1 is none. */
  readonly protocols?: string[];
}

/** The start of an answer: status line and headers. */
export function head(
  status: number | string,
  headers: Record<string, string> | string[] = {},
): string {
  const lines = Array.isArray(headers)
    ? headers
    : Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    `HTTP/1.1 ${status}${String(status).includes(' ') ? '' : ' Status'}`,
    ...lines,
    '',
    '',
  ].join('\r\n');
}

/** A whole answer with its length. */
export function answer(
  status: number | string,
  body: string | Buffer = '',
  headers: Record<string, string> = {},
): Buffer {
  const bytes = Buffer.from(body as string);
  const all = {
    'Content-Type': 'application/json',
    'Content-Length': String(bytes.length),
    ...headers,
  };
  return Buffer.concat([Buffer.from(head(status, all), 'latin1'), bytes]);
}

/** An answer with tokens, and headers that replace the usual ones. */
export function tokens(
  title: string,
  headers: Record<string, string>,
  status: number | string = 200,
): Fault {
  return { title, ends: 'tokens', steps: ({ json }) => [answer(status, json, headers)] };
}

/** An answer whose body is made of the tokens. */
export function body(
  title: string,
  ends: Ending,
  made: (given: Given) => string | Buffer,
  more: Partial<Fault> & { headers?: Record<string, string>; status?: number | string } = {},
): Fault {
  const { headers, status = 200, ...rest } = more;
  return { title, ends, steps: (given) => [answer(status, made(given), headers)], ...rest };
}

/** An answer without tokens. */
export function refusal(
  title: string,
  ends: Ending,
  status: number | string,
  content: string | object = '',
  headers: Record<string, string> = {},
): Fault {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { title, ends, steps: () => [answer(status, text, headers)] };
}

/** A chunk of a chunked body (RFC 9112 §7.1). */
export function chunk(content: string | Buffer, extension = ''): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}${extension}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
}

/** The last chunk. */
export const LAST_CHUNK = '0\r\n\r\n';
