import { PostgresStore } from '../../../core/store/postgres/postgresStore';
import { postgresSchema } from '../../../core/store/schema';
import type { TokenStore } from '../../../core/store/store';
import { expectNoSecret, failureOf } from '../../support/failure';
import { closeAfterTest } from '../../support/servers/closing';
import { execute, PASSWORD, sharedServer } from '../../support/stores/postgres';
import { CLIENT, holder, record } from '../places';
import { newUser, withParameters } from './testRoles';

let server: Awaited<ReturnType<typeof sharedServer>>;
let database: string;
let databases = 0;

beforeAll(async () => {
  server = await sharedServer();
}, 60_000);

afterAll(async () => {
  await server?.close();
});

beforeEach(async () => {
  const name = `tables_${++databases}`;
  await execute(server.connectionString, `CREATE DATABASE ${name} TEMPLATE template0`);
  database = server.connectionString.replace(/\/postgres$/, `/${name}`);
});

const tables = ['', '_holders', '_memories', '_pending', '_reads', '_trials', '_version'].map(
  (suffix) => `open_banking_tokens${suffix}`,
);

function open(connectionString: string, schema = ''): TokenStore {
  const store = new PostgresStore(connectionString, schema);
  closeAfterTest(() => store.close());
  return store;
}

/** The tables of this package, with their schemas. */
async function tablesIn(): Promise<unknown[]> {
  const rows = await execute(
    database,
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables
     WHERE tablename LIKE 'open_banking%' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Each kind of change that the package makes. */
async function useAll(store: TokenStore): Promise<void> {
  await store.assertWritable();
  const { revision } = (await store.replace(record('a')))!;
  await store.beat('process');
  expect(await store.acquire('a', holder('one', 'process'), 60_000)).toMatchObject({ held: true });
  expect(await store.markAttempt('a', 'one', 1000)).toBeDefined();
  expect(await store.look('a')).toMatchObject({
    lease: { holder: 'one', isMarked: true, beat: 1 },
  });
  await store.receive(record('a'), revision);
  await store.release('a', 'one');
  expect(await store.list(CLIENT)).toHaveLength(1);
  await store.storePending('p', Buffer.from('sealed'), 60_000);
  expect(await store.receivePending('p', 60_000)).toBe(true);
  expect(await store.takePending('p')).toBeDefined();
  expect(await store.remove('a')).toBe(true);
}

describe('the field PostgreSQL Schema', () => {
  it.each(['n8n', 'With "quotes" and. dots', 'tenant:name'])(
    'decides where the tables are: %s',
    async (schema) => {
      await execute(database, `CREATE SCHEMA "${schema.replaceAll('"', '""')}"`);
      await useAll(open(database, schema));
      expect(await tablesIn()).toEqual(tables.map((table) => `${schema}.${table}`));
    },
  );

  it('goes before the search path', async () => {
    await execute(database, 'CREATE SCHEMA n8n');
    await execute(database, 'CREATE SCHEMA elsewhere');
    const elsewhere = withParameters(database, { options: '-c search_path=elsewhere' });
    await useAll(open(elsewhere, 'n8n'));
    expect(await tablesIn()).toEqual(tables.map((table) => `n8n.${table}`));
  });

  it('may name a schema that does not exist', async () => {
    const error = await failureOf(open(database, 'n8n').read('a'));
    expect(error).toMatchObject({ code: 'store-not-writable', outcome: 'not-sent' });
    expect(error.message).toMatch(/the schema "n8n" does not exist$/);
    expect(error.description).toMatch(/^Correct "PostgreSQL Schema" in the credential/);
    const [, sql = ''] = /run: (CREATE SCHEMA .*?;)/.exec(error.description)!;
    await execute(database, sql);
    await useAll(open(database, 'n8n'));
  });

  it('may be empty although the user has no schema in the search path', async () => {
    const nowhere = withParameters(database, { options: '-c search_path=none' });
    const error = await failureOf(open(nowhere).read('a'));
    expect(error).toMatchObject({ code: 'store-not-writable', outcome: 'not-sent' });
    expect(error.message).toContain('names no schema to create its tables in');
    expect(error.description).toContain('PostgreSQL Schema');
  });
});

describe('a second set of tables', () => {
  beforeEach(async () => {
    await execute(database, 'CREATE SCHEMA n8n');
    await open(database, 'n8n').replace(record('a'));
  });

  it('is not created if the schema is not named', async () => {
    const error = await failureOf(open(database).read('a'));
    expect(error).toMatchObject({ code: 'store-unavailable', outcome: 'not-sent' });
    expect(error.message).toContain(
      'its tables are in the schema "n8n", which this connection does not use; new ones would be made in "public"',
    );
    expect(error.description).toContain('Enter "n8n" in "PostgreSQL Schema"');
    expect(await tablesIn()).toEqual(tables.map((table) => `n8n.${table}`));
  });

  it('is created if the schema is named, and then noticed from both', async () => {
    const [one, other] = [open(database, 'n8n'), open(database, 'public')];
    expect(await one.warnings()).toEqual([]);
    await other.replace(record('a'));
    expect(await one.warnings()).toEqual([
      expect.stringContaining('uses the schema "n8n", and there are also tables in "public"'),
    ]);
    expect(await other.warnings()).toEqual([
      expect.stringContaining('uses the schema "public", and there are also tables in "n8n"'),
    ]);
    // Found by the search path.
    expect(await open(database).warnings()).toHaveLength(1);
  });
});

describe('a user with few rights', () => {
  let users = 0;
  let user: string;
  let limited: string;

  beforeEach(async () => {
    user = `user_${++users}`;
    limited = await newUser(database, user);
  });

  async function failure(store: TokenStore) {
    const error = await failureOf(store.replace(record('a')));
    expect(error).toMatchObject({ code: 'store-not-writable', outcome: 'not-sent' });
    expectNoSecret(error, [PASSWORD]);
    return error;
  }

  it.each(['public', 'n8n'])(
    'needs no more than to read and change rows, in %s',
    async (schema) => {
      await execute(database, `CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await open(database, schema).assertWritable();
      const [version, ...others] = tables.map((table) => `${schema}.${table}`).reverse();
      await execute(
        database,
        `GRANT USAGE ON SCHEMA ${schema} TO ${user}`,
        `GRANT SELECT ON ${version} TO ${user}`,
        `GRANT SELECT, INSERT, UPDATE, DELETE ON ${others.join(', ')} TO ${user}`,
      );
      await useAll(open(limited, schema === 'public' ? '' : schema));
    },
  );

  it('gets an error that names each missing privilege', async () => {
    await open(database).assertWritable();
    await execute(database, `GRANT SELECT, DELETE ON ${tables.join(', ')} TO ${user}`);
    const error = await failure(open(limited));
    for (const table of tables.slice(0, -1)) {
      expect(error.message).toContain(`INSERT, UPDATE on "${table}"`);
    }
    expect(error.message).not.toContain('open_banking_tokens_version');
    expect(error.message).not.toMatch(/SELECT|DELETE/);
    expect(error.description).toMatch(
      new RegExp(`GRANT SELECT, INSERT, UPDATE, DELETE ON open_banking_tokens, .* TO "${user}"`),
    );
  });

  it('gets an error if it may not read the version', async () => {
    await open(database).assertWritable();
    const error = await failure(open(limited));
    expect(error.message).toContain('SELECT on "open_banking_tokens_version"');
    // Of the version, reading is enough.
    expect(error.description).toMatch(
      new RegExp(`GRANT SELECT ON open_banking_tokens_version TO "${user}";`),
    );
    expect(error.description).not.toMatch(/UPDATE[^;]*_version/);
    const [sql = ''] = /GRANT .*;/.exec(error.description)!;
    await execute(database, sql);
    await useAll(open(limited));
  });

  it('gets an error if it may not use the schema', async () => {
    await execute(database, 'CREATE SCHEMA n8n');
    await open(database, 'n8n').assertWritable();
    const error = await failure(open(limited, 'n8n'));
    expect(error.message).toContain(
      `the user "${user}" lacks the privilege USAGE on the schema "n8n"`,
    );
    expect(error.description).toContain(`GRANT USAGE ON SCHEMA "n8n" TO "${user}"`);
  });

  it('gets SQL with quoted names as advice', async () => {
    const name = 'n8n "own"';
    await execute(database, `CREATE SCHEMA "${name.replaceAll('"', '""')}"`);
    await open(database, name).assertWritable();
    const error = await failure(open(limited, name));
    expect(error.message).toContain(`on the schema "${name}"`);
    const [, grant = ''] = /: (GRANT .*?;)/.exec(error.description)!;
    await execute(database, grant);
    expect((await failure(open(limited, name))).message).toContain('lacks the privileges');
  });

  it('gets an error if it may not create tables', async () => {
    const error = await failure(open(limited));
    expect(error.message).toContain(
      `the user "${user}" may not create tables in the schema "public"`,
    );
    expect(error.description).toContain(
      `Let the owner of the database run: GRANT CREATE ON SCHEMA "public" TO "${user}";`,
    );
    await execute(
      database,
      `CREATE USER owner_of_${user}`,
      `CREATE SCHEMA own AUTHORIZATION owner_of_${user}`,
      `GRANT USAGE ON SCHEMA own TO ${user}`,
    );
    expect((await failure(open(limited, 'own'))).description).toContain(
      `Let the owner of the schema, "owner_of_${user}", run: GRANT CREATE ON SCHEMA "own" TO "${user}";`,
    );
  });

  it('gets an error that names the owner of tables of an earlier version', async () => {
    const { steps } = postgresSchema;
    const earlier = new PostgresStore(database, '', {
      ...postgresSchema,
      steps: steps.slice(0, -1),
    });
    await earlier.warnings();
    await earlier.close();
    await execute(database, `GRANT ALL ON ALL TABLES IN SCHEMA public TO ${user}`);
    const error = await failure(open(limited));
    expect(error.message).toContain(
      `its tables are of an earlier version of this package, and the user "${user}" may not change them`,
    );
    expect(error.description).toContain('Enter the user "postgres", who owns the tables');
  });
});
