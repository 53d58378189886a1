import { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { transportFailure } from '../../core/transport/failures';
import { clientIdentity } from '../support/keys/certificates';
import { tcpServer, tlsServer } from '../support/servers/closing';
import { until } from '../support/waiting';
import { failedPost, post } from './attempt';

const unknown = { outcome: 'unknown' };

describe('a connection that fails after the request was sent', () => {
  const answers: [string, string, (socket: TLSSocket) => void][] = [
    ['is closed', 'connection-lost', (socket) => socket.once('data', () => socket.end())],
    ['is destroyed', 'connection-lost', (socket) => socket.once('data', () => socket.destroy())],
    ['is closed right after the handshake', 'connection-lost', (socket) => socket.end()],
    ['is destroyed right after the handshake', 'connection-lost', (socket) => socket.destroy()],
    [
      'is closed amid the headers',
      'connection-lost',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Le')),
    ],
    [
      'is closed amid the body',
      'connection-lost',
      (socket) =>
        socket.once('data', () =>
          socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"access_token":"half'),
        ),
    ],
    [
      'is closed amid a chunk',
      'connection-lost',
      (socket) =>
        socket.once('data', () =>
          socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"access'),
        ),
    ],
    [
      'carries something other than HTTP',
      'response-unexpected',
      (socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')),
    ],
    [
      'carries headers without end',
      'response-too-large',
      (socket) =>
        socket.once('data', () =>
          socket.write(`HTTP/1.1 200 OK\r\nX-Filler: ${'x'.repeat(100_000)}\r\n\r\n`),
        ),
    ],
  ];
  test.each(answers)(
    'because it %s leaves the outcome unknown, and the request is not repeated',
    async (_name, code, socket) => {
      const { url, connections } = await tlsServer({ socket });
      expect(await failedPost(url)).toMatchObject({ code, ...unknown });
      await new Promise((done) => setTimeout(done, 50));
      expect(connections.opened).toBe(1);
    },
  );

  test('because it is reset leaves the outcome unknown', async () => {
    const bank = await tlsServer();
    // Between client and server, where a connection can be reset below TLS.
    let toClient: Socket | undefined;
    const middle = await tcpServer((socket) => {
      toClient = socket;
      const onward = new Socket();
      onward.on('error', () => undefined).connect(bank.port, '127.0.0.1');
      socket.on('close', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    });
    const identity = await clientIdentity();
    expect((await post(`https://localhost:${middle.port}`, { identity })).status).toBe(200);
    const pending = failedPost(`https://localhost:${middle.port}`, { identity });
    toClient!.pause().unpipe();
    setTimeout(() => toClient!.resetAndDestroy(), 100);
    expect(await pending).toMatchObject({ code: 'connection-lost', stage: 'request', ...unknown });
    expect(middle.count).toBe(1);
  });

  test('because no answer arrives in time leaves the outcome unknown', async () => {
    const { url, requests } = await tlsServer({ handle: () => undefined });
    const timeouts = { connect: 5000, request: 300 };
    expect(await failedPost(url, { timeouts })).toMatchObject({
      code: 'timeout',
      stage: 'request',
      ...unknown,
    });
    expect(requests).toHaveLength(1);
  });

  test('because the body arrives too slowly leaves the outcome unknown', async () => {
    const { url, connections } = await tlsServer({
      handle: (_request, response) => {
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
      },
    });
    const started = Date.now();
    const timeouts = { connect: 5000, request: 400 };
    expect(await failedPost(url, { timeouts })).toMatchObject({ code: 'timeout', ...unknown });
    expect(Date.now() - started).toBeLessThan(10_000);
    await until(() => connections.open === 0);
  });
});

describe('a code of the socket', () => {
  const failing = (code: string, syscall?: string) =>
    Object.assign(new Error('private'), { code, syscall });
  const meaning = (error: unknown, begun: boolean) => {
    const { code, outcome } = transportFailure(error, 'bank.example:9446', begun);
    return { code, outcome };
  };

  test.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])(
    '%s means that nothing was sent before the request began, and leaves it open afterwards',
    (code) => {
      expect(meaning(failing(code, 'connect'), false).outcome).toBe('not-sent');
      expect(meaning(failing(code, 'read'), true)).toEqual({
        code: 'connection-lost',
        outcome: 'unknown',
      });
    },
  );

  test.each([
    'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
    'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED',
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
    'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  ])('%s leaves the outcome unknown on a connection that has carried an answer', (code) => {
    expect(meaning(failing(code), true)).toEqual({ code: 'connection-lost', outcome: 'unknown' });
  });

  test.each([
    ['ENOTFOUND', /DNS/, /firewall|Connect Timeout/],
    ['ECONNREFUSED', /firewall/, /DNS|Connect Timeout/],
    ['UND_ERR_CONNECT_TIMEOUT', /Connect Timeout/, /DNS/],
  ])('%s has the advice for its own cause', (code, advice, other) => {
    const { description } = transportFailure(failing(code), 'bank.example', false);
    expect(description).toMatch(advice);
    expect(description).not.toMatch(other);
  });

  test.each([
    [failing('SOMETHING_NEW'), 'request-failed'],
    [new Error('private'), 'request-failed'],
    ['text', 'request-failed'],
    [undefined, 'request-failed'],
    [Object.assign(new Error('outer'), { cause: failing('ECONNREFUSED') }), 'host-unreachable'],
    [new AggregateError([failing('ECONNREFUSED')]), 'host-unreachable'],
  ])('is found in wrapped errors: %s', (error, code) => {
    expect(meaning(error, false)).toEqual({ code, outcome: 'not-sent' });
    expect(transportFailure(error, 'bank.example', false).message).not.toContain('private');
  });

  test.each([
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'client-certificate-refused'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'client-certificate-refused'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client-certificate-refused'],
    ['ERR_SSL_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client-certificate-refused'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'tls-handshake-failed'],
    ['ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM', 'tls-handshake-failed'],
  ])('%s is recognized with the words of each version of OpenSSL', (name, code) => {
    expect(meaning(failing(name), false)).toEqual({ code, outcome: 'not-sent' });
  });
});
