import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proxyFor } from '../../core/transport/proxy';
import { userAgent } from '../../core/transport/userAgent';
import { expectNoSecret, failureOf } from '../support/failure';
import {
  certificateAuthority,
  clientCertificate,
  clientIdentity,
  serverCertificate,
} from '../support/keys/certificates';
import { closeAfterTest, tcpServer, tlsServer, unusedPort } from '../support/servers/closing';
import { startOpensslServer } from '../support/servers/opensslServer';
import { startProxy } from '../support/servers/proxy';
import { failedPost, post, postWithoutVerification } from './attempt';

const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const saved = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));

function restore(environment: Record<string, string | undefined>): void {
  for (const name of NAMES) {
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  }
}

beforeEach(() => restore({}));
afterEach(() => restore(saved));

const notSent = { outcome: 'not-sent' };

describe('HTTPS_PROXY', () => {
  test.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])('is honoured as %s', async (name) => {
    const proxy = await startProxy();
    const { url, requests, connections } = await tlsServer();
    process.env[name] = proxy.address;
    const identity = await clientIdentity();
    for (let i = 0; i < 3; i++) expect((await post(url, { identity })).status).toBe(200);
    expect(proxy.seen.map(({ target }) => target)).toEqual([new URL(url).host]);
    expect(requests.map(({ client }) => client)).toEqual(Array(3).fill('Test Client'));
    expect(connections.opened).toBe(1);
  });

  test('carries nothing of a request that is stopped when it is handed over, and then the next one', async () => {
    const proxy = await startProxy();
    const { url, requests, connections } = await tlsServer();
    process.env.HTTPS_PROXY = proxy.address;
    const identity = await clientIdentity();
    const tooLate = new Error('Too late');
    const isAtHandOver = () => connections.opened > 0;
    const beforeHandOver = () => {
      if (isAtHandOver()) throw tooLate;
    };
    await expect(post(url, { identity, beforeHandOver })).rejects.toBe(tooLate);
    await post(url, { identity });
    expect(requests).toHaveLength(1);
    expect([proxy.seen.length, connections.opened]).toEqual([1, 1]);
  });

  test('shows the proxy only the host', async () => {
    const proxy = await startProxy();
    const { url } = await tlsServer();
    process.env.HTTPS_PROXY = proxy.address;
    await post(url);
    expect(proxy.seen).toEqual([
      {
        target: new URL(url).host,
        headers: {
          host: new URL(url).host,
          connection: 'close',
          'user-agent': userAgent,
          'proxy-connection': 'keep-alive',
        },
      },
    ]);
  });

  test.each([
    ['user:secret', 'user:secret'],
    ['user', 'user:'],
    [':secret', ':secret'],
    ['user:a@b:c', 'user:a@b:c'],
    ['user:100%', 'user:100%'],
    ['user:%zz%40', 'user:%zz@'],
    ['us%3Aer:%2F%3F%23', 'us:er:/?#'],
    ['müller:pässwörd', 'müller:pässwörd'],
  ])('may carry the log-in %s, and lack a scheme', async (given, sent) => {
    const proxy = await startProxy();
    const { url } = await tlsServer();
    process.env.HTTPS_PROXY = proxy.address.replace('http://', `${given}@`);
    await post(url);
    const header = `Basic ${Buffer.from(sent).toString('base64')}`;
    expect(proxy.seen[0]!.headers['proxy-authorization']).toBe(header);
  });

  test.each([1000.5, 16_100.000000000002])(
    'is honoured with a connect timeout of %d ms',
    async (connect) => {
      const proxy = await startProxy();
      const { url } = await tlsServer();
      process.env.HTTPS_PROXY = proxy.address;
      expect((await post(url, { timeouts: { connect, request: 5000 } })).status).toBe(200);
      expect(proxy.seen).toHaveLength(1);
    },
  );

  test('is honoured for a host with a dot at its end', async () => {
    const proxy = await startProxy();
    const names: unknown[] = [];
    const { port } = await tlsServer({
      socket: (socket) => {
        names.push((socket as { servername?: unknown }).servername);
        socket.end('HTTP/1.1 200 OK\r\n\r\n');
      },
    });
    process.env.HTTPS_PROXY = proxy.address;
    await post(`https://localhost.:${port}`);
    expect(names).toEqual(['localhost']);
  });

  test('is not used for hosts of NO_PROXY, also if it changes', async () => {
    const proxy = await startProxy();
    const { url, requests } = await tlsServer();
    const identity = await clientIdentity();
    process.env.HTTPS_PROXY = proxy.address;
    process.env.NO_PROXY = 'bank.example,localhost';
    await post(url, { identity });
    expect(proxy.seen).toHaveLength(0);
    process.env.NO_PROXY = 'bank.example';
    await post(url, { identity });
    expect(proxy.seen).toHaveLength(1);
    expect(requests).toHaveLength(2);
  });

  test('is not read if it is empty', async () => {
    const proxy = await startProxy();
    const { url } = await tlsServer();
    process.env.https_proxy = '';
    process.env.HTTPS_PROXY = proxy.address;
    await post(url);
    expect(proxy.seen).toHaveLength(1);
  });

  test('is used, and HTTP_PROXY is ignored', async () => {
    const { url, requests } = await tlsServer();
    process.env.HTTP_PROXY = `http://127.0.0.1:${await unusedPort()}`;
    await post(url);
    const proxy = await startProxy();
    process.env.HTTPS_PROXY = proxy.address;
    process.env.HTTP_PROXY = 'not an address';
    await post(url);
    expect(proxy.seen).toHaveLength(1);
    expect(requests).toHaveLength(2);
  });
});

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
    expect(Date.now() - started).toBeLessThan(1500);
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

describe('a proxy that is asked over TLS', () => {
  const trusted = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'open-banking-proxy-'));
    closeAfterTest(() => rm(folder, { recursive: true }));
    const file = join(folder, 'authority.pem');
    await writeFile(file, (await certificateAuthority()).certificate);
    return { NODE_EXTRA_CA_CERTS: file };
  };

  test('opens a tunnel if its certificate is trusted', async () => {
    const proxy = await startProxy(200, await serverCertificate());
    const { url } = await tlsServer();
    const environment = { HTTPS_PROXY: proxy.address, ...(await trusted()) };
    expect(await postWithoutVerification(url, await clientIdentity(), environment)).toBe('200');
    expect(proxy.seen).toHaveLength(1);
  });

  test('is rejected with a certificate of an unknown authority even if NODE_TLS_REJECT_UNAUTHORIZED is 0', async () => {
    const proxy = await startProxy(
      200,
      await (await certificateAuthority('Other CA')).issue({ usage: 'server' }),
    );
    const { url, requests } = await tlsServer();
    const environment = { HTTPS_PROXY: proxy.address, ...(await trusted()) };
    expect(await postWithoutVerification(url, await clientIdentity(), environment)).toBe(
      'proxy-failed',
    );
    expect(proxy.seen).toHaveLength(0);
    expect(requests).toHaveLength(0);
  });
});

describe('NO_PROXY', () => {
  const usesProxy = (url: string, exceptions: string): boolean =>
    proxyFor(new URL(url).origin, {
      variable: 'HTTPS_PROXY',
      address: 'http://proxy.example:3128',
      exceptions,
    }) !== undefined;

  test.each([
    ['bank.example', 'https://bank.example'],
    ['bank.example', 'https://is.bank.example:9446'],
    ['BANK.example.', 'https://Bank.Example.'],
    ['.bank.example', 'https://is.bank.example'],
    ['*.bank.example', 'https://is.bank.example'],
    ['*bank.example', 'https://mybank.example'],
    ['is.*.example', 'https://is.bank.example'],
    ['*', 'https://bank.example'],
    ['other.example, bank.example:9446', 'https://bank.example:9446'],
    ['other.example  bank.example:443', 'https://bank.example'],
    ['10.1.2.3', 'https://10.1.2.3'],
    ['127.*', 'https://127.0.0.1'],
    ['10.0.0.0/8', 'https://10.1.2.3:9446'],
    ['fd00::/8', 'https://[fd12::1]:9446'],
    ['::1', 'https://[::1]'],
    ['[::1]:9446', 'https://[::1]:9446'],
  ])('%s is for %s', (exceptions, url) => {
    expect(usesProxy(url, exceptions)).toBe(false);
  });

  test.each([
    ['', 'https://bank.example'],
    ['bank.example', 'https://mybank.example'],
    ['bank.example', 'https://bank.example.evil'],
    ['bank.example:443', 'https://bank.example:9446'],
    ['is.*.example', 'https://is.bank.example.evil'],
    ['b.nk.example', 'https://bank.example'],
    ['10.0.0.0/8', 'https://11.1.2.3'],
    ['10.0.0.0/99', 'https://10.1.2.3'],
    ['10.0.0.0/8', 'https://bank.example'],
    ['::1', 'https://[::2]'],
  ])('%s is not for %s', (exceptions, url) => {
    expect(usesProxy(url, exceptions)).toBe(true);
  });
});

describe('TLS inside the tunnel', () => {
  test('is named if the server speaks HTTP/2 only', async () => {
    const proxy = await startProxy();
    const { url } = await tlsServer({ protocols: ['h2'], socket: () => undefined });
    process.env.HTTPS_PROXY = proxy.address;
    const failure = await failureOf(post(url));
    expect(failure).toMatchObject({ code: 'tls-handshake-failed', ...notSent });
    expect(failure.message).toContain('does not speak HTTP/1.1');
  });

  test.each([
    ['server-certificate-hostname', () => serverCertificate({ name: 'bank.example' })],
    ['server-certificate-expired', () => serverCertificate({ until: -1 })],
    [
      'server-certificate-unknown-authority',
      async () => (await certificateAuthority('Other CA')).issue({ usage: 'server' }),
    ],
  ])('is verified: %s', async (code, make) => {
    const proxy = await startProxy();
    const { url, requests } = await tlsServer({ certificate: await make() });
    process.env.HTTPS_PROXY = proxy.address;
    expect(await failedPost(url)).toMatchObject({ code, stage: 'tls', ...notSent });
    expect(requests).toHaveLength(0);
  });

  test('reports a refused client certificate', async () => {
    const proxy = await startProxy();
    const server = await startOpensslServer('-tls1_3');
    closeAfterTest(() => server.close());
    process.env.HTTPS_PROXY = proxy.address;
    const identity = await clientIdentity(await clientCertificate({ until: -1 }));
    expect(await failedPost(server.url, { identity })).toMatchObject({
      code: 'client-certificate-refused',
      ...notSent,
    });
  });

  test('leaves the outcome unknown if it ends after the request', async () => {
    const proxy = await startProxy();
    const { url, requests } = await tlsServer({
      handle: (_request, response) => response.destroy(),
    });
    process.env.HTTPS_PROXY = proxy.address;
    expect(await failedPost(url)).toMatchObject({ code: 'connection-lost', outcome: 'unknown' });
    await new Promise((done) => setTimeout(done, 100));
    expect(requests).toHaveLength(1);
  });
});
