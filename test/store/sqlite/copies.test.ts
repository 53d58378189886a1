import { copyFile, rm, utimes } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import type { TokenStore } from '../../../core/store/store';
import { failureOf } from '../../support/failure';
import { CLIENT, record } from '../places';
import { newPath, open } from './files';

const suffixes = ['', '-wal', '-shm'] as const;

/** Stores records of four kilobytes each. */
async function fill(store: TokenStore, count: number): Promise<void> {
  const envelope = () => Buffer.from(`${Math.random()}`.padEnd(4000, 'x'));
  for (let at = 0; at < count; at++) {
    await store.replace(record(`${at}`, { envelope: envelope() }));
  }
}

/** Copies the files of a store, and makes them as old as those of a backup. */
async function copy(from: string, to: string, which: readonly string[] = suffixes): Promise<void> {
  for (const suffix of which) {
    await copyFile(from + suffix, to + suffix);
    await utimes(to + suffix, 1_700_000_000, 1_700_000_000);
  }
}

async function countAt(path: string): Promise<number> {
  return (await open(path).list(CLIENT)).length;
}

/** Makes a backup as the documentation says, while other processes use the file. */
function vacuumInto(path: string, backup: string): void {
  const database = new DatabaseSync(path);
  database.exec(`VACUUM INTO '${backup}'`);
  database.close();
}

it('a backup by VACUUM INTO has each record that was stored before it, although the file is being written', async () => {
  const [path, backup] = [await newPath(), await newPath()];
  const store = open(path);
  await fill(store, 20);
  const writing = fill(store, 60);
  await setTimeout(20);
  vacuumInto(path, backup);
  await writing;
  const count = await countAt(backup);
  expect(count).toBeGreaterThanOrEqual(20);
  expect(count).toBeLessThanOrEqual(60);
});

it('a copy of the file and its -wal has each record, although the process that wrote them did not close it', async () => {
  const [path, copied] = [await newPath(), await newPath()];
  await fill(open(path), 20);
  await copy(path, copied, ['', '-wal']);
  expect(await countAt(copied)).toBe(20);
});

it('fails with store-unavailable if the file was copied without its -wal and has no tables', async () => {
  const [path, copied] = [await newPath(), await newPath()];
  await fill(open(path), 20);
  await copy(path, copied, ['']);
  const error = await failureOf(open(copied).read('0'));
  expect(error).toMatchObject({ code: 'store-unavailable', outcome: 'not-sent' });
  expect(error.message).toMatch(/the file is empty, because it was copied without its "-wal"/);
  expect(error.description).toContain('VACUUM INTO');
  for (const suffix of ['-wal', '-shm']) await rm(copied + suffix, { force: true });
  await copy(path, copied);
  expect(await countAt(copied)).toBe(20);
});

it('a file that was closed is opened again, however old it is', async () => {
  const path = await newPath();
  const store = open(path);
  await fill(store, 1);
  await store.close();
  await utimes(path, 1_700_000_000, 1_700_000_000);
  expect(await countAt(path)).toBe(1);
});

it('a backup beside the -wal of the former file fails with store-unavailable, until that is deleted', async () => {
  const [path, backup, killed] = [await newPath(), await newPath(), await newPath()];
  const store = open(path);
  await fill(store, 5);
  vacuumInto(path, backup);
  await fill(store, 300);
  // As after the end of a process that did not close the file.
  await copy(path, killed);
  await copy(backup, killed, ['']);
  const mixed = open(killed);
  const error = await failureOf(mixed.read('0'));
  expect(error).toMatchObject({ code: 'store-unavailable', outcome: 'not-sent' });
  expect(error.message).toMatch(/: the file is damaged or is not a SQLite database$/);
  expect(error.description).toContain('Delete the files "-wal" and "-shm"');
  await mixed.close();
  await copy(backup, killed, ['']);
  for (const suffix of ['-wal', '-shm']) await rm(killed + suffix, { force: true });
  expect(await countAt(killed)).toBe(5);
});
