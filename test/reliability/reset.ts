import type { Socket } from 'node:net';

/** Resets the TCP connection under a socket. */
export function reset(socket: Socket): void {
  const inner = (socket as Socket & { _parent?: Socket })._parent;
  (inner ?? socket).resetAndDestroy();
  socket.destroy();
}
