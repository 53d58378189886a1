import dns from 'node:dns';
import { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { clientIdentity, pemBlock } from '../support/keys/certificates';
import { tcpServer, tlsServer, unusedPort } from '../support/servers/closing';
import { failureOf } from '../support/failure';
import { failedPost, post } from './attempt';

/** Frames of HTTP/2 (RFC 9113 §6.5 and §6.8). */
const SETTINGS = Buffer.from('000006' + '04' + '00' + '00000000' + '000300000064', 'hex');
const GOAWAY = Buffer.from('000008' + '07' + '00' + '00000000' + '0000000000000001', 'hex');

const notSent = { outcome: 'not-sent' };

describe('a connection fails', () => {
  test('because the server speaks TLS 1.1 only', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' } as const;
    const { url } = await tlsServer({ ...old, ciphers: 'DEFAULT@SECLEVEL=0' });
    expect(await failedPost(url)).toMatchObject({
      code: 'tls-outdated',
      stage: 'tls',
      ...notSent,
    });
  });

  test('because the server speaks HTTP/2 only', async () => {
    const { url } = await tlsServer({ protocols: ['h2'], socket: () => undefined });
    const failure = await failureOf(post(url));
    expect(failure).toMatchObject({ code: 'tls-handshake-failed', stage: 'tls', ...notSent });
    expect(failure.message).toContain('does not speak HTTP/1.1');
    expect(failure.description).toContain('HTTP/2');
  });

  test.each([
    ['at once', (socket: TLSSocket) => void socket.write(SETTINGS)],
    ['after the request', (socket: TLSSocket) => socket.once('data', () => socket.end(SETTINGS))],
    [
      'and refuses the request',
      (socket: TLSSocket) => socket.once('data', () => socket.end(GOAWAY)),
    ],
  ])(
    'with an unknown outcome if the server answers in HTTP/2 %s, whatever was agreed',
    async (_name, socket) => {
      for (const isWanted of [undefined, () => false]) {
        const { url, connections } = await tlsServer({ protocols: [], socket });
        const failure = await failureOf(post(url, { isWanted }));
        expect(failure).toMatchObject({
          code: 'tls-handshake-failed',
          stage: 'tls',
          outcome: 'unknown',
        });
        expect(failure.message).toContain('does not speak HTTP/1.1 (HTTP/2)');
        expect(failure.description).toContain('ask the bank for an endpoint with HTTP/1.1');
        expect(connections.opened).toBe(1);
      }
    },
  );

  test('because the port speaks HTTP without TLS', async () => {
    const { port } = await tcpServer((socket) => {
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    });
    expect(await failedPost(`https://localhost:${port}`)).toMatchObject({
      code: 'tls-handshake-failed',
      stage: 'tls',
      ...notSent,
      message: expect.stringContaining('does not speak TLS') as string,
    });
  });

  test('because nothing listens', async () => {
    const url = `https://localhost:${await unusedPort()}`;
    expect(await failedPost(url)).toMatchObject({
      code: 'host-unreachable',
      stage: 'request',
      ...notSent,
    });
  });

  test('because the name does not resolve', async () => {
    // A label beyond 63 characters (RFC 1035 §2.3.4) fails without a query.
    const identity = await clientIdentity();
    await expect(post(`https://${'a'.repeat(64)}.localhost`, { identity })).rejects.toMatchObject({
      code: 'host-unreachable',
      stage: 'request',
      ...notSent,
    });
  });

  test('because the handshake is never answered', async () => {
    const silent = await tcpServer(() => undefined);
    const started = Date.now();
    const timeouts = { connect: 300, request: 5000 };
    expect(await failedPost(`https://localhost:${silent.port}`, { timeouts })).toMatchObject({
      code: 'host-unreachable',
      stage: 'request',
      ...notSent,
    });
    expect(Date.now() - started).toBeLessThan(4500);
  });

  test('with host-unreachable if the request timeout ends first', async () => {
    const silent = await tcpServer(() => undefined);
    const started = Date.now();
    const timeouts = { connect: 5000, request: 300 };
    expect(await failedPost(`https://localhost:${silent.port}`, { timeouts })).toMatchObject({
      code: 'host-unreachable',
      ...notSent,
    });
    expect(Date.now() - started).toBeLessThan(4500);
  });

  test('and the request is not sent if the connection is established later', async () => {
    const { requests, connections, port } = await tlsServer();
    const late = await tcpServer((socket) => {
      setTimeout(() => {
        const bank = new Socket();
        bank.on('error', () => undefined);
        bank.connect(port, '127.0.0.1');
        socket.on('close', () => bank.destroy());
        socket.pipe(bank).pipe(socket);
      }, 500);
    });
    const timeouts = { connect: 5000, request: 200 };
    expect(await failedPost(`https://localhost:${late.port}`, { timeouts })).toMatchObject(notSent);
    await new Promise((done) => setTimeout(done, 800));
    expect(connections.opened).toBe(1);
    expect(requests).toHaveLength(0);
  });

  test.each([
    ['closed', (socket: Socket) => socket.end()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('because it is %s during the handshake, and is not tried again', async (_name, hangUp) => {
    const tcp = await tcpServer((socket) => socket.once('data', () => hangUp(socket)));
    expect(await failedPost(`https://localhost:${tcp.port}`)).toMatchObject({
      code: 'connection-lost',
      stage: 'request',
      ...notSent,
    });
    expect(tcp.count).toBe(1);
  });

  test('because the key cannot be read', async () => {
    const { url } = await tlsServer();
    const identity = await clientIdentity(undefined, {
      privateKey: pemBlock('PRIVATE KEY', btoa('not a key')),
    });
    expect(await failedPost(url, { identity })).toMatchObject({
      code: 'client-certificate-unusable',
      stage: 'tls',
      ...notSent,
    });
  });
});

describe('the name in the handshake', () => {
  const namesSeen = async (host: string) => {
    const names: unknown[] = [];
    const { port } = await tlsServer({
      socket: (socket) => {
        names.push((socket as { servername?: unknown }).servername);
        socket.end('HTTP/1.1 200 OK\r\n\r\n');
      },
    });
    const { lookup } = dns;
    // Not every resolver knows "localhost" with a dot.
    const known = jest
      .spyOn(dns, 'lookup')
      .mockImplementation((name: string, ...rest: unknown[]) =>
        (lookup as (...all: unknown[]) => void)(name.replace(/\.$/, ''), ...rest),
      );
    await post(`https://${host}:${port}`);
    known.mockRestore();
    return names;
  };

  test.each(['localhost', 'LOCALHOST', 'localhost.'])(
    'of %s has no dot at its end',
    async (host) => {
      expect(await namesSeen(host)).toEqual(['localhost']);
    },
  );

  test('of an address is missing', async () => {
    expect(await namesSeen('127.0.0.1')).toEqual([false]);
  });
});
