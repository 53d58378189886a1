import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TestCertificate } from '../keys/certificates';
import { closeAfterTest } from './closing';

/** A proxy for the current test. */
export interface Proxy {
  address: string;
  /** The request that opened the tunnel: request line and headers. */
  seen: { target: string; headers: IncomingMessage['headers'] }[];
}

/**
 * Opens a proxy for the current test. It opens tunnels (RFC 9110 §9.3.6), or answers with a status.
 *
 * @param certificate of a proxy with TLS
 * @param challenges its offers to log in
 */
export async function startProxy(
  answer = 200,
  certificate?: TestCertificate,
  challenges: readonly string[] = [],
): Promise<Proxy> {
  const seen: Proxy['seen'] = [];
  const sockets = new Set<Socket>();
  const server: Server = certificate
    ? createTlsServer({ cert: certificate.certificate, key: certificate.privateKey })
    : createServer();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
    seen.push({ target: url, headers });
    if (answer !== 200) {
      const offers = challenges.map((offer) => `Proxy-Authenticate: ${offer}\r\n`).join('');
      socket.end(`HTTP/1.1 ${answer} No\r\n${offers}Content-Length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeAfterTest(async () => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  return { address: certificate ? `https://localhost:${port}` : `http://127.0.0.1:${port}`, seen };
}
