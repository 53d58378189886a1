import type { ServerResponse } from 'node:http';
import { BodyTooLargeError } from './form';
import type { Refusal } from './wso2Rules';

/** Answers JSON that nobody may store (RFC 6749 section 5.1). */
export function replyJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    pragma: 'no-cache',
  });
  response.end(JSON.stringify(body));
}

/** Answers an OAuth error. */
export function replyRefusal(response: ServerResponse, refusal: Refusal): void {
  const { status, error, error_description } = refusal;
  replyJson(response, status, { error, error_description });
}

/**
 * Answers a page that loads nothing from elsewhere and runs no inline script.
 * `formTargets` are further origins to which a form of the page may lead in the end.
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

/** Sends the browser on. */
export function replyRedirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, 'cache-control': 'no-store' });
  response.end();
}

/** Answers a file of the pages. */
export function replyAsset(response: ServerResponse, type: string, content: string): void {
  response.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
}

/** Answers a request that could not be worked on, and lets whoever runs the bank see why. */
export function replyFailure(response: ServerResponse, error: unknown): void {
  // The client has gone: there is nobody to answer, and nothing to repair.
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
