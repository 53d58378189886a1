import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { describeWithPgBouncer, startPgBouncer, type PgBouncer } from '../support/stores/pgbouncer';
import { execute, startTestServer, type TestServer } from '../support/stores/postgres';
import { writeMeasure } from './counts';
import { isQuick } from './form';
import { FamilyBank } from './hosts/familyBank';
import { Host, killHosts, type Settings } from './hosts/host';
import { sqliteFile } from './hosts/places';
import { canMount, fill, mount } from './stores/disk';
import { measure, refreshIn } from './stores/trouble';

afterAll(() => writeMeasure('stores', measure));
afterAll(killHosts);

/** Copies of a SQLite file that are made while it is written. */
const COPIES = isQuick ? 4 : 10;

/** Ends all other connections to the database. */
const END_OTHERS =
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';

describe('PostgreSQL', () => {
  let server: TestServer;
  const folder = mkdtempSync(join(tmpdir(), 'open-banking-stores-'));
  beforeAll(async () => (server = await startTestServer()), 60_000);
  afterAll(async () => {
    await killHosts();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const at =
    (connectionString: () => string) =>
    (bank: FamilyBank): Settings => ({
      ...bank.settings,
      keepTokensIn: 'postgres',
      postgresUrl: connectionString(),
    });
  const keeping = at(() => server.connectionString);

  it('loses nothing if the server is restarted during refreshes', () =>
    refreshIn({ store: 'PostgreSQL', title: 'restarted' }, folder, keeping, {
      begin: () => server.stop(),
      end: () => server.start(),
    }));

  it('loses nothing if connections are ended again and again during refreshes', () =>
    refreshIn({ store: 'PostgreSQL', title: 'ends its connections, 20 times' }, folder, keeping, {
      begin: endConnections,
    }));

  describeWithPgBouncer('behind PgBouncer in transaction mode', () => {
    let pgBouncer: PgBouncer;
    beforeAll(async () => {
      pgBouncer = await startPgBouncer(server.connectionString, { poolMode: 'transaction' });
    });
    afterAll(() => pgBouncer.stop());

    it('loses nothing if connections are ended again and again during refreshes', () =>
      refreshIn(
        { store: 'PgBouncer in transaction mode', title: 'ends its connections, 20 times' },
        folder,
        at(() => pgBouncer.connectionString),
        { begin: endConnections },
      ));
  });

  async function endConnections(): Promise<void> {
    for (let times = 0; times < 20; times++) {
      await execute(server.connectionString, END_OTHERS);
      await wait(50);
    }
  }

  it.each([true, false])('loses nothing if the database is read-only (before: %s)', (isBefore) =>
    refreshIn(
      { store: 'PostgreSQL', title: isBefore ? 'read-only before' : 'becomes read-only', isBefore },
      folder,
      keeping,
      {
        begin: async () => {
          await readOnly('on');
          if (!isBefore) await wait(1_500);
        },
        end: () => readOnly('off'),
      },
    ),
  );

  /** Makes all connections read-only, or lets them write again. */
  async function readOnly(setting: 'on' | 'off'): Promise<void> {
    await execute(
      server.connectionString,
      'SET default_transaction_read_only = off',
      `ALTER DATABASE postgres SET default_transaction_read_only = ${setting}`,
      END_OTHERS,
    );
  }

  it('asks no bank if the tables are of a newer version', () =>
    refreshIn(
      { store: 'PostgreSQL', title: 'newer version', isBefore: true },
      folder,
      keeping,
      newer((change) =>
        execute(
          server.connectionString,
          `UPDATE open_banking_tokens_version SET version = version ${change}`,
        ).then(() => readOnly('off')),
      ),
    ));
});

/** A schema of a newer version, and back. */
function newer(change: (by: '+ 1' | '- 1') => unknown) {
  return { begin: () => change('+ 1'), end: () => change('- 1') };
}

describe('SQLite', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'open-banking-stores-'))));
  afterEach(async () => {
    await killHosts();
    rmSync(folder, { recursive: true, force: true });
  });

  const keeping = (bank: FamilyBank): Settings => bank.settings;

  it('loses nothing if another program locks the file for 3 s during refreshes', () =>
    refreshIn({ store: 'SQLite', title: 'locked for 3 s' }, folder, keeping, {
      begin: async () => {
        const other = new DatabaseSync(sqliteFile(folder), { timeout: 5_000 });
        other.exec('BEGIN IMMEDIATE');
        await wait(3_000);
        other.exec('COMMIT');
        other.close();
      },
    }));

  it('loses nothing, and copies open or say why not, if the file is copied while it is written', () =>
    refreshIn(
      { store: 'SQLite', title: `copied ${COPIES} times, with and without -wal` },
      folder,
      keeping,
      {
        begin: async () => {
          for (let copy = 0; copy < COPIES; copy++) await openCopy(copy);
        },
      },
    ));

  /** Copies the file as somebody does who does not know of SQLite, and lists its consents in another n8n. */
  async function openCopy(copy: number): Promise<void> {
    const elsewhere = join(folder, `copy${copy}`);
    mkdirSync(join(elsewhere, '.n8n'), { recursive: true });
    for (const suffix of copy % 2 ? ['', '-wal', '-shm'] : ['']) {
      copyFileSync(sqliteFile(folder) + suffix, sqliteFile(elsewhere) + suffix);
    }
    const bank = await FamilyBank.start();
    const other = await Host.start({ userFolder: elsewhere });
    const told = await other.list(bank.settings).then(
      () => 'listed',
      ({ code }: { code?: string }) => code ?? 'no code',
    );
    await other.kill();
    await bank.close();
    if (told !== 'listed') expect(told).toMatch(/^store-|^record-/);
  }

  it('asks no bank if the tables are of a newer version', () =>
    refreshIn(
      { store: 'SQLite', title: 'newer version', isBefore: true },
      folder,
      keeping,
      newer((change) => {
        const file = new DatabaseSync(sqliteFile(folder));
        file.exec(`UPDATE schema_version SET version = version ${change}`);
        file.close();
      }),
    ));

  describe('on a disk of its own', () => {
    let disk: string;
    const isMounted = canMount();
    beforeEach(() => {
      disk = join(folder, 'disk');
      mkdirSync(disk);
      if (isMounted) mount('-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk);
    });
    afterEach(async () => {
      await killHosts();
      if (isMounted) spawnSync('umount', ['-l', disk]);
    });
    const ifMounted = isMounted ? it : it.skip;

    ifMounted.each([true, false])('loses nothing if it is full (before: %s)', (isBefore) =>
      refreshIn(
        { store: 'SQLite', title: isBefore ? 'full before' : 'becomes full', isBefore },
        disk,
        keeping,
        {
          begin: async () => {
            fill(join(disk, 'filling'));
            if (!isBefore) await wait(1_500);
          },
          end: () => rmSync(join(disk, 'filling')),
        },
      ),
    );

    ifMounted('asks no bank if it is read-only', () =>
      refreshIn({ store: 'SQLite', title: 'read-only before', isBefore: true }, disk, keeping, {
        begin: () => mount('-o', 'remount,ro', disk),
        end: () => mount('-o', 'remount,rw', disk),
      }),
    );
  });
});
