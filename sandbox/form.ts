import { IncomingMessage } from 'node:http';

/** Parameters of a posted form. A repeated parameter is an array. */
export type Form = Record<string, string | string[]>;

/** Maximum number of bytes of a request body. */
const LIMIT = 56 * 1024;

/** A request body that is too large. */
export class BodyTooLargeError extends Error {}

/** Reads the whole body of a request. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      // The rest is read and dropped, so that the client can read the refusal.
      if (length > LIMIT) chunks = [];
      else chunks.push(chunk);
    });
    request.on('end', () => {
      if (length > LIMIT) reject(new BodyTooLargeError('The request body is too large'));
      else resolve(Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}

/** Reads `application/x-www-form-urlencoded` parameters. */
export function parseForm(text: string): Form {
  const form: Form = Object.create(null) as Form;
  for (const [name, value] of new URLSearchParams(text)) {
    const before = form[name];
    form[name] = before === undefined ? value : [before, value].flat();
  }
  return form;
}

/** The value of a parameter that is there exactly once; otherwise `undefined`. */
export function single(form: Form, name: string): string | undefined {
  const value = form[name];
  return typeof value === 'string' ? value : undefined;
}

/**
 * A copy of the request with the given address and an unread body. The rules in front of the
 * authorization server have read the body of the request, and the authorization server has to read it again.
 */
export function withBody(request: IncomingMessage, body: Buffer, url: string): IncomingMessage {
  const copy = new IncomingMessage(request.socket);
  Object.assign(copy, {
    httpVersion: request.httpVersion,
    httpVersionMajor: request.httpVersionMajor,
    httpVersionMinor: request.httpVersionMinor,
    method: request.method,
    url,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    complete: true,
  });
  copy.push(body);
  copy.push(null);
  return copy;
}
