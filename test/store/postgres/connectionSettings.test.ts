import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { connectionSettings, locationOf } from '../../../core/store/postgres/connectionSettings';
import { expectNoSecret } from '../../support/failure';

const SECRET = 'secret-of-the-database';

/** The error for a connection string. It contains no secret. */
async function errorFor(connectionString: string): Promise<OpenBankingError> {
  try {
    await connectionSettings(connectionString);
  } catch (error) {
    if (!(error instanceof OpenBankingError)) throw error;
    expect(error).toMatchObject({ code: 'store-unavailable', outcome: 'not-sent' });
    expectNoSecret(error, [SECRET]);
    return error;
  }
  throw new Error('no error');
}

describe('the parts of a connection string', () => {
  it.each([
    ['postgres://u:p@localhost', { host: 'localhost', port: 5432, user: 'u', database: 'u' }],
    ['postgresql://u:p@[::1]:5/d', { host: '::1', port: 5, user: 'u', database: 'd' }],
    ['postgres://u:p%2F%40@127.0.0.1/d', { password: 'p/@' }],
    ['postgres://u:50%off@127.0.0.1/d', { password: '50%off' }],
    ['postgres://u:p@q@127.0.0.1/d', { password: 'p@q', host: '127.0.0.1' }],
    ['postgres://u@127.0.0.1/d', { password: '' }],
    ['postgres://u:p@/d?host=/var/run/postgresql', { host: '/var/run/postgresql', tls: false }],
    ['postgres://u:p@%2Fvar%2Frun/d', { host: '/var/run', database: 'd' }],
    ['postgres://localhost/d?user=u&password=p&port=7', { user: 'u', password: 'p', port: 7 }],
    [
      'postgres://u:p@localhost/d?options=-c%20search_path%3Dx&application_name=y&replication=1',
      { startup: { options: '-c search_path=x', application_name: 'y' } },
    ],
  ])('are read: %s', async (connectionString, expected) => {
    expect(await connectionSettings(connectionString)).toMatchObject(expected);
  });

  it.each([
    [`host=127.0.0.1 password=${SECRET}`, /must look like postgres:\/\/user:password@host/],
    [`postgres://:${SECRET}@localhost/d`, /names no user/],
    [`postgres://u:${SECRET}@/d`, /names no host/],
    [`postgres://u:${SECRET}@localhost:0/d`, /the port .* is not a number/],
    [`postgres://u:12/${SECRET}@localhost/d`, /must be percent-encoded/],
    [`postgres://u:12#${SECRET}@localhost/d`, /must be percent-encoded/],
    [`postgres://u:12?${SECRET}@localhost/d`, /must be percent-encoded/],
    [`postgres://u:p/${SECRET}@localhost/d`, /must be percent-encoded/],
    [`postgres://u:p#${SECRET}@localhost/d`, /must be percent-encoded/],
    [`postgres://u:p?${SECRET}@localhost/d`, /must be percent-encoded/],
    [`postgres://u:${SECRET}@local host/d`, /cannot be read: it must look like .* percent-encoded/],
    [`postgres://u:p#${SECRET}#@localhost:5432/d?sslmode=require`, /"#" as "%23"/],
  ])('are named if they are missing: case %#', async (connectionString, message) => {
    const error = await errorFor(connectionString);
    expect(error.message).toMatch(message);
    expect(error.description).toMatch(/^Correct "PostgreSQL Connection" /);
  });

  it('do not come from the environment', async () => {
    const saved = { ...process.env };
    Object.assign(process.env, { PGUSER: 'x', PGHOST: 'x', PGPORT: '1', PGDATABASE: 'x' });
    Object.assign(process.env, { PGPASSWORD: 'x', PGSSLMODE: 'disable', USER: 'x' });
    try {
      expect((await errorFor('postgres://localhost/d')).message).toMatch(/names no user/);
      expect((await errorFor('postgres://u:p@/d')).message).toMatch(/names no host/);
      expect((await errorFor('postgres://u:p@db.example/d')).message).toMatch(/sslmode/);
      expect(await connectionSettings('postgres://u@localhost')).toMatchObject({
        ...{ password: '', port: 5432, database: 'u' },
      });
    } finally {
      process.env = saved;
    }
  });
});

describe('the place that messages name', () => {
  it.each([
    ['postgres://u:p@one:5/d', '"one:5/d"'],
    ['postgres://u:p@one/d?host=two&port=7', '"two:7/d"'],
    ['postgres://u:p@one:5/d?host=/var/run/postgresql', '"/var/run/postgresql:5/d"'],
    ['postgres://u:p@one/d?host=a%20b%40c', 'in PostgreSQL'],
    [`postgres://u:12?host=${SECRET}@one/d`, 'in PostgreSQL'],
  ])('is the one that is used: %s', (connectionString, expected) => {
    expect(locationOf(connectionString)).toBe(expected);
  });
});

describe('TLS', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.9.9.9', '[::1]', '%2Fvar%2Frun'])(
    'is not needed on this machine: %s',
    async (host) => {
      expect((await connectionSettings(`postgres://u:p@${host}/d`)).tls).toBe(false);
    },
  );

  it.each([
    'db.example',
    '10.0.0.1',
    '127.0.0.1.example',
    'localhost.example',
    '[2001:db8::1]',
    '0.0.0.0',
  ])('is asked for elsewhere: %s', async (host) => {
    const error = await errorFor(`postgres://u:${SECRET}@${host}/d`);
    expect(error.message).toMatch(
      /: the connection string needs "sslmode=verify-full", or "sslmode=disable" for a connection without TLS$/,
    );
    expect(error.description).toMatch(/Append "\?sslmode=verify-full"/);
    expect(error.description).toContain('sslrootcert');
  });

  const elsewhere = 'postgres://u:p@db.example/d?';
  const all = { rejectUnauthorized: true };

  it.each([
    ['sslmode=disable', false],
    ['ssl=false', false],
    ['ssl=0', false],
    ['sslmode=verify-full', all],
    ['sslmode=verify-ca', all],
    ['sslmode=require', all],
    ['sslmode=prefer', all],
    ['ssl=true', all],
    ['sslnegotiation=direct', all],
    ['uselibpqcompat=true&sslmode=require', all],
    ['uselibpqcompat=true&sslmode=verify-full', all],
    ['uselibpqcompat=true&sslmode=verify-ca', all],
  ])('is checked with %s, or is not used', async (parameters, expected) => {
    expect((await connectionSettings(elsewhere + parameters)).tls).toEqual(expected);
  });

  it.each(['sslmode=no-verify', 'ssl=no-verify'])(
    'is refused without a check: %s',
    async (parameters) => {
      const error = await errorFor(elsewhere + parameters);
      expect(error.message).toMatch(/asks for TLS without a check of the server$/);
      expect(error.description).toMatch(/^Use "sslmode=verify-full".*sslrootcert/);
    },
  );

  it('uses the files that the connection string names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'open-banking-tls-'));
    try {
      for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, name), `${name} PEM`);
      const files = `sslrootcert=${folder}/ca&sslcert=${folder}/cert&sslkey=${folder}/key`;
      const content = { ca: 'ca PEM', cert: 'cert PEM', key: 'key PEM' };
      expect((await connectionSettings(elsewhere + files)).tls).toEqual({ ...all, ...content });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says which file cannot be read', async () => {
    expect(
      (await errorFor(`${elsewhere}sslmode=verify-full&sslrootcert=/none/ca.pem`)).message,
    ).toMatch(/the file that "sslrootcert" of the connection string names cannot be read$/);
  });

  it.each(['a pipe', 'a device', 'a folder', 'a large file'])(
    'does not read %s in place of a file of certificates',
    async (what) => {
      const folder = mkdtempSync(join(tmpdir(), 'open-banking-tls-'));
      const path = join(folder, 'file');
      try {
        if (what === 'a pipe') execFileSync('mkfifo', [path]);
        if (what === 'a device') symlinkSync('/dev/zero', path);
        if (what === 'a folder') mkdirSync(path);
        if (what === 'a large file') writeFileSync(path, Buffer.alloc(1_048_577, 'a'));
        const error = await errorFor(`${elsewhere}sslrootcert=${path}`);
        expect(error.message).toMatch(/the file that "sslrootcert" .* cannot be read$/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('has no other modes', async () => {
    expect((await errorFor(`${elsewhere}sslmode=verify_full`)).message).toMatch(
      /"sslmode" that does not exist/,
    );
  });
});
