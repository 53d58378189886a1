import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy'];
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
  test.each(['HTTPS_PROXY', 'https_proxy'])('is honoured as %s', async (name) => {
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
          'proxy-connection': 'keep-alive',
        },
      },
    ]);
  });

  test('may carry a user name, and lack a scheme', async () => {
    const proxy = await startProxy();
    const { url } = await tlsServer();
    process.env.HTTPS_PROXY = proxy.address.replace('http://', 'user:secret@');
    await post(url);
    expect(proxy.seen[0]!.headers['proxy-authorization']).toBe(`Basic ${btoa('user:secret')}`);
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

  test('is not used for hosts of NO_PROXY', async () => {
    const proxy = await startProxy();
    const { url, requests } = await tlsServer();
    process.env.HTTPS_PROXY = proxy.address;
    process.env.NO_PROXY = 'bank.example,localhost';
    await post(url);
    expect(proxy.seen).toHaveLength(0);
    expect(requests).toHaveLength(1);
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
      code: status === 407 ? 'proxy-failed' : 'proxy-failed',
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
      code: 'host-unreachable',
      ...notSent,
    });
    expect(Date.now() - started).toBeLessThan(1500);
  });

  test('because its address is malformed, and the address is not shown', async () => {
    const { url } = await tlsServer();
    process.env.HTTPS_PROXY = 'http://user:hunter2@[proxy';
    const failure = await post(url).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'proxy-failed', ...notSent });
    expect((failure as Error).message).not.toContain('hunter2');
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
      'server-certificate-unknown-authority',
    );
    expect(proxy.seen).toHaveLength(0);
    expect(requests).toHaveLength(0);
  });
});

describe('TLS inside the tunnel', () => {
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
