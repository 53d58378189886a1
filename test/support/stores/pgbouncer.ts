import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../demo/ports';
import { end, start } from '../../../demo/processes';
import type { TestCertificate } from '../keys/certificates';
import { ensureInstalled } from './installed';

const START_LIMIT_MS = 10_000;

/** Settings of a {@link PgBouncer}. */
export interface PgBouncerOptions {
  readonly poolMode: 'session' | 'transaction' | 'statement';
  /** Parameters at the start of a session that it ignores. It refuses others that it does not know. */
  readonly ignoredParameters?: string;
  /** Seconds after which it asks a server again that refused it; 15 if not given. */
  readonly loginRetry?: number;
  /** Its certificate, with which it demands TLS. */
  readonly certificate?: TestCertificate;
}

/** A PgBouncer on the loopback interface, in front of a PostgreSQL. */
export interface PgBouncer {
  /** As that of the PostgreSQL, with another port. */
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** `describe` for tests that need PgBouncer. They are skipped, with a warning, if it is missing and cannot be installed. */
export function describeWithPgBouncer(name: string, tests: () => void): void {
  try {
    ensureInstalled({
      program: 'pgbouncer',
      debian: 'pgbouncer',
      homebrew: 'pgbouncer',
      purpose: 'Some tests of PostgreSQL need PgBouncer',
    });
    describe(name, tests);
  } catch (error) {
    console.warn((error as Error).message);
    describe.skip(name, tests);
  }
}

/**
 * Starts the `pgbouncer` on the PATH.
 *
 * @param connectionString of the PostgreSQL, with user and password
 */
export async function startPgBouncer(
  connectionString: string,
  { poolMode, ignoredParameters, loginRetry, certificate }: PgBouncerOptions,
): Promise<PgBouncer> {
  const url = new URL(connectionString);
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'open-banking-pgbouncer-'));
  const file = (name: string): string => join(folder, name);
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: file('users'),
    pool_mode: poolMode,
    server_tls_sslmode: 'disable',
    ...(loginRetry && { server_login_retry: loginRetry }),
    ...(ignoredParameters && { ignore_startup_parameters: ignoredParameters }),
    ...(certificate && {
      client_tls_sslmode: 'require',
      client_tls_cert_file: file('certificate'),
      client_tls_key_file: file('key'),
    }),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const content = `[databases]\n* = host=${url.hostname} port=${url.port}\n[pgbouncer]\n`;
  await chmod(folder, 0o755);
  await writeFile(file('settings'), `${content}${lines.join('\n')}\n`);
  await writeFile(file('users'), `"${url.username}" "${url.password}"\n`);
  await writeFile(file('certificate'), certificate?.certificate ?? '');
  await writeFile(file('key'), certificate?.privateKey ?? '');
  // It refuses to run as root. The shell ends it when standard input closes. That also happens if this process is killed.
  const user = process.getuid?.() === 0 ? ['--user=nobody'] : [];
  const child = start(
    'sh',
    ['-c', 'pgbouncer --quiet "$@" & read -r _; kill $!', 'sh', ...user, file('settings')],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  for (const startedAt = Date.now(); !(await accepts(port));) {
    if (Date.now() - startedAt > START_LIMIT_MS) {
      await stop();
      throw new Error('pgbouncer did not start within ten seconds: run it by hand to see why.');
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  url.port = String(port);
  return { connectionString: url.href, stop };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
