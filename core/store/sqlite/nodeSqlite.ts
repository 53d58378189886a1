import { OpenBankingError } from '../../errors/OpenBankingError';

type Sqlite = typeof import('node:sqlite');

/**
 * SQLite as it comes with Node.js. It is loaded by the first call, so that whoever keeps tokens elsewhere does not need it.
 *
 * @throws OpenBankingError `node-too-old` where this Node.js has none, or one without the functions that the store needs
 */
export function nodeSqlite(): Sqlite {
  const sqlite = loaded();
  // It came together with the time limit and with `isTransaction`, which only an open database would show.
  if (sqlite && 'location' in sqlite.DatabaseSync.prototype) return sqlite;
  throw new OpenBankingError('node-too-old', {
    message: `Stored tokens need Node.js 22.16 or later; n8n runs on ${process.versions.node}`,
    description:
      'Update n8n, or the Node.js that it runs on. Or keep tokens in PostgreSQL: in the credential, turn on "Use Custom Settings", and choose it in "Keep Tokens In". Nothing was sent to the bank.',
  });
}

function loaded(): Sqlite | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the compiler would load it with this file
    return require('node:sqlite') as Sqlite;
  } catch {
    return undefined;
  }
}
