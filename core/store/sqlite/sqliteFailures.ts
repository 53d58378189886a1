import { notWritable, unavailable, type StoreFailure } from '../storeFailure';

/** Primary result codes of SQLite. */
const [BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB] = [
  5, 6, 8, 10, 11, 13, 14, 26,
];

/** Extended codes SQLITE_IOERR_… of writing: WRITE, FSYNC, DIR_FSYNC, TRUNCATE, SHMOPEN, SHMSIZE, SHMMAP. */
const WRITE_ERRORS = [3, 4, 5, 6, 18, 19, 21];

/** Codes of Node.js for a file or folder that may not be written. */
const PERMISSION_CODES = ['EACCES', 'EPERM', 'EROFS'];

/** The failure of a file whose parts do not belong together, or that is something else. */
export const damagedFile = unavailable(
  'the file is damaged or is not a SQLite database',
  'Stop n8n. Delete the files "-wal" and "-shm" of the same name: they would damage a backup. Then put a backup in its place. The bank was not asked.',
);

/** Whether another program has locked the file for a moment: a backup, or a process that is starting. */
export function isBusy(error: unknown): boolean {
  return [BUSY, LOCKED].includes(primaryCode(error));
}

/** The failure for an error of SQLite or of the file system. */
export function sqliteFailure(error: unknown): StoreFailure {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  switch (primaryCode(error)) {
    case BUSY:
    case LOCKED:
      return unavailable('another program has locked the file');
    case READONLY:
      return notWritable('the file is read-only');
    case FULL:
      return notWritable('the disk is full');
    case CANTOPEN:
      return notWritable('its folder is read-only or the disk is full');
    case NOTADB:
    case CORRUPT:
      return damagedFile;
    case IOERR:
      return WRITE_ERRORS.includes(Number(errcode) >> 8)
        ? notWritable(`the disk is full or has failed (SQLite ${Number(errcode)})`)
        : unavailable(`the disk has failed (SQLite ${Number(errcode)})`);
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return notWritable('the disk is full');
  if (typeof errcode === 'number') {
    return unavailable(`its tables are not those of this package (SQLite ${errcode})`);
  }
  return unavailable(`the file cannot be opened (${String(code)})`);
}

/**
 * The failure if the file or its folder cannot be made, or the file cannot be opened for writing.
 *
 * @param isReadable whether the file can be read, or does not exist
 */
export function accessFailure(error: unknown, isReadable: boolean): StoreFailure {
  const code = String((error as NodeJS.ErrnoException).code);
  if (!PERMISSION_CODES.includes(code)) return sqliteFailure(error);
  return isReadable
    ? notWritable(`the file or its folder is read-only (${code})`)
    : unavailable(`the file may not be opened (${code})`);
}

function primaryCode(error: unknown): number {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : 0;
}
