import { setImmediate } from 'node:timers/promises';
import { OpenBankingError } from '../errors/OpenBankingError';
import { agentFor } from './agents';
import type { HttpResponse } from './answer';
import { Exchange } from './exchange';
import { timedOut, transportFailure } from './failures';
import type { TlsIdentity } from './identity';
import { openPage, type PageLimit } from './page';
import { assertReachable } from './reach';
import { withUserAgent, type HttpRequest } from './send';
import { limitSilence } from './timeLimit';
import type { WiredOptions } from './wiredClient';

/** A request for data: a GET, which may be repeated. */
export type DataRequest = Pick<HttpRequest, 'url' | 'source' | 'headers' | 'reach'>;

/** Limits on a request for data. */
export interface DataLimits extends PageLimit {
  /** Milliseconds within which a connection must be established, TLS handshake included. */
  readonly connect: number;
  /** Milliseconds without a byte of the answer after which the request fails. The whole answer may take longer. */
  readonly silence: number;
  /** Ends the request at once. */
  readonly signal?: AbortSignal;
}

/**
 * Requests data over mutual TLS, once. It is not repeated, and a redirect is not followed but returned.
 *
 * It uses the kept-alive connections of `send`. Differences from `send`: the caller says how large the body may be, a large one is unpacked in another thread,
 * the time limit is for silence, and the request can be cancelled.
 *
 * @throws OpenBankingError of the stages `tls` and `request`, `cancelled` among them; also that of the
 *   page limit, `response-too-large` for its headers, and `response-unexpected`
 */
export async function receive(
  request: DataRequest,
  identity: TlsIdentity,
  { connect, silence, maximumBody, tooLarge, signal }: DataLimits,
): Promise<HttpResponse> {
  const { reach } = request;
  const { origin, host, hostname, pathname, search } = new URL(request.url);
  const server = `"${host}"${request.source ? ` (${request.source})` : ''}`;
  if (signal?.aborted) throw cancelled(server);
  assertReachable(hostname, reach, server);
  const limit = limitSilence(silence, () => exchange.giveUp(timedOut(server, exchange.begun)));
  const exchange = new Exchange({
    maximumBody,
    tooLarge,
    onProgress: limit.heard,
  });
  const cancel = (): void => exchange.giveUp(cancelled(server));
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const options: WiredOptions = {
      origin,
      path: pathname + search,
      method: 'GET',
      headers: withUserAgent(request.headers),
      body: null,
      // The limit above limits both.
      headersTimeout: 0,
      bodyTimeout: 0,
      onClient: (wire) => exchange.carryBy(wire),
    };
    const timeouts = { connect, request: silence };
    agentFor(identity, origin, timeouts, { reach }).dispatch(options, exchange);
    const answer = await exchange.answer;
    // undici marks the connection as free one turn later. A request that is sent before would open another connection.
    await setImmediate();
    return await openPage(answer, { maximumBody, tooLarge });
  } catch (error) {
    throw transportFailure(error, server, exchange.begun, exchange.wasAnswered);
  } finally {
    limit.end();
    signal?.removeEventListener('abort', cancel);
    exchange.end();
  }
}

/** The failure of a request of an execution that was cancelled. @param server its name in the message */
export function cancelled(server: string): OpenBankingError {
  return new OpenBankingError('cancelled', { values: { server } });
}
