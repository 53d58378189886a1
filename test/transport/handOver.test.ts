import type { TLSSocket } from 'node:tls';
import { clientIdentity } from '../support/keys/certificates';
import { tlsServer } from '../support/servers/closing';
import { post } from './attempt';

/** A check that throws from the given call on, and counts its calls. */
function objectionAt(call: number) {
  const error = new Error('Too late');
  const check = jest.fn(() => {
    if (check.mock.calls.length >= call) throw error;
  });
  return { error, check };
}

/** A server that answers each request, and stores what comes over each of its connections. */
async function recordingServer() {
  const received: string[] = [];
  const server = await tlsServer({
    socket: (socket: TLSSocket) => {
      const index = received.push('') - 1;
      socket.on('data', (chunk) => {
        received[index] += String(chunk);
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
      });
    },
  });
  return { ...server, received };
}

const PAUSE = 50;
const pause = () => new Promise((done) => setTimeout(done, PAUSE));

const BEFORE_SENDING = 1;
const AT_HAND_OVER = 2;

describe('beforeHandOver', () => {
  it('throws before a connection is opened: send throws the same error, and opens none', async () => {
    const { url, connections } = await recordingServer();
    const { error, check } = objectionAt(BEFORE_SENDING);
    await expect(post(url, { beforeHandOver: check })).rejects.toBe(error);
    await pause();
    expect(connections.opened).toBe(0);
  });

  it('throws when a new connection stands: nothing is written, and the next request uses the connection', async () => {
    const { url, connections, received } = await recordingServer();
    const identity = await clientIdentity();
    const { error, check } = objectionAt(AT_HAND_OVER);
    await expect(post(url, { identity, beforeHandOver: check })).rejects.toBe(error);
    await pause();
    expect(received).toEqual(['']);
    expect(check).toHaveBeenCalledTimes(AT_HAND_OVER);
    expect((await post(url, { identity })).status).toBe(200);
    expect(received).toEqual([expect.stringMatching(/^POST /)]);
    expect(connections).toMatchObject({ opened: 1, open: 1 });
  });

  it('throws on a connection that was used before: nothing is written, and the next request uses it', async () => {
    const { url, connections, received } = await recordingServer();
    const identity = await clientIdentity();
    await post(url, { identity });
    const before = received[0]!;
    const { error, check } = objectionAt(AT_HAND_OVER);
    await expect(post(url, { identity, beforeHandOver: check })).rejects.toBe(error);
    await pause();
    expect(received).toEqual([before]);
    await post(url, { identity });
    expect(received).toEqual([before + before]);
    expect(connections).toMatchObject({ opened: 1, open: 1 });
  });

  it('stops only its own request if several begin at once', async () => {
    const { url, connections, received } = await recordingServer();
    const identity = await clientIdentity();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        post(url, {
          identity,
          beforeHandOver: objectionAt(index % 2 ? AT_HAND_OVER : Infinity).check,
        }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? 'rejected' : 'fulfilled')),
    );
    expect(received.join('').match(/POST /g)).toHaveLength(10);
    expect(connections.opened).toBeLessThanOrEqual(20);
  });

  it('is called with the connection standing, right before the request is written', async () => {
    const { url, connections, received } = await recordingServer();
    const seen: [opened: number, received: string][] = [];
    await post(url, {
      beforeHandOver: () => {
        seen.push([connections.opened, received.join('')]);
      },
    });
    expect(seen).toEqual([
      [0, ''],
      [1, ''],
    ]);
  });
});
