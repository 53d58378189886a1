import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** The failure of a connection. No part of the request was sent. */
export class ConnectFailure extends Error {
  /** @param throughProxy whether a proxy was used for the connection */
  constructor(
    override readonly cause: unknown,
    readonly throughProxy: boolean,
  ) {
    super('No connection');
  }
}

/** A connection took too long. */
export class ConnectTimeout extends Error {
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';
}

const BEFORE_ANY_ANSWER = Symbol('before any answer');

/**
 * Whether an error ended a connection before the server sent the first byte of an answer.
 *
 * In TLS 1.3 the client completes the handshake, and begins a request, before the server has checked the client certificate. If the server
 * refuses the certificate, the client gets such an error.
 */
export function isBeforeAnyAnswer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && BEFORE_ANY_ANSWER in error;
}

/**
 * A connector that fails with a `ConnectFailure`, also if a connection takes too long or a proxy does not answer. It marks errors of a
 * connection that come before any answer, see {@link isBeforeAnyAnswer}.
 *
 * @param timeout milliseconds
 */
export function watched(
  connect: buildConnector.connector,
  timeout: number,
  throughProxy: boolean,
): buildConnector.connector {
  return (options, callback) => {
    let isWaiting = true;
    const fail = (error: unknown) => callback(new ConnectFailure(error, throughProxy), null);
    const timer = setTimeout(() => {
      isWaiting = false;
      fail(new ConnectTimeout());
    }, timeout);
    connect(options, (error, socket) => {
      clearTimeout(timer);
      if (!isWaiting) {
        socket?.on('error', () => undefined).destroy();
      } else if (error) {
        // Always as a ConnectFailure: after errors with some codes undici would connect again at once, without end.
        fail(error);
      } else {
        markErrors(socket);
        callback(null, socket);
      }
    });
  };
}

function markErrors(socket: Socket): void {
  socket.prependListener('error', (error) => {
    if (socket.bytesRead === 0) Object.assign(error, { [BEFORE_ANY_ANSWER]: true });
    // After an alert Node.js also reports the end of the stream, and undici would take that for the reason.
    socket.destroy();
  });
}
