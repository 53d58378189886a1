import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Server, type SecureVersion, type TLSSocket } from 'node:tls';
import {
  certificateAuthority,
  serverCertificate,
  type TestCertificate,
} from '../keys/certificates';

/** A request that a test server has received. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** Subject of the client certificate, if one was presented. */
  client?: string;
}

/** Options of a test server. */
export interface TlsServerOptions {
  /** Server certificate; if not given, a good one for localhost. */
  certificate?: TestCertificate;
  /** Whether a client certificate is required (default), requested, or neither. */
  clientCertificate?: 'required' | 'optional' | 'none';
  minVersion?: SecureVersion;
  maxVersion?: SecureVersion;
  ciphers?: string;
  /** Names of the protocols that the server accepts (ALPN, RFC 7301); HTTP/1.1 if not given. */
  protocols?: string[];
  /** Milliseconds after which an idle connection is closed; 5000 if not given. */
  keepAliveTimeout?: number;
  /** Answers a request, whose body has been read. */
  handle?: (request: SeenRequest, response: ServerResponse) => void;
  /** Handles each connection after the handshake, instead of HTTP. */
  socket?: (socket: TLSSocket) => void;
}

/** A TLS server on a free port of the loopback interface. */
export interface TlsServer {
  /** `https://localhost:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Requests that were received in full. */
  readonly requests: SeenRequest[];
  /** TCP connections that were accepted. */
  readonly connections: { opened: number; open: number };
  close(): Promise<void>;
}

/** Opens a server for HTTP over TLS, or for another protocol if `socket` is given. */
export async function startTlsServer(options: TlsServerOptions = {}): Promise<TlsServer> {
  const { certificate = await serverCertificate(), clientCertificate = 'required' } = options;
  const requests: SeenRequest[] = [];
  const tls = {
    cert: certificate.certificate,
    key: certificate.privateKey,
    ca: (await certificateAuthority()).certificate,
    requestCert: clientCertificate !== 'none',
    rejectUnauthorized: clientCertificate === 'required',
    minVersion: options.minVersion,
    maxVersion: options.maxVersion,
    ciphers: options.ciphers,
    ALPNProtocols: options.protocols ?? ['http/1.1'],
  };
  let server: Server;
  if (options.socket) {
    server = new Server(tls, options.socket);
  } else {
    const https = createServer(tls, (request, response) => {
      receive(request).then(
        (seen) => {
          requests.push(seen);
          (options.handle ?? answerJson)(seen, response);
        },
        // A client that closes the connection early is no error of a test.
        () => response.destroy(),
      );
    });
    https.keepAliveTimeout = options.keepAliveTimeout ?? 5000;
    server = https;
  }
  // Tests also cause such errors on purpose.
  server.on('tlsClientError', () => undefined);
  return opened(server, requests);
}

/** Answers with JSON. */
export function answerJson(_request: SeenRequest, response: ServerResponse): void {
  response.setHeader('Content-Type', 'application/json').end('{"ok":true}');
}

async function opened(server: Server, requests: SeenRequest[]): Promise<TlsServer> {
  const sockets = new Set<Socket>();
  const connections = { opened: 0, open: 0 };
  server.on('connection', (socket: Socket) => {
    connections.opened++;
    connections.open++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      connections.open--;
      sockets.delete(socket);
    });
  });
  server.on('secureConnection', (socket) => socket.on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    sockets.forEach((socket) => socket.destroy());
    await closed;
  };
  return { url: `https://localhost:${port}`, port, requests, connections, close };
}

async function receive(request: IncomingMessage): Promise<SeenRequest> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) body += chunk as string;
  const { method = '', url = '', headers, socket } = request;
  const { subject } = (socket as TLSSocket).getPeerCertificate();
  return { method, url, headers, body, client: subject?.CN as string | undefined };
}
