import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** No connection came about: nothing of the request was sent. */
export class ConnectFailure extends Error {
  /** @param throughProxy whether a proxy was on the way */
  constructor(
    override readonly cause: unknown,
    readonly throughProxy: boolean,
  ) {
    super('No connection');
  }
}

/** A connection did not stand in time. */
export class ConnectTimeout extends Error {
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';
}

const beforeAnyAnswer = new WeakSet<object>();

/**
 * Whether an error ended a connection over which the server had not yet sent a byte of an answer.
 * In TLS 1.3 the client's side of the handshake stands, and a request is under way, before the server has looked at the client
 * certificate: its refusal arrives as such an error.
 */
export function isBeforeAnyAnswer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && beforeAnyAnswer.has(error);
}

/**
 * A connector whose failures are told apart from those of a connection that stood, and that gives up in time,
 * whatever a proxy on the way does.
 *
 * @param timeout milliseconds
 */
export function watched(
  connect: buildConnector.connector,
  timeout: number,
  throughProxy: boolean,
): buildConnector.connector {
  return (options, callback) => {
    let waiting = true;
    const fail = (error: unknown) => callback(new ConnectFailure(error, throughProxy), null);
    const timer = setTimeout(() => {
      waiting = false;
      fail(new ConnectTimeout());
    }, timeout);
    connect(options, (error, socket) => {
      clearTimeout(timer);
      if (!waiting) {
        socket?.on('error', () => undefined).destroy();
      } else if (error) {
        // undici takes some codes for reasons to connect again at once, without end.
        fail(error);
      } else {
        watchErrors(socket);
        callback(null, socket);
      }
    });
  };
}

function watchErrors(socket: Socket): void {
  socket.prependListener('error', (error) => {
    if (socket.bytesRead === 0) beforeAnyAnswer.add(error);
    // After an alert Node.js goes on to report the end of the stream, and undici would take that for the reason.
    socket.destroy();
  });
}
