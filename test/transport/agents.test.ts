import { agentFor, destroyAgents, MAXIMUM_AGENTS } from '../../core/transport/agents';
import { clientIdentity } from '../support/keys/certificates';
import { tlsServer } from '../support/servers/closing';
import { until } from '../support/waiting';
import { failedPost, post, TIMEOUTS } from './attempt';

describe('connections', () => {
  test('are used again: 50 requests, one after the other, open one connection', async () => {
    const identity = await clientIdentity();
    const { url, requests, connections } = await tlsServer();
    for (let i = 0; i < 50; i++) await post(url, { identity });
    expect(requests).toHaveLength(50);
    expect(connections.opened).toBe(1);
  });

  test('are at most as many as requests in flight', async () => {
    const identity = await clientIdentity();
    const { url, requests, connections } = await tlsServer({
      handle: (_request, response) => setTimeout(() => response.end(), 5),
    });
    const worker = async () => {
      for (let i = 0; i < 20; i++) await post(url, { identity });
    };
    await Promise.all(Array.from({ length: 5 }, worker));
    expect(requests).toHaveLength(100);
    expect(connections.opened).toBeLessThanOrEqual(5);
    expect(connections.opened).toBeGreaterThan(1);
  });

  test('are used again after an answer with status 400', async () => {
    const identity = await clientIdentity();
    const { url, connections } = await tlsServer({
      handle: (_request, response) => response.writeHead(400).end('{"error":"invalid_grant"}'),
    });
    for (let i = 0; i < 5; i++) await post(url, { identity });
    expect(connections.opened).toBe(1);
  });

  test('are new for a request that needs a new one, and are not used again', async () => {
    const identity = await clientIdentity();
    const { url, requests, connections } = await tlsServer();
    await post(url, { identity });
    for (let i = 0; i < 3; i++) await post(url, { identity, needsNewConnection: true });
    await post(url, { identity });
    const headers = requests.map((request) => request.headers.connection);
    expect(headers).toEqual(['keep-alive', 'close', 'close', 'close', 'keep-alive']);
    expect(connections.opened).toBe(4);
    await until(() => connections.open === 1);
  });

  test('are shared by equal identities only', async () => {
    const identity = await clientIdentity();
    const { url, connections } = await tlsServer();
    await post(url, { identity });
    await post(url, { identity: { ...identity } });
    expect(connections.opened).toBe(1);
    await post(url);
    expect(connections.opened).toBe(2);
  });

  test('are not shared by origins', async () => {
    const identity = await clientIdentity();
    const [one, other] = [await tlsServer(), await tlsServer()];
    for (const { url } of [one, other, one, other]) await post(url, { identity });
    expect([one.connections.opened, other.connections.opened]).toEqual([1, 1]);
  });

  test('are closed by destroyAgents, and requests in flight fail', async () => {
    const identity = await clientIdentity();
    const { url, connections, requests } = await tlsServer({ handle: () => undefined });
    const pending = failedPost(url, { identity });
    await until(() => requests.length > 0);
    await destroyAgents();
    expect(await pending).toMatchObject({ code: 'request-failed', outcome: 'unknown' });
    await until(() => connections.open === 0);
  });

  test('leave no timers or listeners behind', async () => {
    const identity = await clientIdentity();
    const { url, connections, requests } = await tlsServer();
    const rounds = async (count: number) => {
      for (let i = 0; i < count; i++) await post(url, { identity });
      requests.length = 0;
    };
    await rounds(20);
    const before = process.getActiveResourcesInfo().length;
    const listeners = process.listenerCount('exit');
    await rounds(300);
    expect(connections.opened).toBe(1);
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before + 2);
    expect(process.listenerCount('exit')).toBe(listeners);
  });
});

describe('an agent', () => {
  test('that was not used for the longest time is closed if there are too many', async () => {
    const { url, connections } = await tlsServer({ keepAliveTimeout: 60_000 });
    const [first, second] = [await clientIdentity(), await clientIdentity()];
    await post(url, { identity: first });
    await post(url, { identity: second });
    await post(url, { identity: first });
    for (let i = 0; i < MAXIMUM_AGENTS - 1; i++) {
      agentFor({ ...first, fingerprint: `filler ${i}` }, url, TIMEOUTS);
    }
    await until(() => connections.open === 1);
    expect(connections.opened).toBe(2);
    await post(url, { identity: first });
    expect(connections.opened).toBe(2);
  });

  test('that is closed because there are too many finishes its requests', async () => {
    let answer: (() => void) | undefined;
    const { url } = await tlsServer({
      handle: (_request, response) => {
        answer = () => response.end('done');
      },
    });
    const identity = await clientIdentity();
    const pending = post(url, { identity });
    while (!answer) await new Promise((done) => setTimeout(done, 5));
    for (let i = 0; i < MAXIMUM_AGENTS; i++) {
      agentFor({ ...identity, fingerprint: `other filler ${i}` }, url, TIMEOUTS);
    }
    answer();
    expect(String((await pending).body)).toBe('done');
  });
});
