import { version } from '../../package.json';
import { tlsServer } from '../support/servers/closing';
import { clientIdentity } from '../support/keys/certificates';
import { until } from '../support/waiting';
import { BODY, failedPost, post } from './attempt';

describe('send', () => {
  test('sends method, path, query, headers and body unchanged', async () => {
    const { url, requests } = await tlsServer();
    const answer = await post(`${url}/oauth2/token?a=1&b=%2F`);
    expect(requests).toEqual([
      {
        method: 'POST',
        url: '/oauth2/token?a=1&b=%2F',
        body: BODY,
        client: 'Test Client',
        headers: {
          host: new URL(url).host,
          connection: 'keep-alive',
          'user-agent': `n8n-nodes-open-banking/${version}`,
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(BODY.length),
        },
      },
    ]);
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"ok":true}'),
    });
    expect(Math.abs(answer.receivedAt.getTime() - Date.now())).toBeLessThan(5000);
  });

  test('sends a GET without a body', async () => {
    const { url, requests } = await tlsServer();
    await post(url, { method: 'GET' });
    expect(requests).toMatchObject([{ method: 'GET', body: '' }]);
  });

  test.each([200, 201, 204, 400, 401, 429, 500, 503])(
    'returns an answer with status %d',
    async (status) => {
      const { url, requests } = await tlsServer({
        handle: (_request, response) => response.writeHead(status, { 'X-Twice': ['a', 'b'] }).end(),
      });
      expect(await post(url)).toMatchObject({ status, headers: { 'x-twice': 'a, b' } });
      expect(requests).toHaveLength(1);
    },
  );

  test('ignores informational answers (1xx)', async () => {
    const { url } = await tlsServer({
      handle: (_request, response) => {
        response.writeProcessing();
        response.writeEarlyHints({ link: '</style.css>; rel=preload' });
        response.writeHead(400).end('late');
      },
    });
    expect(await post(url)).toMatchObject({ status: 400, body: Buffer.from('late') });
  });

  test.each([301, 302, 303, 307, 308])('does not follow a redirect (%d)', async (status) => {
    const target = await tlsServer();
    const { url, requests } = await tlsServer({
      handle: (_request, response) =>
        response.writeHead(status, { Location: `${target.url}/token` }).end('<html>moved</html>'),
    });
    expect(await failedPost(url)).toMatchObject({
      code: 'response-unexpected',
      stage: 'response',
      status,
      outcome: 'unknown',
    });
    expect(requests).toHaveLength(1);
    expect(target.connections.opened).toBe(0);
  });
});

describe('a request is sent only once', () => {
  test('if the server closes the connection instead of an answer', async () => {
    const { url, requests, connections } = await tlsServer({
      handle: (_request, response) => response.destroy(),
    });
    for (const method of ['POST', 'GET'] as const) await failedPost(url, { method });
    await new Promise((done) => setTimeout(done, 100));
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(connections.opened).toBe(2);
  });

  test('if a kept-alive connection breaks at its second request', async () => {
    const identity = await clientIdentity();
    let count = 0;
    const { url, requests, connections } = await tlsServer({
      handle: (_request, response) => (++count === 2 ? response.destroy() : response.end()),
    });
    await post(url, { identity });
    expect(await failedPost(url, { identity })).toMatchObject({
      code: 'connection-lost',
      outcome: 'unknown',
    });
    await new Promise((done) => setTimeout(done, 100));
    expect(requests).toHaveLength(2);
    expect(connections.opened).toBe(1);

    expect((await post(url, { identity })).status).toBe(200);
    expect(connections.opened).toBe(2);
  });

  test('over a new connection if the server closed the idle one before', async () => {
    const identity = await clientIdentity();
    let last: { destroy(): void } | undefined;
    const { url, requests, connections } = await tlsServer({
      handle: (_request, response) => {
        last = response.socket!;
        response.end();
      },
    });
    await post(url, { identity });
    last!.destroy();
    await new Promise((done) => setTimeout(done, 50));
    await post(url, { identity });
    expect(requests).toHaveLength(2);
    expect(connections.opened).toBe(2);
  });

  test('if the server closes the idle connection at the moment of reuse', async () => {
    const identity = await clientIdentity();
    let closeAt = 0;
    const { url, requests } = await tlsServer({
      handle: (_request, response) => {
        const { socket } = response;
        response.end();
        setTimeout(() => socket!.destroy(), closeAt);
      },
    });
    const rounds = 40;
    let failures = 0;
    for (let round = 0; round < rounds; round++) {
      closeAt = 5 + (round % 5);
      const before = requests.length;
      await post(url, { identity }).catch((error: { outcome: string }) => {
        failures++;
        expect(error.outcome).toBe('unknown');
      });
      expect(requests.length - before).toBeLessThanOrEqual(1);
      await new Promise((done) => setTimeout(done, 7));
    }
    expect(failures).toBeLessThan(rounds / 2);
    expect(requests.length).toBeGreaterThanOrEqual(rounds - failures);
  });

  test('over a new connection if the server announced to close the old one', async () => {
    const identity = await clientIdentity();
    const { url, requests, connections } = await tlsServer({
      handle: (_request, response) => response.setHeader('Connection', 'close').end(),
    });
    for (let i = 0; i < 5; i++) await post(url, { identity });
    expect(requests).toHaveLength(5);
    expect(connections.opened).toBe(5);
  });

  test('over a new connection if the old one carries an answer without a request', async () => {
    const identity = await clientIdentity();
    const { url, connections } = await tlsServer({
      handle: (_request, response) => {
        const { socket } = response;
        response.end('first');
        setTimeout(() => socket!.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged'), 20);
      },
    });
    await post(url, { identity });
    await until(() => connections.open === 0);
    expect(String((await post(url, { identity })).body)).toBe('first');
    expect(connections.opened).toBe(2);
  });
});
