import { connect, type Socket } from 'node:net';

/**
 * Returns a function that passes the bytes of a connection on to a port of this computer, and back, as a network does: each byte is late,
 * and a new connection waits for its handshake first.
 *
 * @param delay milliseconds each way
 */
export function relayTo(port: number, delay: number): (near: Socket) => void {
  return (near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    // On a network, a client sends its first bytes a round trip after it asked for the connection.
    pass(near, far, delay, 2 * delay);
    pass(far, near, delay, 0);
  };
}

/** Passes bytes, and the end, in their order. @param held milliseconds for which nothing is passed at first */
function pass(from: Socket, to: Socket, delay: number, held: number): void {
  const open = performance.now() + held;
  const waiting: (() => void)[] = [];
  const later = (action: () => void): void => {
    waiting.push(action);
    const now = performance.now();
    // Timers of different lengths may expire in another order, so each takes the oldest action.
    setTimeout(() => waiting.shift()!(), Math.max(open, now) - now + delay);
  };
  from.on('data', (bytes) => later(() => to.write(bytes)));
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroy()));
}
