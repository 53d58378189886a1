import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userAgent } from '../../core/transport/userAgent';
import { failureOf } from '../support/failure';
import {
  certificateAuthority,
  clientCertificate,
  clientIdentity,
  serverCertificate,
} from '../support/keys/certificates';
import { closeAfterTest, tlsServer, unusedPort } from '../support/servers/closing';
import { startOpensslServer } from '../support/servers/opensslServer';
import { startProxy } from '../support/servers/proxy';
import { failedPost, post, postWithoutVerification } from './attempt';
import { withoutProxies } from './proxyEnvironment';

const notSent = { outcome: 'not-sent' };

withoutProxies();

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
