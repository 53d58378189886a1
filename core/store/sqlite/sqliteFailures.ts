import { notWritable, unavailable, type StoreFailure } from '../storeFailure';

/** Result codes of SQLite, without their extension. */
const [BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB] = [
  5, 6, 8, 10, 11, 13, 14, 26,
];

/** SQLITE_IOERR_… of what writes: WRITE, FSYNC, DIR_FSYNC, TRUNCATE, SHMOPEN, SHMSIZE, SHMMAP. */
const WRITING = [3, 4, 5, 6, 18, 19, 21];

/** What Node.js says where a folder or file may not be written. */
const REFUSED = ['EACCES', 'EPERM', 'EROFS'];

/** Whether another program holds the file for a moment: a backup, or a process that starts just now. */
export function isBusy(error: unknown): boolean {
  return [BUSY, LOCKED].includes(primary(error));
}

/** What a failure of SQLite or of the file system means. */
export function sqliteFailure(error: unknown): StoreFailure {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  switch (primary(error)) {
    case BUSY:
    case LOCKED:
      return unavailable('another program has locked the file');
    case READONLY:
      return notWritable('the file is read-only');
    case FULL:
      return notWritable('the disk is full');
    case CANTOPEN:
      return notWritable('its folder is read-only, or the disk is full');
    case NOTADB:
    case CORRUPT:
      return unavailable('the file is damaged, or is no SQLite database');
    case IOERR:
      return WRITING.includes(Number(errcode) >> 8)
        ? notWritable(`the disk is full or fails (SQLite ${Number(errcode)})`)
        : unavailable(`the disk fails (SQLite ${Number(errcode)})`);
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return notWritable('the disk is full');
  if (typeof errcode === 'number') {
    return unavailable(`its tables are not those of this package (SQLite ${errcode})`);
  }
  return unavailable(`the file cannot be opened (${String(code)})`);
}

/** What it means that the file, or the folder for it, cannot be made or opened for writing. */
export function accessFailure(error: unknown, isReadable: boolean): StoreFailure {
  const code = String((error as NodeJS.ErrnoException).code);
  if (!REFUSED.includes(code)) return sqliteFailure(error);
  return isReadable
    ? notWritable(`file or folder are read-only (${code})`)
    : unavailable(`the file may not be opened (${code})`);
}

function primary(error: unknown): number {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : 0;
}
