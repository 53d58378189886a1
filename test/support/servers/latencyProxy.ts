import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy on the loopback interface that adds latency. */
export interface LatencyProxy {
  readonly port: number;
  /** Milliseconds of a round trip, half of it in each direction. A new connection costs one more. May be changed at any time. */
  roundTrip: number;
  /** While it is `true`, no byte passes, and no connection ends. Held bytes pass afterwards, as TCP would send them again. */
  isPartitioned: boolean;
  /** Connections accepted so far, and those that are open. */
  readonly connections: { opened: number; open: number };
  /** Ends all connections. New ones are accepted. */
  endConnections(): void;
  close(): Promise<void>;
}

/** Starts a proxy to a port of the loopback interface. */
export async function startLatencyProxy(
  targetPort: number,
  roundTrip: number,
): Promise<LatencyProxy> {
  const sockets = new Set<Socket>();
  const connections = { opened: 0, open: 0 };
  const server = createServer((near) => {
    connections.opened++;
    connections.open++;
    near.once('close', () => connections.open--);
    const far = connect(targetPort, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket));
    }
    // The first bytes also wait for the handshake.
    forward(near, far, proxy, performance.now() + roundTrip);
    forward(far, near, proxy, 0);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: LatencyProxy = {
    port: (server.address() as AddressInfo).port,
    roundTrip,
    isPartitioned: false,
    connections,
    endConnections: () => sockets.forEach((socket) => socket.destroy()),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      proxy.endConnections();
      await closed;
    },
  };
  return proxy;
}

/** Milliseconds between two looks whether a partition is over. */
const LOOK = 10;

/** Passes bytes and the end on in their order, late. @param openAt when the connection is open, by `performance.now()` */
function forward(from: Socket, to: Socket, proxy: LatencyProxy, openAt: number): void {
  const waiting: (() => void)[] = [];
  const passOn = (): void => {
    if (proxy.isPartitioned && !to.destroyed) setTimeout(passOn, LOOK);
    // Timers may expire in another order: each passes on what has waited longest.
    else waiting.shift()?.();
  };
  const later = (action: () => void): void => {
    waiting.push(action);
    const now = performance.now();
    setTimeout(passOn, Math.max(openAt, now) + proxy.roundTrip / 2 - now);
  };
  from.on('data', (bytes: Buffer) => later(() => to.write(bytes)));
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroy()));
  from.on('error', () => undefined);
}
