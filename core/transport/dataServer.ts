import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { OpenBankingError } from '../errors/OpenBankingError';
import { Cancellation } from '../lib/cancellation';
import { agentFor } from './agents';
import type { HttpResponse } from './answer';
import { MAXIMUM_REFUSAL } from './body';
import { Exchange } from './exchange';
import { timedOut, transportFailure } from './failures';
import type { TlsIdentity } from './identity';
import { openLargeAnswer, type BodyLimit } from './largeBody';
import { assertReachable } from './reach';
import type { HttpRequest } from './send';
import { limitSilence } from './timeLimit';
import { withUserAgent } from './userAgent';
import type { WiredOptions } from './wiredClient';

/** A request for data: a GET, which may be repeated. */
export interface DataRequest {
  /** Absolute, https, at the origin of the {@link DataServer}. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Limits on requests for data. */
export interface DataLimits {
  /** Milliseconds within which a connection must be established, TLS handshake included. */
  readonly connect: number;
  /** Milliseconds without a byte of the answer after which a request fails. The whole answer may take longer. */
  readonly silence: number;
  /** Ends requests at once. */
  readonly cancellation?: Cancellation;
}

/**
 * A server that is asked for data, page after page, over the kept-alive connections of `send`.
 *
 * Differences from `send`: the caller says how large a body may be, a large one is unpacked in another thread, the time limit is for silence,
 * requests can be cancelled, and a redirect is returned. The settings of n8n's environment are read once.
 */
export class DataServer {
  /** Its name in messages: host and port, and the setting that the address comes from. */
  readonly name: string;

  readonly #origin: string;

  readonly #cancellation: Cancellation;

  #agent?: Dispatcher & { readonly closed?: boolean; readonly destroyed?: boolean };

  /**
   * @param endpoint an address at the server
   * @throws OpenBankingError `address-blocked`
   */
  constructor(
    private readonly endpoint: Pick<HttpRequest, 'url' | 'source' | 'reach'>,
    private readonly identity: TlsIdentity,
    private readonly limits: DataLimits,
  ) {
    const { origin, host, hostname } = new URL(endpoint.url);
    this.#origin = origin;
    this.#cancellation = limits.cancellation ?? new Cancellation();
    this.name = `"${host}"${endpoint.source ? ` (${endpoint.source})` : ''}`;
    assertReachable(hostname, endpoint.reach, this.name);
  }

  /**
   * Sends a request, once. It is not repeated, and a redirect is not followed.
   *
   * @param ending ends this request, beside the cancellation that ends all
   * @throws OpenBankingError of the stages `tls` and `request`, `cancelled` among them; also that of the page limit, `response-too-large` for
   *   too many headers, and `response-unexpected`
   */
  async receive(
    { url, headers }: DataRequest,
    page: BodyLimit,
    ending?: Cancellation,
  ): Promise<HttpResponse> {
    if (this.#cancellation.hasHappened || ending?.hasHappened) throw cancelled(this.name);
    const limit = limitSilence(this.limits.silence, () =>
      exchange.giveUp(timedOut(this.name, exchange.begun)),
    );
    const exchange = new Exchange({
      ...page,
      maximumRefusal: MAXIMUM_REFUSAL,
      onProgress: limit.heard,
    });
    const cancel = (): void => exchange.giveUp(cancelled(this.name));
    this.#cancellation.add(cancel);
    ending?.add(cancel);
    try {
      const options: WiredOptions = {
        origin: this.#origin,
        path: targetOf(url),
        method: 'GET',
        headers: withUserAgent(headers),
        body: null,
        // The limit above limits both.
        headersTimeout: 0,
        bodyTimeout: 0,
        onClient: (wire) => exchange.carryBy(wire),
      };
      this.#currentAgent().dispatch(options, exchange);
      const answer = await exchange.answer;
      // undici marks the connection as free one turn later. A request that is sent before would open another connection.
      await setImmediate();
      return await openLargeAnswer(answer, page);
    } catch (error) {
      throw transportFailure(error, this.name, exchange.begun, exchange.wasAnswered);
    } finally {
      limit.end();
      this.#cancellation.remove(cancel);
      ending?.remove(cancel);
      exchange.end();
    }
  }

  /** The agent. Another one if it was closed to make room for others. */
  #currentAgent(): Dispatcher {
    if (!this.#agent || this.#agent.closed || this.#agent.destroyed) {
      const { connect, silence } = this.limits;
      const { reach } = this.endpoint;
      const timeouts = { connect, request: silence };
      this.#agent = agentFor(this.identity, this.#origin, timeouts, { reach });
    }
    return this.#agent;
  }
}

/** Visible characters of US-ASCII without `#`. */
const SENDABLE = /^[!-"$-~]*$/;

/** The path of a URL, and its query as it stands there: a cursor of the bank must come back byte for byte. */
function targetOf(url: string): string {
  const { pathname, search } = new URL(url);
  const query = url.indexOf('?');
  const given = query === -1 ? '' : url.slice(query);
  // The class URL escapes the other characters. It also escapes "'", which may be sent.
  return pathname + (SENDABLE.test(given) ? given : search);
}

/** The failure of a request of an execution that was cancelled. @param server its name in the message */
export function cancelled(server: string): OpenBankingError {
  return new OpenBankingError('cancelled', { values: { server } });
}
