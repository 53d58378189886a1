import { expectNoSecret, failureOf } from '../support/failure';
import { tcpServer, tlsServer, unusedPort } from '../support/servers/closing';
import { startProxy } from '../support/servers/proxy';
import { failedPost, post } from './attempt';
import { withoutProxies } from './proxyEnvironment';

const notSent = { outcome: 'not-sent' };

withoutProxies();

describe('a proxy fails', () => {
  test.each([403, 407, 502, 503])('because it answers %d', async (status) => {
    const proxy = await startProxy(status);
    const { url, connections } = await tlsServer();
    process.env.HTTPS_PROXY = proxy.address;
    expect(await failedPost(url)).toMatchObject({
      code: 'proxy-failed',
      stage: 'request',
      message: expect.stringContaining(String(status)) as string,
      ...notSent,
    });
    await new Promise((done) => setTimeout(done, 50));
    expect(proxy.seen).toHaveLength(1);
    expect(connections.opened).toBe(0);
  });

  test('because it is down', async () => {
    const { url } = await tlsServer();
    process.env.HTTPS_PROXY = `http://127.0.0.1:${await unusedPort()}`;
    expect(await failedPost(url)).toMatchObject({ code: 'proxy-failed', ...notSent });
  });

  test('because it closes the connection, and is not asked again', async () => {
    const { url } = await tlsServer();
    const closing = await tcpServer((socket) => socket.once('data', () => socket.end()));
    process.env.HTTPS_PROXY = `http://127.0.0.1:${closing.port}`;
    expect(await failedPost(url)).toMatchObject({ code: 'proxy-failed', ...notSent });
    await new Promise((done) => setTimeout(done, 100));
    expect(closing.count).toBe(1);
  });

  test('because it is silent', async () => {
    const { url } = await tlsServer();
    const silent = await tcpServer(() => undefined);
    process.env.HTTPS_PROXY = `http://127.0.0.1:${silent.port}`;
    const started = Date.now();
    const timeouts = { connect: 300, request: 5000 };
    expect(await failedPost(url, { timeouts })).toMatchObject({
      code: 'proxy-failed',
      ...notSent,
    });
    expect(Date.now() - started).toBeLessThan(4500);
  });

  test('because it is silent behind the tunnel that it opened', async () => {
    const { url } = await tlsServer();
    const silent = await tcpServer((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n')),
    );
    process.env.HTTPS_PROXY = `http://127.0.0.1:${silent.port}`;
    const timeouts = { connect: 300, request: 5000 };
    expect(await failedPost(url, { timeouts })).toMatchObject({
      code: 'host-unreachable',
      ...notSent,
    });
  });

  test.each([
    'http://user:hunter2@[proxy',
    'http://user:77/hunter2@proxy.example:3128',
    'http://user:77?hunter2@proxy.example:3128',
    'user:77#hunter2@proxy.example:3128',
    'http://user:hunter2@proxy.example:port',
  ])('because its address is malformed, and the address is not shown: %s', async (address) => {
    const { url } = await tlsServer();
    process.env.HTTPS_PROXY = address;
    const failure = await failureOf(post(url));
    expect(failure).toMatchObject({ code: 'proxy-failed', ...notSent });
    expect(failure.message).toBe('HTTPS_PROXY in the environment of n8n is not an address');
    expect(failure.description).toContain('%40');
    expectNoSecret(failure, ['hunter2']);
  });

  test.each(['socks5', 'SOCKS5h', 'ftp', 'quic'])('because it is of the kind %s', async (kind) => {
    const { url, connections } = await tlsServer();
    process.env.ALL_PROXY = `${kind}://user:hunter2@127.0.0.1:1080`;
    const failure = await failureOf(post(url));
    expect(failure).toMatchObject({ code: 'proxy-failed', ...notSent });
    expect(failure.message).toBe(
      `ALL_PROXY in the environment of n8n names a proxy of the kind "${kind.toLowerCase()}"`,
    );
    expect(failure.description).toMatch(/"http:\/\/" or "https:\/\/"/);
    expectNoSecret(failure, ['hunter2']);
    process.env.NO_PROXY = 'localhost';
    await post(url);
    expect(connections.opened).toBe(1);
  });

  test.each<[string, string[], string, RegExp, RegExp]>([
    [
      'no log-in',
      ['Basic realm="Office, NTLM"'],
      '',
      /demands a log-in \(407, Basic\)/,
      /Write user/,
    ],
    ['a wrong log-in', ['Basic realm="x"'], 'user:hunter2@', /refused the log-in/, /Compare user/],
    [
      'no log-in of its kind',
      ['Negotiate', 'NTLM TlRMTVNT'],
      'user:hunter2@',
      /a kind that is not supported \(407, NTLM, Negotiate\)/,
      /Basic only/,
    ],
    ['a log-in that it says nothing about', [], '', /demands a log-in \(407\)/, /Write user/],
  ])('because it sees %s', async (_, challenges, logIn, message, advice) => {
    const proxy = await startProxy(407, undefined, challenges);
    const { url } = await tlsServer();
    process.env.HTTPS_PROXY = proxy.address.replace('//', `//${logIn}`);
    const failure = await failureOf(post(url));
    expect(failure).toMatchObject({ code: 'proxy-failed', ...notSent });
    expect(failure.message).toMatch(message);
    expect(failure.message).toContain(`the proxy "${new URL(proxy.address).host}" (HTTPS_PROXY)`);
    expect(failure.description).toMatch(advice);
    expectNoSecret(failure, ['hunter2', btoa('user:hunter2'), 'Office', 'TlRMTVNT']);
  });

  test('because it speaks no TLS although its address says so', async () => {
    const proxy = await startProxy();
    const { url } = await tlsServer();
    process.env.HTTPS_PROXY = proxy.address.replace('http:', 'https:');
    const failure = await failureOf(post(url));
    expect(failure).toMatchObject({ code: 'proxy-failed', ...notSent });
    expect(failure.message).toContain('TLS handshake with the proxy');
    expect(failure.description).toContain('begins with "http://"');
  });
});
