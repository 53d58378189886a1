import { setTimeout as after } from 'node:timers/promises';
import { Socket } from 'node:net';
import { tcpServer, tlsServer } from '../support/servers/closing';

/** Milliseconds between two pieces of an answer, and before its end. */
const PAUSE = 30;

/** What happens to a connection behind an answer. */
export type Ending = 'FIN' | 'RST' | 'silence';

/** A bank that answers with raw bytes. */
export interface RawBank {
  readonly url: string;
  /** Requests so far. */
  readonly requests: readonly string[];
  readonly connections: { readonly opened: number; readonly open: number };
}

/**
 * Opens a TLS server that answers each request with the same bytes.
 *
 * @param pieces are sent one after the other
 */
export async function rawBank(
  pieces: readonly (string | Buffer)[],
  ending: Ending = 'silence',
): Promise<RawBank> {
  const requests: string[] = [];
  const bank = await tlsServer({
    socket: (socket) => {
      socket.on('data', (chunk) => {
        requests.push(String(chunk));
        void (async () => {
          for (const piece of pieces) {
            socket.write(piece);
            await after(PAUSE);
          }
          if (ending === 'FIN') socket.end();
          if (ending === 'RST') resets.splice(0).forEach((reset) => reset());
        })();
      });
    },
  });
  // A connection can be reset below TLS only.
  const resets: (() => void)[] = [];
  const middle = await tcpServer((socket) => {
    const onward = new Socket();
    onward.on('error', () => undefined).connect(bank.port, '127.0.0.1');
    resets.push(() => socket.resetAndDestroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
  return { url: `https://localhost:${middle.port}`, requests, connections: bank.connections };
}
