import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { PostgresStore } from '../../../core/store/postgres/postgresStore';
import type { TokenStore } from '../../../core/store/store';
import { expectNoSecret, failureOf } from '../../support/failure';
import { certificateAuthority } from '../../support/keys/certificates';
import { closeAfterTest, tcpServer } from '../../support/servers/closing';
import {
  describeWithPgBouncer,
  startPgBouncer,
  type PgBouncer,
} from '../../support/stores/pgbouncer';
import { execute, PASSWORD, sharedServer } from '../../support/stores/postgres';
import { record } from '../places';
import { withParameters } from './testRoles';

let server: Awaited<ReturnType<typeof sharedServer>>;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'open-banking-connection-'));
  server = await sharedServer();
}, 60_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server?.close();
});

const saved = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
  Object.assign(process.env, saved);
});

/** A server's request for authentication. */
function request(kind: number, rest = ''): Buffer {
  const message = Buffer.from(`R\0\0\0\0\0\0\0\0${rest}`, 'latin1');
  message.writeInt32BE(message.length - 1, 1);
  message.writeInt32BE(kind, 5);
  return message;
}

/** The request for the password in clear. */
const IN_CLEAR = request(3);

function open(connectionString: string): TokenStore {
  const store = new PostgresStore(connectionString);
  closeAfterTest(() => store.close());
  return store;
}

describeWithPgBouncer('a server with TLS', () => {
  let right: PgBouncer;
  let wrong: PgBouncer;
  let authority: string;

  beforeAll(async () => {
    const own = await certificateAuthority('An authority of the operator');
    authority = join(folder, 'authority.pem');
    writeFileSync(authority, own.certificate);
    const start = async (name: string): Promise<PgBouncer> =>
      startPgBouncer(server.connectionString, {
        poolMode: 'session',
        certificate: await own.issue({ usage: 'server', name }),
      });
    [right, wrong] = await Promise.all([start('localhost'), start('elsewhere.example')]);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([right?.stop(), wrong?.stop()]);
  });

  const at = ({ connectionString }: PgBouncer, parameters: Record<string, string>): string =>
    withParameters(connectionString.replace('127.0.0.1', 'localhost'), parameters);

  async function failureAt(connectionString: string): Promise<string> {
    const error = await failureOf(open(connectionString).read('a'));
    expect(error).toMatchObject({ code: 'store-unavailable', outcome: 'not-sent' });
    expectNoSecret(error, [PASSWORD]);
    return error.text;
  }

  it.each(['verify-full', 'verify-ca', 'require', 'prefer'])(
    'is verified with the authority of sslrootcert, with sslmode=%s',
    async (sslmode) => {
      const store = open(at(right, { sslmode, sslrootcert: authority }));
      expect(await store.replace(record('a'))).toMatchObject({ name: 'a' });
      expect(await failureAt(at(right, { sslmode }))).toMatch(
        /its certificate authority is not trusted here .* "sslrootcert=.*" to the parameters of "PostgreSQL Connection"/,
      );
      expect(await failureAt(at(wrong, { sslmode, sslrootcert: authority }))).toMatch(
        /its certificate was made for another name .* by a name that is in the certificate/,
      );
    },
  );

  it('is verified whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    expect(await failureAt(at(right, { sslmode: 'verify-full' }))).toMatch(
      /its certificate authority is not trusted here/,
    );
  });

  it('is given the password in clear only if it is verified', async () => {
    const own = await certificateAuthority('Another authority of the operator');
    const file = join(folder, 'another.pem');
    writeFileSync(file, own.certificate);
    const { certificate: cert, privateKey: key } = await own.issue({
      usage: 'server',
      name: 'localhost',
    });
    let received = Buffer.alloc(0);
    const asking = await tcpServer((socket) => {
      socket.once('data', () => {
        socket.write('S');
        const secure = new TLSSocket(socket, { isServer: true, cert, key });
        secure.on('error', () => undefined);
        secure.on('data', (bytes: Buffer) => {
          received = Buffer.concat([received, bytes]);
          if (bytes[0] === 'p'.charCodeAt(0)) secure.destroy();
          else secure.write(IN_CLEAR);
        });
      });
    });
    const url = `postgres://user:${PASSWORD}@localhost:${asking.port}/database`;
    expect(await failureAt(withParameters(url, { sslmode: 'verify-full' }))).toMatch(
      /its certificate authority is not trusted here/,
    );
    expect(received).toHaveLength(0);
    await failureAt(withParameters(url, { sslmode: 'verify-full', sslrootcert: file }));
    expect(received.includes(PASSWORD)).toBe(true);
  });

  it('is not reached with sslmode=disable, if it demands TLS', async () => {
    expect(await failureAt(at(right, { sslmode: 'disable' }))).toContain('cannot be used');
  });
});

describe('a server without TLS', () => {
  it('is used with sslmode=disable', async () => {
    const plain = withParameters(server.connectionString, { sslmode: 'disable' });
    expect(await open(plain).replace(record('a'))).toMatchObject({ name: 'a' });
  });

  describe.each<[string, Buffer[]]>([
    ['at once', []],
    ['after MD5', [request(5, 'salt')]],
    ['after SCRAM', [request(10, 'SCRAM-SHA-256\0\0')]],
    ['after MD5, twice', [request(5, 'salt'), IN_CLEAR]],
  ])('that asks for the password in clear %s', (_, before) => {
    it.each(['', '?sslmode=disable'])('is given none: "%s"', async (parameters) => {
      let received = Buffer.alloc(0);
      const asking = await tcpServer((socket) => {
        const requests = [...before, IN_CLEAR, IN_CLEAR];
        socket.on('data', (bytes) => {
          received = Buffer.concat([received, bytes]);
          const next = requests.shift();
          if (next) socket.write(next);
          else socket.destroy();
        });
      });
      const url = `postgres://user:${PASSWORD}@127.0.0.1:${asking.port}/database${parameters}`;
      const error = await failureOf(open(url).read('a'));
      expect(received.includes('database')).toBe(true);
      expect(received.includes(PASSWORD)).toBe(false);
      expect(error.message).toMatch(
        /cannot be used: the server asks for the password in clear over a connection without TLS, and was given none$/,
      );
      expect(error.description).toContain('sslmode=verify-full');
      expectNoSecret(error, [PASSWORD]);
    });
  });
});

describe('synchronous_commit', () => {
  it.each([
    ['off', 'on'],
    ['local', 'local'],
    ['on', 'on'],
    ['remote_apply', 'remote_apply'],
  ])('%s of the database is %s for each change', async (setting, expected) => {
    const name = `commits_${setting}`;
    await execute(server.connectionString, `CREATE DATABASE ${name} TEMPLATE template0`);
    const database = server.connectionString.replace(/\/postgres$/, `/${name}`);
    await execute(
      database,
      `ALTER DATABASE ${name} SET synchronous_commit = ${setting}`,
      'CREATE TABLE commits (setting TEXT)',
      `CREATE FUNCTION note() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO commits VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$`,
    );
    const store = open(database);
    await store.assertWritable();
    await execute(
      database,
      'CREATE TRIGGER note AFTER INSERT OR UPDATE ON open_banking_tokens EXECUTE FUNCTION note()',
    );
    const { revision } = (await store.replace(record('a')))!;
    await store.replace(record('a'), revision);
    expect(await execute(database, 'SELECT DISTINCT setting FROM commits')).toEqual([
      { setting: expected },
    ]);
  });
});

describe("n8n's environment and home folder", () => {
  it('have no effect on the connection', async () => {
    Object.assign(process.env, {
      ...{ PGOPTIONS: '-c search_path=elsewhere', PGREPLICATION: 'true', PGAPPNAME: 'x' },
      ...{ PGUSER: 'x', PGDATABASE: 'x', PGHOST: 'x', PGPORT: '1', PGSSLMODE: 'verify-full' },
      ...{ PGCLIENT_ENCODING: 'latin1', PGSSLNEGOTIATION: 'direct', PGCONNECT_TIMEOUT: '1' },
    });
    let startup = Buffer.alloc(0);
    const listening = await tcpServer((socket) => {
      socket.once('data', (bytes) => {
        startup = bytes;
        socket.end('E\0\0\0\x13SFATAL\0C28P01\0\0', 'latin1');
      });
    });
    await failureOf(open(`postgres://user:${PASSWORD}@127.0.0.1:${listening.port}`).read('a'));
    const words = startup.subarray(8).toString().split('\0').filter(Boolean);
    expect(words).toEqual([
      ...['user', 'user', 'database', 'user'],
      ...['application_name', 'n8n-nodes-open-banking', 'statement_timeout', '5000'],
      ...['client_encoding', 'UTF8'],
    ]);
  });

  it('choose no other client', async () => {
    process.env.NODE_PG_FORCE_NATIVE = '1';
    jest.resetModules();
    const { PostgresStore: Again } = jest.requireActual<{ PostgresStore: typeof PostgresStore }>(
      '../../../core/store/postgres/postgresStore',
    );
    const store = new Again(server.connectionString);
    closeAfterTest(() => store.close());
    expect(await store.replace(record('a'))).toMatchObject({ name: 'a' });
  });

  it('give no password', async () => {
    const { port } = new URL(server.connectionString);
    const file = join(folder, 'pgpass');
    writeFileSync(file, `*:${port}:*:*:${PASSWORD}\n`, { mode: 0o600 });
    Object.assign(process.env, { PGPASSWORD: PASSWORD, PGPASSFILE: file });
    const error = await failureOf(open(`postgres://postgres@127.0.0.1:${port}/postgres`).read('a'));
    expect(error.message).toMatch(
      /: the server demands a password, and the connection string has none$/,
    );
  });
});
