import { setImmediate as turn, setTimeout as after } from 'node:timers/promises';
import { Socket } from 'node:net';
import { tcpServer, tlsServer } from '../support/servers/closing';

/** Milliseconds between two pieces of an answer, and before its end. */
const PAUSE = 30;

/** Turns of the event loop in which bytes pass two sockets, with a margin. */
const TURNS = 20;

/** The end of a connection after an answer. */
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
          if (ending !== 'RST') return;
          // A reset discards what the client has not read. Both are in this process, so some turns of its loop are enough.
          for (let i = 0; i < TURNS; i++) await turn();
          resets.splice(0).forEach((reset) => reset());
        })();
      });
    },
  });
  const { url, connections } = bank;
  if (ending !== 'RST') return { url, requests, connections };
  // A connection can be reset below TLS only.
  const resets: (() => void)[] = [];
  const middle = await tcpServer((socket) => {
    const onward = new Socket();
    onward.on('error', () => undefined).connect(bank.port, '127.0.0.1');
    resets.push(() => socket.resetAndDestroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
  return { url: `https://localhost:${middle.port}`, requests, connections };
}
