import type { buildConnector } from 'undici';
import { limitWorkingTime } from './timeLimit';

/** Opens a connection. The signal ends an attempt that takes too long. */
export type Connect = (
  options: buildConnector.Options,
  callback: buildConnector.Callback,
  signal: AbortSignal,
) => void;

/** The failure of a connection. No part of the request was sent. */
export class ConnectFailure extends Error {
  constructor(override readonly cause: unknown) {
    super('No connection');
  }
}

/** A connection took too long. */
export class ConnectTimeout extends Error {
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';
}

/**
 * A connector that fails with a `ConnectFailure`, also if a connection takes too long or a proxy does not answer.
 *
 * @param timeout milliseconds, see `limitWorkingTime`
 */
export function watched(connect: Connect, timeout: number): buildConnector.connector {
  return (options, callback) => {
    const attempt = new AbortController();
    let isOver = false;
    const done: buildConnector.Callback = (error, socket) => {
      if (isOver) {
        socket?.on('error', () => undefined).destroy();
        return;
      }
      isOver = true;
      endLimit();
      // Always as a ConnectFailure: after errors with some codes undici would connect again at once, without end.
      if (error) callback(new ConnectFailure(error), null);
      else callback(null, socket);
    };
    const endLimit = limitWorkingTime(timeout, () => {
      // A connector that knows more about the reason says so now.
      attempt.abort();
      done(new ConnectTimeout(), null);
    });
    connect(options, done, attempt.signal);
  };
}
