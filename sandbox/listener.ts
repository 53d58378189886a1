import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Certificates } from './certificates';
import { relayTo } from './delay';

/** The TLS connection of a request. */
export interface Connection {
  /** Serial number at this server, from 1. */
  serial: number;
  /** Such as `TLSv1.3`. */
  protocol: string;
  certificate: X509Certificate | undefined;
  /** Whether the chain of the client certificate ends at the bank's root. */
  trusted: boolean;
  /** OpenSSL's reason why it is not trusted, such as `CERT_HAS_EXPIRED`; `undefined` if it is trusted. */
  reason: string | undefined;
}

/** One of the bank's two TLS ports. */
export interface Listener {
  port: number;
  /** TLS connections accepted so far. */
  connections(): number;
  /** Sets the certificates and the function that answers requests. Before that, every handshake fails. */
  serve(certificates: Certificates, listener: RequestListener): void;
  close(): void;
}

/** The failure to open a port. Its message is one sentence for the person who started the bank. */
export class PortUnavailableError extends Error {}

export interface ListenerOptions {
  /** Name of the port in messages. */
  name: string;
  /** 0 takes a free port. */
  port: number;
  /** The command-line option for another port. */
  option: string;
  /** Whether the TLS handshake fails without a trusted client certificate. */
  certificateRequired: boolean;
  /** Milliseconds for which the network delays each byte, each way; 0 for none. */
  delay: number;
}

const connections = new WeakMap<object, Connection>();

/** Returns the TLS connection of a request. */
export function connectionOf(request: IncomingMessage): Connection {
  const connection = connections.get(request.socket);
  if (!connection) throw new Error('The request did not come over one of the bank’s ports');
  return connection;
}

/** Opens a TLS port on 127.0.0.1, and on ::1 if the machine has IPv6. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const server = createServer({
    requestCert: true,
    rejectUnauthorized: options.certificateRequired,
    keepAliveTimeout: 65_000,
  });
  let accepted = 0;
  server.on('secureConnection', (socket: TLSSocket) => {
    accepted += 1;
    connections.set(socket, describe(socket, accepted));
  });
  let front: Server | TcpServer = server;
  if (options.delay > 0) {
    await open(server, 0, '127.0.0.1', options);
    front = createTcpServer(relayTo((server.address() as AddressInfo).port, options.delay));
  }
  const { port, second } = await openBoth(front, options);
  return {
    port,
    connections: () => accepted,
    serve: ({ server: { chain, key }, authority, selfSignedClient }, listener) => {
      server.on('request', listener);
      // A certificate that is registered itself needs no other authority.
      const ca = [authority, selfSignedClient.chain];
      server.setSecureContext({ cert: chain, key, ca, minVersion: 'TLSv1.2' });
    },
    close: () => {
      second?.close();
      if (front !== server) front.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

function describe(socket: TLSSocket, serial: number): Connection {
  const certificate = socket.getPeerX509Certificate();
  // Node.js returns the reason as a string, unlike its type declarations.
  const reason = socket.authorizationError as unknown as string | null | undefined;
  return {
    serial,
    protocol: socket.getProtocol() ?? 'unknown',
    certificate,
    trusted: certificate !== undefined && socket.authorized,
    reason: reason ?? undefined,
  };
}

async function openBoth(
  server: Server | TcpServer,
  options: ListenerOptions,
): Promise<{ port: number; second: TcpServer | undefined }> {
  for (let attempt = 1; ; attempt += 1) {
    await open(server, options.port, '127.0.0.1', options);
    const { port } = server.address() as AddressInfo;
    const second = createTcpServer((socket) => server.emit('connection', socket));
    try {
      await open(second, port, '::1', options);
      return { port, second };
    } catch (error) {
      // The bank also runs on a machine without IPv6; only a port that is in use is a failure.
      if (!(error instanceof PortUnavailableError)) return { port, second: undefined };
      if (options.port !== 0 || attempt === 10) throw error;
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

function open(
  server: Server | TcpServer,
  port: number,
  host: string,
  options: ListenerOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? new PortUnavailableError(
              `The sandbox's ${options.name} cannot use port ${port}, because ` +
                `${error.code === 'EADDRINUSE' ? 'another program is using it' : 'this user may not'}; ` +
                `choose another one with ${options.option}.`,
            )
          : error,
      );
    };
    server.once('error', fail);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}
