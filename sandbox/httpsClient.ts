import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { Identity } from './certificates';

/** An answer with its whole body. */
export interface HttpsAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface HttpsCall {
  method?: string;
  headers?: Record<string, string>;
  /** The body, sent as a form unless `headers` contain another type. */
  body?: string;
}

const OWN_MARK = randomUUID();
const OWN_HEADER = 'x-sandbox-own';

/** Whether a request comes from the sandbox's own third party or customer. */
export function isOwn(request: IncomingMessage): boolean {
  return request.headers[OWN_HEADER] === OWN_MARK;
}

/** Calls the bank over TLS from inside the sandbox's process. */
export class HttpsClient {
  private readonly agent: Agent;

  /** @param identity client certificate and key; without them it calls like a browser */
  constructor(authority: string, identity?: Identity) {
    this.agent = new Agent({
      ca: authority,
      cert: identity?.chain,
      key: identity?.key,
      keepAlive: true,
      timeout: 30_000,
    });
  }

  call(url: string, { method = 'GET', headers = {}, body }: HttpsCall = {}): Promise<HttpsAnswer> {
    const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        url,
        { agent: this.agent, method, headers: { ...type, ...headers, [OWN_HEADER]: OWN_MARK } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }
}
