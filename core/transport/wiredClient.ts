import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { buildConnector as Connectors, Client as Clients, Dispatcher } from 'undici';
import { Client } from './undici';
import { Wire } from './wire';

/** Options of a request that asks for the wire which carries it. */
export interface WiredOptions extends Dispatcher.DispatchOptions {
  /** Called with a function that returns the wire as soon as the request begins. */
  readonly onClient?: (wire: () => Wire | undefined) => void;
}

/** Options of a {@link WiredClient}. */
export type WiredClientOptions = Clients.Options & { readonly connect: Connectors.connector };

/** A client of undici whose connection is a {@link Wire}. A pool has one for each connection. */
export class WiredClient extends Client {
  readonly #current: { wire?: Wire };

  /** @param options with a connector */
  constructor(origin: string | URL, options: WiredClientOptions) {
    const current: { wire?: Wire } = {};
    const connect: Connectors.connector = (given, callback) => {
      options.connect(given, (...[error, socket]) => {
        if (error) {
          callback(error, null);
          return;
        }
        current.wire = new Wire(socket);
        // undici uses what a wire has of a socket.
        callback(null, current.wire as Duplex as Socket);
      });
    };
    super(origin, { ...options, connect });
    this.#current = current;
  }

  override dispatch(options: WiredOptions, handler: Dispatcher.DispatchHandler): boolean {
    options.onClient?.(() => this.#current.wire);
    return super.dispatch(options, handler);
  }
}
