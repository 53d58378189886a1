import { Client } from 'pg';
import { PostgresStore } from '../../../core/store/postgres/postgresStore';
import type { TokenStore } from '../../../core/store/store';
import { itAtOnce } from '../../support/atOnce';
import { closeAfterTest, unusedPort } from '../../support/servers/closing';
import { expectNoSecret, failureOf } from '../../support/failure';
import {
  createTestDatabase,
  execute,
  PASSWORD,
  startTestServer,
  type TestDatabase,
  type TestServer,
} from '../../support/stores/postgres';
import { CLIENT, holder, readAgain, record } from '../places';
import { describeMemories } from '../memoryContract';
import { describePending } from '../pendingContract';
import { describeContract, type StoreKind } from '../storeContract';

let database: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  [database, server] = await Promise.all([createTestDatabase(), startTestServer()]);
}, 60_000);

afterAll(async () => {
  const drops = places.map((name) => `DROP DATABASE ${name} WITH (FORCE)`);
  await execute(database.connectionString, ...drops);
  await Promise.all([database?.close(), server?.close()]);
}, 300_000);

const places: string[] = [];

/** A new database for a test. */
async function newPlace(): Promise<string> {
  const url = new URL(database.connectionString);
  const name = `${url.pathname.slice(1)}_${places.length}`;
  await execute(database.connectionString, `CREATE DATABASE ${name} TEMPLATE template0`);
  places.push(name);
  url.pathname = `/${name}`;
  return url.href;
}

function withOptions(connectionString: string, options: string): string {
  const url = new URL(connectionString);
  const all = [url.searchParams.get('options'), options].filter(Boolean).join(' ');
  url.searchParams.set('options', all);
  return url.href.replaceAll('+', '%20');
}

function open(connectionString: string): TokenStore {
  const store = new PostgresStore(connectionString);
  closeAfterTest(() => store.close());
  return store;
}

const kind: StoreKind = {
  newPlace: async () => ({ postgres: await newPlace() }),
  execute: async (place, statement) => {
    await execute((place as { postgres: string }).postgres, statement);
  },
};
describeContract('PostgreSQL', kind);
describePending('PostgreSQL', kind);
describeMemories('PostgreSQL', kind);

describe('the error about a server that cannot be used', () => {
  /** The message of the error of the first call. It contains no secret. */
  async function failureAt(connectionString: string) {
    const error = await failureOf(open(connectionString).read('a'));
    expect(error).toMatchObject({ code: 'store-unavailable', stage: 'store', outcome: 'not-sent' });
    expectNoSecret(error, [PASSWORD, connectionString]);
    return error.message;
  }

  const at = (change: (url: URL) => void) => {
    const url = new URL(server.connectionString);
    change(url);
    return url.href;
  };

  itAtOnce('says that nothing listens there', async () => {
    const port = await unusedPort();
    expect(await failureAt(at((url) => (url.port = String(port))))).toBe(
      `The token store "127.0.0.1:${port}/postgres" cannot be used: nothing listens there (ECONNREFUSED)`,
    );
  });

  it('says that the host name does not resolve', async () => {
    const message = await failureAt(
      at((url) => {
        url.hostname = `${'a'.repeat(64)}.localhost`;
        url.searchParams.set('sslmode', 'disable');
      }),
    );
    expect(message).toMatch(/cannot be used: its host name does not resolve \(\w+\)$/);
  });

  it('says that the user name or the password is wrong', async () => {
    const error = await failureOf(open(at((url) => (url.password = 'another-secret'))).read('a'));
    expect(error.message).toMatch(/cannot be used: the user name or the password is wrong$/);
    expect(error.description).toMatch(/^Correct them in "PostgreSQL Connection" .*"%40"/);
  });

  it('says that the connection string has no password', async () => {
    const saved = process.env.PGPASSWORD;
    delete process.env.PGPASSWORD;
    const error = await failureOf(open(at((url) => (url.password = ''))).read('a'));
    if (saved !== undefined) process.env.PGPASSWORD = saved;
    expect(error.message).toMatch(
      /: the server demands a password, and the connection string has none$/,
    );
  });

  it('says that there is no such database', async () => {
    const message = await failureAt(at((url) => (url.pathname = '/elsewhere')));
    expect(message).toMatch(/\/elsewhere" cannot be used: there is no such database$/);
  });

  it('says that the server does not offer TLS', async () => {
    const message = await failureAt(at((url) => url.searchParams.set('sslmode', 'verify-full')));
    expect(message).toMatch(/: the server does not offer TLS$/);
  });

  it.each([
    `host=127.0.0.1 password=${PASSWORD}`,
    `postgres://user:${PASSWORD}@[::1`,
    `postgres://user:12/${PASSWORD}@127.0.0.1:1/postgres`,
    `postgres://user:12#${PASSWORD}@127.0.0.1:1/postgres`,
    `postgres://user:12?${PASSWORD}@127.0.0.1:1/postgres`,
  ])('does not show a malformed connection string: case %#', async (connectionString) => {
    expect(await failureAt(connectionString)).toMatch(/^The token store \S+( \S+)? cannot be used/);
  });
});

describe('a server that is restarted', () => {
  itAtOnce('answers the next call', async () => {
    const store = open(server.connectionString);
    const stored = await store.replace(record('a'));
    // Several idle connections.
    await Promise.all(Array.from({ length: 20 }, () => store.read('a')));
    await server.stop();
    const error = await failureOf(store.read('a'));
    expect(error.code).toBe('store-unavailable');
    await server.start();
    expect(await store.read('a')).toEqual(readAgain(stored));
    await store.replace(record('a'), stored!.revision);
  });

  it('answers the next call over a connection that was lost', async () => {
    const store = open(server.connectionString);
    await Promise.all(Array.from({ length: 20 }, () => store.assertWritable()));
    await server.stop();
    await server.start();
    expect(await store.replace(record('b'))).toMatchObject({ name: 'b' });
  });

  it('answers calls that were in progress, or they fail with store-unavailable', async () => {
    const store = open(server.connectionString);
    await store.list(CLIENT);
    const calls = Promise.allSettled(
      Array.from({ length: 40 }, (_, at) => store.replace(record(`under way ${at}`))),
    );
    await server.stop();
    const results = await calls;
    await server.start();
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled') {
        expect(await store.read(`under way ${index}`)).toEqual(readAgain(result.value));
      } else expect(result.reason).toMatchObject({ code: 'store-unavailable' });
    }
  });

  it('answers after an administrator ended the connections', async () => {
    const place = await newPlace();
    const store = open(place);
    await store.replace(record('a'));
    for (let count = 0; count < 3; count++) {
      const ended = await execute(
        place,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'n8n-nodes-open-banking'`,
      );
      expect(ended).not.toEqual([]);
      expect(await store.acquire('a', holder('one'), count)).toMatchObject({ held: true });
    }
  });
});

describe('a database that cannot be written', () => {
  const readOnly = '-c default_transaction_read_only=on';

  it.each(['with tables', 'without tables'])(
    'fails with store-not-writable if it is read-only, %s',
    async (what) => {
      const place = await newPlace();
      if (what === 'with tables') await open(place).replace(record('a'));
      const store = open(withOptions(place, readOnly));
      const error = await failureOf(store.replace(record('b')));
      expect(error).toMatchObject({ code: 'store-not-writable', outcome: 'not-sent' });
      expect(error.message).toMatch(/cannot be written: the database is read-only$/);
      if (what === 'with tables') {
        expect(await store.read('a')).toMatchObject({ name: 'a' });
        for (const call of [store.assertWritable(), store.acquire('a', holder('holder'), 1)]) {
          expect(await failureOf(call)).toMatchObject({ code: 'store-not-writable' });
        }
      }
    },
  );
});

describe('a database that others also use', () => {
  itAtOnce('fails with store-unavailable if somebody has locked the row', async () => {
    const place = await newPlace();
    const store = open(place);
    await store.replace(record('a'));
    const other = new Client({ connectionString: place });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT * FROM open_banking_tokens FOR UPDATE');
    const error = await failureOf(store.acquire('a', holder('one'), 1000));
    expect(error.message).toMatch(/cannot be used: the server did not answer in time$/);
    await other.end();
    expect(await store.acquire('a', holder('one'), 1000)).toMatchObject({ held: true });
  });

  it('gives a record no name that another transaction is giving to a record', async () => {
    const place = await newPlace();
    const store = open(place);
    const { revision } = (await store.replace(record('old')))!;
    await store.acquire('old', holder('one'), 60_000);
    const other = new Client({ connectionString: place });
    await other.connect();
    await other.query('BEGIN');
    await other.query(
      `INSERT INTO open_banking_tokens (name, bank, client_id, consent, envelope, state, obtained_at, certificate_thumbprint, revision)
        SELECT 'new', bank, client_id, consent, envelope, state, obtained_at, certificate_thumbprint, 1 FROM open_banking_tokens`,
    );
    // The new name is not visible yet, so the statement waits for the other transaction.
    const renaming = store.rename(record('new'), 'old', 'one', revision);
    await other.query('SELECT pg_sleep(0.3)');
    await other.query('COMMIT');
    await other.end();
    expect(await renaming).toBeUndefined();
    expect((await store.find(['new', 'old'])).map(({ name }) => name).sort()).toEqual([
      'new',
      'old',
    ]);
  });

  it('works with serializable transactions as the default', async () => {
    const place = withOptions(await newPlace(), '-c default_transaction_isolation=serializable');
    const stores = Array.from({ length: 4 }, () => open(place));
    await Promise.all(stores.map((store) => store.list(CLIENT)));
    await stores[0]!.replace(record('a'));
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        stores[at % 4]!.acquire('a', holder(`holder ${at}`), 60_000),
      ),
    );
    expect(results.filter((lease) => lease?.held)).toHaveLength(1);
  });

  it('gets new tables if somebody removed them', async () => {
    const place = await newPlace();
    const store = open(place);
    await store.replace(record('a'));
    const suffixes = ['', '_version', '_trials', '_pending', '_holders', '_memories', '_reads'];
    const tables = suffixes.map((suffix) => `open_banking_tokens${suffix}`);
    await execute(place, `DROP TABLE ${tables.join(', ')}`);
    expect(await store.read('a')).toBeUndefined();
    await execute(place, 'DROP TABLE open_banking_tokens');
    const error = await failureOf(store.read('a'));
    expect(error.message).toMatch(/cannot be used: one of its tables was removed$/);
  });
});
