import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { MemoryStore } from '../../../core/store/memories';
import type { SqlStore } from '../../../core/store/sqlStore';
import type { TokenStore } from '../../../core/store/store';
import { closeAfterTest } from '../../support/servers/closing';
import { createTestDatabase, execute, type TestDatabase } from '../../support/stores/postgres';
import { CLIENT, holder, record, storeAt, type Place } from '../places';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
}, 60_000);
afterAll(() => database?.close(), 60_000);

/** The two commands of docs/backup.md that copy rows into a file and from it: the query of SQLite, and the statement of PostgreSQL. */
async function documented(file: string, path: string): Promise<{ query: string; copy: string }> {
  const text = await readFile(resolve(__dirname, '../../../docs/backup.md'), 'utf8');
  const [, query] = new RegExp(`sqlite3 -csv \\S+ "(SELECT [^"]+)" > ${file}`).exec(text)!;
  const [, target, options] = new RegExp(`\\\\copy ([^"]+) FROM ${file} ([^"]+)"`).exec(text)!;
  return { query: query!, copy: `COPY ${target} FROM '${path}' ${options}` };
}

/** The rows of a query as `sqlite3 -csv` prints them. */
function csvOf(path: string, query: string): string {
  const file = new DatabaseSync(path);
  const lines = file
    .prepare(query)
    .all()
    .map((row) =>
      Object.values(row)
        .map((value) => (value === null ? '' : `"${String(value).replaceAll('"', '""')}"`))
        .join(','),
    );
  file.close();
  return lines.map((line) => `${line}\n`).join('');
}

function open(place: Place): SqlStore {
  const store = storeAt(place);
  closeAfterTest(() => store.close());
  return store;
}

it('rows that are copied from SQLite by the documented commands are the same records in PostgreSQL', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'open-banking-copied-'));
  closeAfterTest(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'tokens.sqlite');
  const source = open({ sqlite: path });
  const envelope = Uint8Array.from({ length: 256 }, (_, at) => at);
  await source.replace(record('plain', { envelope }));
  await source.replace(record('odd', { consent: 'Zoë, "1"', state: 'needs-consent' }));
  await source.replace(record('dated', { expiresAt: 5, refreshTokenExpiresAt: 7 }));
  await source.replace(record('attempted'));
  await source.acquire('attempted', holder('one'), 60_000);
  await source.markAttempt('attempted', 'one', 40_000);

  const target = open({ postgres: database.connectionString });
  await target.assertWritable();
  const csv = join(folder, 'tokens.csv');
  const commands = await documented('tokens.csv', csv);
  await writeFile(csv, csvOf(path, commands.query));
  // The server reads the file itself, as another user.
  await Promise.all([chmod(folder, 0o755), chmod(csv, 0o644)]);
  await execute(database.connectionString, commands.copy);

  const withoutTime = async (store: TokenStore) =>
    (await store.list(CLIENT)).map((stored) => ({ ...stored, readAt: undefined }));
  const copied = await withoutTime(target);
  expect(copied).toHaveLength(4);
  expect(copied).toEqual(await withoutTime(source));
  // The lease stays behind: its holder knows only the SQLite file.
  expect(await target.look('attempted')).not.toHaveProperty('lease');
});

it('positions that are copied from SQLite by the documented commands are the same memories in PostgreSQL', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'open-banking-copied-'));
  closeAfterTest(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'tokens.sqlite');
  const source = open({ sqlite: path }).memories;
  const envelope = Uint8Array.from({ length: 256 }, (_, at) => at);
  const common = { bank: 'bank', clientId: CLIENT, envelope };
  await source.add({ ...common, name: 'account', consent: 'Zoë, "1"', kind: 'account' });
  await source.add({ ...common, name: 'told', consent: '', kind: 'attention' });

  const { memories: target } = open({ postgres: database.connectionString });
  await target.now();
  const csv = join(folder, 'positions.csv');
  const commands = await documented('positions.csv', csv);
  await writeFile(csv, csvOf(path, commands.query));
  await Promise.all([chmod(folder, 0o755), chmod(csv, 0o644)]);
  await execute(database.connectionString, commands.copy);

  const withoutTime = async (store: MemoryStore) =>
    (await store.find(['account', 'told'])).map((stored) => ({ ...stored, readAt: undefined }));
  const copied = await withoutTime(target);
  expect(copied).toHaveLength(2);
  expect(copied).toEqual(await withoutTime(source));
});
