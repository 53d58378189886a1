import type { ServerResponse } from 'node:http';
import { BodyTooLargeError } from './form';
import type { Refusal } from './wso2Rules';

/** Answers with JSON that must not be stored (RFC 6749 section 5.1). */
export function replyJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    pragma: 'no-cache',
  });
  response.end(JSON.stringify(body));
}

/** Answers with an OAuth error. */
export function replyRefusal(response: ServerResponse, refusal: Refusal): void {
  const { status, error, error_description } = refusal;
  replyJson(response, status, { error, error_description });
}

/**
 * Answers with a page that does not load from other hosts and runs no inline script.
 *
 * @param formTargets other origins to which a form of the page may lead
 */
export function replyPage(
  response: ServerResponse,
  status: number,
  html: string,
  formTargets: string[] = [],
): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy': [
      "default-src 'none'",
      "style-src 'self'",
      "script-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "frame-ancestors 'none'",
      ["form-action 'self'", ...formTargets].join(' '),
    ].join('; '),
  });
  response.end(html);
}

/** Answers with a redirect. */
export function replyRedirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, 'cache-control': 'no-store' });
  response.end();
}

/** Answers with a style sheet or a script. */
export function replyAsset(response: ServerResponse, type: string, content: string): void {
  response.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
}

/** Answers a request that failed, and prints the reason. */
export function replyFailure(response: ServerResponse, error: unknown): void {
  // The client has closed the connection, so nobody would read an answer.
  if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return;
  if (error instanceof BodyTooLargeError) {
    const { message } = error;
    return replyRefusal(response, {
      status: 413,
      error: 'invalid_request',
      error_description: message,
    });
  }
  console.error(error);
  if (response.headersSent) response.destroy();
  else replyJson(response, 500, { error: 'server_error' });
}
