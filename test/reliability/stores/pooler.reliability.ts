import { Client } from 'pg';
import { PostgresStore } from '../../../core/store/postgres/postgresStore';
import type { TokenStore } from '../../../core/store/store';
import { itAtOnce } from '../../support/atOnce';
import { expectNoSecret, failureOf } from '../../support/failure';
import { closeAfterTest } from '../../support/servers/closing';
import {
  describeWithPgBouncer,
  startPgBouncer,
  type PgBouncerOptions,
} from '../../support/stores/pgbouncer';
import { execute, PASSWORD, startTestServer, type TestServer } from '../../support/stores/postgres';
import { CLIENT, holder, record } from '../../store/places';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(async () => {
  await server?.close();
});

/** A store behind a PgBouncer. @param change of the connection string */
async function behind(
  options: PgBouncerOptions,
  change: Partial<URL> = {},
  at = server,
): Promise<TokenStore> {
  const pooler = await startPgBouncer(at.connectionString, options);
  const url = Object.assign(new URL(pooler.connectionString), change);
  const store = new PostgresStore(url.href);
  closeAfterTest(async () => {
    await store.close();
    await pooler.stop();
  });
  return store;
}

const modes: PgBouncerOptions[] = [
  { poolMode: 'transaction' },
  { poolMode: 'transaction', ignoredParameters: 'statement_timeout' },
  { poolMode: 'session' },
  { poolMode: 'session', ignoredParameters: 'statement_timeout' },
];

describeWithPgBouncer('a server behind PgBouncer', () => {
  describe.each(modes)('with $poolMode pooling, which ignores "$ignoredParameters"', (mode) => {
    it('serves many callers', async () => {
      const store = await behind(mode);
      const names = Array.from({ length: 50 }, (_, at) => `${mode.poolMode} ${at}`);
      await Promise.all(names.map((name) => store.replace(record(name))));
      const leases = await Promise.all(
        names.map((name) => store.acquire(name, holder(name), 60_000)),
      );
      expect(leases.every((lease) => lease?.held)).toBe(true);
      const stored = (await store.list(CLIENT)).map(({ name }) => name);
      expect(stored).toEqual(expect.arrayContaining(names));
      await store.assertWritable();
    });

    it('ends a transaction whose statement failed, and serves the next caller', async () => {
      const store = await behind(mode);
      await store.remove('b');
      await execute(
        server.connectionString,
        'ALTER TABLE open_banking_tokens ADD CHECK (bank <> $$x$$)',
      );
      const error = await failureOf(store.replace(record('b', { bank: 'x' })));
      expect(error.message).toContain('it answers with the error 23514');
      expect(await store.read('b')).toBeUndefined();
      expect(await store.replace(record('b'))).toMatchObject({ name: 'b' });
    });
  });

  itAtOnce(
    'ends a statement that was given up, so that it leaves no lease, in each of these modes',
    async () => {
      const names = modes.map((_, index) => `locked ${index}`);
      const stores = await Promise.all(modes.map((mode) => behind(mode)));
      for (const name of names) await stores[0]!.replace(record(name));
      const other = new Client({ connectionString: server.connectionString });
      await other.connect();
      await other.query('BEGIN');
      await other.query("SELECT * FROM open_banking_tokens WHERE name LIKE 'locked%' FOR UPDATE");
      const errors = await Promise.all(
        stores.map((store, at) => failureOf(store.acquire(names[at]!, holder('one'), 60_000))),
      );
      for (const { message } of errors) {
        expect(message).toMatch(/cannot be used: the server did not answer in time$/);
      }
      await other.query('COMMIT');
      await other.end();
      const running = await execute(
        server.connectionString,
        "SELECT query FROM pg_stat_activity WHERE query LIKE 'UPDATE%' AND state <> 'idle'",
      );
      expect(running).toEqual([]);
      for (const [at, store] of stores.entries()) {
        expect((await store.look(names[at]!))?.lease).toBeUndefined();
        expect(await store.acquire(names[at]!, holder('two'), 60_000)).toMatchObject({
          held: true,
        });
      }
    },
  );

  itAtOnce('is waited for if its server is restarted', async () => {
    const own = await startTestServer();
    closeAfterTest(() => own.close());
    const store = await behind({ poolMode: 'transaction', loginRetry: 1 }, {}, own);
    await store.replace(record('a'));
    await own.stop();
    // PgBouncer notices that it has no server.
    await failureOf(store.read('a'));
    await own.start();
    const answers = await Promise.all(Array.from({ length: 20 }, () => store.read('a')));
    expect(answers.map((answer) => answer?.name)).toEqual(Array(20).fill('a'));
  });

  itAtOnce('is named if it refuses password, parameters or transactions', async () => {
    const statements = 'the pooler works in statement mode, in which no transaction is possible';
    const cases: [PgBouncerOptions, Partial<URL>, string][] = [
      [modes[0]!, { password: 'wrong' }, 'the user name or the password is wrong'],
      [modes[0]!, { search: '?options=-c%20geqo%3Doff' }, 'the pooler does not accept a parameter'],
      [{ poolMode: 'statement' }, {}, statements],
      [{ poolMode: 'statement', ignoredParameters: 'statement_timeout' }, {}, statements],
    ];
    await Promise.all(
      cases.map(async ([options, change, reason]) => {
        const store = await behind(options, change);
        const error = await failureOf(store.replace(record('a')));
        expect(error).toMatchObject({ code: 'store-unavailable', outcome: 'not-sent' });
        expect(error.message).toContain(`cannot be used: ${reason}`);
        expectNoSecret(error, [PASSWORD]);
      }),
    );
  });
});
