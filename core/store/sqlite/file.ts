import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { storeError } from '../storeFailure';
import { accessFailure } from './sqliteFailures';

/** Identifies the file at a path; `undefined` if there is none. */
export function fileAt(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}

/**
 * Makes the file and its folder if they are missing, for their owner only. SQLite gives its other files the same mode.
 *
 * @throws OpenBankingError `store-unavailable`, `store-not-writable`
 */
export function makeFile(path: string): void {
  const isNew = fileAt(path) === undefined;
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    const isReadable = isNew || canRead(path);
    throw storeError(JSON.stringify(path), accessFailure(error, isReadable));
  }
  try {
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    if (isNew) syncFolder(folder);
  } catch {
    // The file belongs to another user, or this is Windows, where folders cannot be opened.
  }
}

function canRead(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, Buffer.alloc(1));
    } finally {
      closeSync(file);
    }
    return true;
  } catch {
    return false;
  }
}

/** Makes a new file in a folder durable, so that it is still there after a crash of the machine. */
function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
