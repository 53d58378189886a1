import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy that connects every tunnel to one server, whatever server was asked for. */
export interface Interceptor {
  readonly address: string;
  /** Tunnels that were opened. */
  tunnels: number;
  close(): Promise<void>;
}

/** Opens the proxy. @param port of the server behind it */
export async function startInterceptor(port: number): Promise<Interceptor> {
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    interceptor.tunnels++;
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((done) => server.close(done));
  };
  const { port: own } = server.address() as AddressInfo;
  const interceptor: Interceptor = { address: `http://127.0.0.1:${own}`, tunnels: 0, close };
  return interceptor;
}
