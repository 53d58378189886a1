import { setImmediate } from 'node:timers/promises';
import { OpenBankingError } from '../errors/OpenBankingError';
import { agentFor } from './agents';
import { decodeBody } from './body';
import { Exchange } from './exchange';
import { timedOut, transportFailure } from './failures';
import type { TlsIdentity, Timeouts } from './identity';
import { userAgent } from './userAgent';

/** A request as a value, so that it can be checked before it is sent. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute, https. */
  readonly url: string;
  /** The setting that the address comes from, for messages: `"Host" in the credential`. */
  readonly source?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer with any status. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Unpacked, at most 1 MiB. */
  readonly body: Buffer;
  /** When the answer was complete. */
  readonly receivedAt: Date;
}

/**
 * Sends one request over mutual TLS, once. It is not repeated, and redirects are not followed.
 *
 * @throws OpenBankingError of the stages `tls` and `request`; also `response-too-large` and `response-unexpected`. Its `outcome` says
 *   whether the request may have arrived
 */
export async function send(
  request: HttpRequest,
  identity: TlsIdentity,
  timeouts: Timeouts,
): Promise<HttpResponse> {
  const { origin, host, pathname, search } = new URL(request.url);
  const server = `"${host}"${request.source ? ` (${request.source})` : ''}`;
  const exchange = new Exchange();
  const timer = setTimeout(
    () => exchange.giveUp(timedOut(server, exchange.begun)),
    timeouts.request,
  );
  try {
    agentFor(identity, origin, timeouts).dispatch(
      {
        origin,
        path: pathname + search,
        method: request.method,
        headers: { 'User-Agent': userAgent, ...request.headers },
        body: request.body ?? null,
        // The timer above limits both.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      exchange,
    );
    const { status, headers: received, body } = await exchange.answer;
    const receivedAt = new Date();
    // undici marks the connection as free one turn later. A request that is sent before would open another connection.
    await setImmediate();
    if (status >= 300 && status < 400) {
      throw new OpenBankingError('response-unexpected', {
        problem: 'redirect',
        values: { server, status },
        status,
      });
    }
    const headers = flatten(received);
    const unpacked = await decodeBody(body, headers['content-encoding'] ?? '');
    return { status, headers, body: unpacked, receivedAt };
  } catch (error) {
    throw transportFailure(error, server, exchange.begun);
  } finally {
    clearTimeout(timer);
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
