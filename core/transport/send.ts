import { setImmediate } from 'node:timers/promises';
import { OpenBankingError } from '../errors/OpenBankingError';
import { agentFor } from './agents';
import { isJson, openAnswer, rescueAnswer, type HttpResponse } from './answer';
import { Exchange } from './exchange';
import { timedOut, transportFailure } from './failures';
import type { TlsIdentity, Timeouts } from './identity';
import { isSuccessStatus, judgeOddAnswer } from './oddAnswer';
import type { IsWanted } from './oddBody';
import { assertReachable, type Reach } from './reach';
import { limitTime } from './timeLimit';
import { withUserAgent } from './userAgent';
import { MalformedAnswer } from './wire';
import type { WiredOptions } from './wiredClient';

export type { HttpResponse } from './answer';

/** A request as a value, so that it can be checked before it is sent. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PATCH';
  /** Absolute, https. */
  readonly url: string;
  /** The setting that the address comes from, for messages: `"Host" in the credential`. */
  readonly source?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * Whether a JSON object is one that must not be lost. If such an object comes with a success status, it is returned however it is
   * framed, labelled or packed, and whatever ends the connection.
   */
  readonly isWanted?: IsWanted;
  /** Whether the request needs a new connection. The server may close an older one at the moment when it is used again. */
  readonly needsNewConnection?: boolean;
  /**
   * Throws if the request must not be sent any more. It is called before the request waits for a connection, and again when the request is
   * handed to one, because that may be seconds later. If it throws, nothing of the request is written, and `send` throws the same error.
   */
  readonly beforeHandOver?: () => void;
  /** The addresses that it may be sent to; any if not given. */
  readonly reach?: Reach;
}

/**
 * Sends one request over mutual TLS, once. It is not repeated, and redirects are not followed.
 *
 * A connection whose answer breaks rules of HTTP is not used again.
 *
 * @throws OpenBankingError of the stages `tls` and `request`; also `response-too-large` and `response-unexpected`. Its `outcome` says
 *   whether the request may have arrived. Also the errors of `beforeHandOver`
 */
export async function send(
  request: HttpRequest,
  identity: TlsIdentity,
  timeouts: Timeouts,
): Promise<HttpResponse> {
  const { isWanted, needsNewConnection = false, beforeHandOver, reach } = request;
  beforeHandOver?.();
  const { origin, host, hostname, pathname, search } = new URL(request.url);
  const server = `"${host}"${request.source ? ` (${request.source})` : ''}`;
  assertReachable(hostname, reach, server);
  const exchange = new Exchange({
    ...(isWanted && { judge: (received) => judgeOddAnswer(received, isWanted) }),
    ...(beforeHandOver && { beforeHandOver }),
  });
  const endLimit = limitTime(timeouts.request, () =>
    exchange.giveUp(timedOut(server, exchange.begun)),
  );
  try {
    const options: WiredOptions = {
      origin,
      path: pathname + search,
      method: request.method,
      headers: withUserAgent(request.headers),
      body: request.body ?? null,
      // The limit above limits both.
      headersTimeout: 0,
      bodyTimeout: 0,
      reset: needsNewConnection,
      onClient: (wire) => exchange.carryBy(wire),
    };
    agentFor(identity, origin, timeouts, { areUsedOnce: needsNewConnection, reach }).dispatch(
      options,
      exchange,
    );
    return await answerTo(exchange, server, isWanted);
  } catch (error) {
    if (exchange.objection) throw exchange.objection.error;
    const rescued = isWanted && rescueAnswer(exchange.received, isWanted, remarkOn(error));
    if (rescued) return rescued;
    throw transportFailure(error, server, exchange.begun, exchange.wasAnswered);
  } finally {
    endLimit();
    exchange.end();
  }
}

async function answerTo(
  exchange: Exchange,
  server: string,
  isWanted: IsWanted | undefined,
): Promise<HttpResponse> {
  const answer = await exchange.answer;
  const { status } = answer;
  const response = attempted(() => openAnswer(answer, isWanted !== undefined));
  const isUnreadable = response instanceof Error || !isJson(response.body);
  if (isWanted && isUnreadable && isSuccessStatus(status)) {
    await exchange.readRest();
    const remark = "The bank's answer is longer than its headers say.";
    const rescued = rescueAnswer(exchange.received, isWanted, remark);
    if (rescued) return rescued;
  }
  if (response instanceof Error) throw response;
  // Now, before another request uses it.
  if (response.remarks) exchange.endConnection();
  // undici marks the connection as free one turn later. A request that is sent before would open another connection.
  await setImmediate();
  if (status >= 300 && status < 400) {
    throw new OpenBankingError('response-unexpected', {
      problem: 'redirect',
      values: { server, status },
      status,
    });
  }
  return response;
}

function attempted<Result>(make: () => Result): Result | OpenBankingError {
  try {
    return make();
  } catch (error) {
    if (error instanceof OpenBankingError) return error;
    throw error;
  }
}

/** The remark on an answer that was read although its exchange failed. */
function remarkOn(error: unknown): string {
  if (error instanceof MalformedAnswer) {
    return `The bank's answer breaks rules of HTTP (${error.code}) and was read all the same.`;
  }
  if (error instanceof OpenBankingError && error.code === 'timeout') {
    return "The end of the bank's answer did not come in time. Its JSON had come.";
  }
  return "The connection broke off before the end of the bank's answer. Its JSON had come.";
}
