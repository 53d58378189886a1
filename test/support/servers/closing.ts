import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { destroyAgents } from '../../../core/transport/agents';
import { startTlsServer, type TlsServer, type TlsServerOptions } from './tlsServer';

const closing: (() => Promise<void>)[] = [];

/** Registers a function that is called after the current test. The connections of the package are closed first. */
export function closeAfterTest(close: () => Promise<void>): void {
  closing.push(close);
}

afterEach(async () => {
  await destroyAgents();
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A TLS server for the current test. */
export async function tlsServer(options: TlsServerOptions = {}): Promise<TlsServer> {
  const server = await startTlsServer(options);
  closeAfterTest(() => server.close());
  return server;
}

/** A server that accepts TCP connections, without TLS. */
export interface TcpServer {
  readonly port: number;
  /** Connections accepted. */
  count: number;
}

/** A TCP server for the current test. */
export async function tcpServer(serve: (socket: Socket) => void): Promise<TcpServer> {
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    server.count++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  closeAfterTest(async () => {
    const closed = once(tcp, 'close');
    sockets.forEach((socket) => socket.destroy());
    tcp.close();
    await closed;
  });
  const server = { port: (tcp.address() as AddressInfo).port, count: 0 };
  return server;
}

/** A port without a listener. */
export async function unusedPort(): Promise<number> {
  const tcp = createServer().listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  tcp.close();
  await once(tcp, 'close');
  return port;
}
