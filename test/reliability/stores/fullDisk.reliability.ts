import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresStore } from '../../../core/store/postgres/postgresStore';
import { failureOf } from '../../support/failure';
import { execute, startTestServer, type TestServer } from '../../support/stores/postgres';
import { record } from '../../store/places';

let server: TestServer;
const disk = mkdtempSync(join(tmpdir(), 'open-banking-disk-'));
const canMount = process.geteuid!() === 0 && process.platform === 'linux';

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(async () => {
  await server?.close();
  if (canMount) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
}, 60_000);

/** Fills the place of the records: by a small disk, or for users who may not mount one, by the same error from a trigger. */
async function fillUp(): Promise<void> {
  if (canMount) {
    const [{ data_directory: data }] = (await execute(
      server.connectionString,
      'SHOW data_directory',
    )) as [{ data_directory: string }];
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', disk]);
    const { uid, gid } = statSync(data);
    chownSync(disk, uid, gid);
    chmodSync(disk, 0o700);
    await execute(
      server.connectionString,
      `CREATE TABLESPACE small LOCATION '${disk}'`,
      'ALTER TABLE open_banking_tokens SET TABLESPACE small',
      'CREATE TABLE filling (bytes BYTEA) TABLESPACE small',
      'ALTER TABLE filling ALTER bytes SET STORAGE EXTERNAL',
    );
    const bytes = "decode(repeat('00', 8000), 'hex')";
    const fill = `INSERT INTO filling SELECT ${bytes} FROM generate_series(1, 10)`;
    for (;;) {
      try {
        await execute(server.connectionString, fill);
      } catch {
        return;
      }
    }
  }
  await execute(
    server.connectionString,
    `CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$`,
    'CREATE TRIGGER no_space BEFORE INSERT OR UPDATE ON open_banking_tokens EXECUTE FUNCTION no_space()',
  );
}

it('a server whose disk is full fails with store-not-writable, and what is stored can be read', async () => {
  const store = new PostgresStore(server.connectionString);
  try {
    const stored = (await store.replace(record('a')))!;
    await fillUp();
    const envelope = Buffer.from(Array.from({ length: 100_000 }, () => Math.random() * 256));
    const error = await failureOf(store.replace(record('a', { envelope }), stored.revision));
    expect(error).toMatchObject({ code: 'store-not-writable', outcome: 'not-sent' });
    expect(error.message).toMatch(/cannot be written: the disk of the server is full$/);
    expect(await store.read('a')).toMatchObject({ name: 'a', revision: stored.revision });
  } finally {
    await store.close();
  }
});
