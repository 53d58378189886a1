import type { DatabaseSync } from 'node:sqlite';
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import type { OpenBankingError } from '../../errors/OpenBankingError';
import { storeError, unavailable } from '../storeFailure';
import { damagedFile } from './sqliteFailures';

/** Milliseconds in which another process may have made the file and not its `-wal` yet. */
const MAKING = 2_000;

/** The bytes 18 and 19 of a file whose changes go to its `-wal` first (https://sqlite.org/fileformat2.html). */
const WRITE_AHEAD = Buffer.from([2, 2]);

/**
 * Whether changes of a file go to its `-wal` first, and there is no `-wal`: the file was closed, or it was copied alone. SQLite makes the
 * `-wal` when it opens the file.
 */
export function lacksLog(path: string): boolean {
  if (existsSync(`${path}-wal`) || Date.now() - statSync(path).mtimeMs < MAKING) return false;
  const file = openSync(path, 'r');
  try {
    const found = Buffer.alloc(WRITE_AHEAD.length);
    readSync(file, found, 0, found.length, 18);
    return found.equals(WRITE_AHEAD);
  } finally {
    closeSync(file);
  }
}

/** The error for a file without tables that {@link lacksLog}: its tables were in the `-wal`, and its consents would seem to be unknown. */
export function copiedAlone(path: string): OpenBankingError {
  return storeError(
    JSON.stringify(path),
    unavailable(
      'the file is empty, because it was copied without its "-wal" while it was used',
      'Stop n8n, and put the file and its "-wal" in place together, or a backup that was made with "VACUUM INTO". If no tokens were ever stored in it, delete it. The bank was not asked.',
    ),
  );
}

/**
 * Checks that all parts of a file belong together. A backup that was put beside the `-wal` of the former file is a mixture of both.
 *
 * @throws OpenBankingError `store-unavailable`, or the error of SQLite
 */
export function requireWhole(database: DatabaseSync, path: string): void {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (found !== 'ok') throw storeError(JSON.stringify(path), damagedFile);
}
