import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { PostgresStore } from '../../../core/store/postgres/postgresStore';
import type { TokenStore } from '../../../core/store/store';
import { itAtOnce } from '../../support/atOnce';
import { failureOf } from '../../support/failure';
import { closeAfterTest, tcpServer } from '../../support/servers/closing';
import { startLatencyProxy, type LatencyProxy } from '../../support/servers/latencyProxy';
import { execute, startTestServer, type TestServer } from '../../support/stores/postgres';
import { holder, record } from '../../store/places';
import { newUser } from '../../store/postgres/testRoles';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(async () => {
  await server?.close();
});

function open(connectionString: string): TokenStore {
  const store = new PostgresStore(connectionString);
  closeAfterTest(() => store.close());
  return store;
}

/** Lets a user read and write the tables. PostgreSQL refuses two such changes at the same moment. */
async function grantTables(user: string): Promise<void> {
  await execute(
    server.connectionString,
    'SELECT pg_advisory_lock(1)',
    `GRANT ALL ON ALL TABLES IN SCHEMA public TO ${user}`,
  );
}

/** A store whose server is a round trip away. */
async function openFar(roundTrip: number): Promise<{ store: TokenStore; proxy: LatencyProxy }> {
  const url = new URL(server.connectionString);
  const proxy = await startLatencyProxy(Number(url.port), roundTrip);
  closeAfterTest(() => proxy.close());
  url.port = String(proxy.port);
  return { store: open(url.href), proxy };
}

/** Calls at the same time. `done` counts those that were answered. */
function calls(store: TokenStore, count: number) {
  const counted = { done: 0, all: Promise.resolve([] as unknown[]) };
  counted.all = Promise.all(
    Array.from({ length: count }, async () => {
      await store.read('a');
      counted.done++;
    }),
  );
  return counted;
}

describe('many callers and few connections', () => {
  it('serves those who hold a lease before all others', async () => {
    const { store } = await openFar(20);
    await store.replace(record('a'));
    await store.acquire('a', holder('one'), 60_000);
    await store.beat('process');
    const others = calls(store, 400);
    await store.beat('process');
    const mark = await store.markAttempt('a', 'one', 1000);
    expect(mark).toBeDefined();
    // The connections were busy at first, each with one call, and each may have served another one meanwhile.
    expect(others.done).toBeLessThanOrEqual(20);
    await others.all;
    expect(others.done).toBe(400);
  });

  itAtOnce('does not fail for its own queue, however long that is', async () => {
    const { store, proxy } = await openFar(0);
    await store.replace(record('a'));
    await calls(store, 20).all;
    proxy.roundTrip = 700;
    // Longer than the server may take for a statement.
    const waiting = calls(store, 65);
    await waiting.all;
    expect(waiting.done).toBe(65);
    expect(proxy.connections.opened).toBe(5);
  });

  it('says when a statement went out, not when it was queued', async () => {
    const { store, proxy } = await openFar(1);
    await store.replace(record('a'));
    await calls(store, 20).all;
    proxy.isPartitioned = true;
    const others = calls(store, 5);
    const acquired = store.acquire('a', holder('two'), 60_000);
    await setTimeout(100);
    const healedAt = performance.now();
    proxy.isPartitioned = false;
    const lease = await acquired;
    await others.all;
    expect(lease).toMatchObject({ held: true });
    const { monotonic } = (lease as { sentAt: { monotonic: number } }).sentAt;
    expect(monotonic).toBeGreaterThanOrEqual(healedAt);
  });

  it('works although connections are ended all the time', async () => {
    const { store, proxy } = await openFar(10);
    await store.replace(record('a'));
    const waiting = calls(store, 200);
    for (let times = 0; times < 5; times++) {
      await setTimeout(50);
      await execute(
        server.connectionString,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'n8n-nodes-open-banking'`,
      );
    }
    await waiting.all;
    expect(waiting.done).toBe(200);
    expect(proxy.connections.opened).toBeGreaterThan(5);
  });
});

describe('a server without free connections', () => {
  it('is used over the connections that it gives', async () => {
    const limited = await newUser(server.connectionString, 'two', 'CONNECTION LIMIT 2');
    await execute(server.connectionString, 'GRANT CREATE ON SCHEMA public TO two');
    await open(server.connectionString).replace(record('a'));
    await grantTables('two');
    const waiting = calls(open(limited), 50);
    await waiting.all;
    expect(waiting.done).toBe(50);
  });

  itAtOnce('is waited for', async () => {
    const limited = await newUser(server.connectionString, 'one', 'CONNECTION LIMIT 1');
    await open(server.connectionString).replace(record('a'));
    await grantTables('one');
    const first = new PostgresStore(limited);
    await first.read('a');
    const waiting = calls(open(limited), 10);
    await setTimeout(1000);
    expect(waiting.done).toBe(0);
    await first.close();
    await waiting.all;
    expect(waiting.done).toBe(10);
  });

  itAtOnce('fails the calls if it gives none for long', async () => {
    const limited = await newUser(server.connectionString, 'taken', 'CONNECTION LIMIT 1');
    await open(server.connectionString).replace(record('a'));
    await grantTables('taken');
    const first = open(limited);
    await first.read('a');
    const error = await failureOf(open(limited).read('a'));
    expect(error).toMatchObject({ code: 'store-unavailable', outcome: 'not-sent' });
    expect(error.message).toMatch(/cannot be used: the server has no connection left$/);
  });
});

describe('a server that is away', () => {
  it('is waited for by all callers if it is back within seconds', async () => {
    const store = open(server.connectionString);
    await store.replace(record('a'));
    await calls(store, 20).all;
    await server.stop();
    const waiting = calls(store, 100);
    await setTimeout(3000);
    expect(waiting.done).toBe(0);
    await server.start();
    await waiting.all;
    expect(waiting.done).toBe(100);
  }, 20_000);

  itAtOnce(
    'is tried once for all callers after it was away for long, until it is back',
    async () => {
      let isBack = false;
      const starting = await tcpServer((socket) => {
        if (isBack) {
          const { port } = new URL(server.connectionString);
          pipeTo(Number(port), socket);
        } else socket.once('data', () => socket.end(errorMessage('57P03')));
      });
      const url = new URL(server.connectionString);
      url.port = String(starting.port);
      const store = open(url.href);
      const first = await Promise.all(Array.from({ length: 50 }, () => failureOf(store.read('a'))));
      for (const { message } of first)
        expect(message).toMatch(/the server is starting or stopping$/);
      // It was tried again and again, by one connection at a time.
      expect(starting.count).toBeGreaterThan(5);
      expect(starting.count).toBeLessThan(100);
      starting.count = 0;
      const second = await Promise.all(
        Array.from({ length: 50 }, () => failureOf(store.read('a'))),
      );
      expect(second).toHaveLength(50);
      expect(starting.count).toBe(1);
      isBack = true;
      expect(await store.read('none')).toBeUndefined();
    },
  );

  itAtOnce('fails all callers by one try if it does not answer', async () => {
    const silent = await tcpServer(() => undefined);
    const url = new URL(server.connectionString);
    url.port = String(silent.port);
    const store = open(url.href);
    const errors = await Promise.all(Array.from({ length: 50 }, () => failureOf(store.read('a'))));
    for (const { message } of errors) expect(message).toMatch(/the server did not answer in time$/);
    expect(silent.count).toBe(1);
  });

  itAtOnce('is asked again after a partition', async () => {
    const { store, proxy } = await openFar(1);
    await store.replace(record('a'));
    await calls(store, 20).all;
    proxy.isPartitioned = true;
    const errors = await Promise.all(Array.from({ length: 5 }, () => failureOf(store.read('a'))));
    for (const { message } of errors) expect(message).toMatch(/the server did not answer in time/);
    proxy.isPartitioned = false;
    await calls(store, 20).all;
  });
});

/** An error of PostgreSQL, as the server sends it. */
function errorMessage(state: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${state}\0Mwords of the server\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

function pipeTo(port: number, socket: Socket): void {
  const onward = connect(port, '127.0.0.1');
  onward.on('error', () => socket.destroy());
  // Otherwise it stays open, and so does the process.
  socket.on('close', () => onward.destroy());
  socket.pipe(onward).pipe(socket);
}
