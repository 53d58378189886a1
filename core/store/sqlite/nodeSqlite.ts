import { OpenBankingError } from '../../errors/OpenBankingError';

type Sqlite = typeof import('node:sqlite');

/**
 * The SQLite of Node.js. The first call loads it, so that n8n with tokens in PostgreSQL does not need it.
 *
 * @throws OpenBankingError `version-too-old` if this Node.js has no SQLite, or one without functions that the store needs
 */
export function nodeSqlite(): Sqlite {
  const sqlite = loadSqlite();
  // `location` was added to Node.js together with the option `timeout` and with `isTransaction`, which only an open database has.
  if (sqlite && 'location' in sqlite.DatabaseSync.prototype) return sqlite;
  throw new OpenBankingError('version-too-old', {
    values: {
      part: 'The token store on this machine',
      program: 'Node.js',
      needed: '22.16',
      found: process.versions.node,
    },
    description:
      'Update n8n, or the Node.js that it runs on. Or store tokens in PostgreSQL: in the credential, turn on "Use Custom Settings", and choose it in "Keep Tokens In". Nothing was sent to the bank.',
  });
}

function loadSqlite(): Sqlite | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with this file, and fail in an older Node.js
    return require('node:sqlite') as Sqlite;
  } catch {
    return undefined;
  }
}
