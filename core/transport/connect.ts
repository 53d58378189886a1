import type { buildConnector } from 'undici';
import { limitWorkingTime } from './timeLimit';

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

/**
 * A connector that fails with a `ConnectFailure`, also if a connection takes too long or a proxy does not answer.
 *
 * @param timeout milliseconds, see `limitWorkingTime`
 */
export function watched(
  connect: buildConnector.connector,
  timeout: number,
  throughProxy: boolean,
): buildConnector.connector {
  return (options, callback) => {
    let isWaiting = true;
    const fail = (error: unknown) => callback(new ConnectFailure(error, throughProxy), null);
    const endLimit = limitWorkingTime(timeout, () => {
      isWaiting = false;
      fail(new ConnectTimeout());
    });
    connect(options, (error, socket) => {
      endLimit();
      if (!isWaiting) socket?.on('error', () => undefined).destroy();
      // Always as a ConnectFailure: after errors with some codes undici would connect again at once, without end.
      else if (error) fail(error);
      else callback(null, socket);
    });
  };
}
