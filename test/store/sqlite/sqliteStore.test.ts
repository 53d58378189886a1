import { readdirSync } from 'node:fs';
import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { failureOf } from '../../support/failure';
import { CLIENT, record } from '../places';
import { describeMemories } from '../memoryContract';
import { describePending } from '../pendingContract';
import { describeContract, type StoreKind } from '../storeContract';
import { newFolder, newPath, open } from './files';

const kind: StoreKind = {
  newPlace: async () => ({ sqlite: await newPath() }),
  execute: (place, statement) => {
    const database = new DatabaseSync((place as { sqlite: string }).sqlite);
    database.exec(statement);
    database.close();
    return Promise.resolve();
  },
};
describeContract('SQLite', kind);
describePending('SQLite', kind);
describeMemories('SQLite', kind);

describe('the file', () => {
  const modes = async (folder: string) =>
    Promise.all(
      readdirSync(folder)
        .sort()
        .map(async (name) => [name, (await stat(join(folder, name))).mode & 0o777]),
    );

  it('is created together with its folder, and only its owner can read it', async () => {
    const folder = join(await newFolder(), 'a', 'b');
    await open(join(folder, 'tokens.sqlite')).replace(record('a'));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await modes(folder)).toEqual([
      ['tokens.sqlite', 0o600],
      ['tokens.sqlite-shm', 0o600],
      ['tokens.sqlite-wal', 0o600],
    ]);
  });

  it('loses the permission of other users to read it', async () => {
    const path = await newPath();
    await writeFile(path, '');
    await chmod(path, 0o644);
    await open(path).replace(record('a'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(`${path}-wal`)).mode & 0o777).toBe(0o600);
  });

  it('is opened again if another file replaces it', async () => {
    const [path, backup] = [await newPath(), await newPath()];
    const inBackup = open(backup);
    await inBackup.replace(record('from the backup'));
    await inBackup.close();
    const store = open(path);
    await store.replace(record('a'));
    await rename(backup, path);
    for (const suffix of ['-wal', '-shm']) await rm(path + suffix, { force: true });
    expect(await store.read('a')).toBeUndefined();
    await store.replace(record('b'));
    await store.close();
    const names = (await open(path).list(CLIENT)).map(({ name }) => name);
    expect(names.sort()).toEqual(['b', 'from the backup']);
  });

  it('is created again if somebody removed it', async () => {
    const path = await newPath();
    const store = open(path);
    await store.replace(record('a'));
    await rm(path);
    await store.replace(record('b'));
    await store.close();
    expect(await open(path).read('b')).toMatchObject({ name: 'b' });
  });

  it('can be read while another program has locked it, and a write waits for the lock', async () => {
    const path = await newPath();
    const store = open(path);
    await store.replace(record('a'));
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const writing = store.replace(record('b'));
    // The event loop is not blocked in the meantime, and reads succeed.
    await setTimeout(300);
    expect(await store.read('a')).toMatchObject({ name: 'a' });
    expect(await store.read('b')).toBeUndefined();
    other.exec('COMMIT');
    other.close();
    expect(await writing).toMatchObject({ name: 'b' });
  });

  it('makes 50 callers wait once, and then fail with store-unavailable, if another program keeps it locked', async () => {
    const path = await newPath();
    const store = open(path);
    await store.replace(record('a'));
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const writes = Array.from({ length: 50 }, (_, at) => store.replace(record(`b${at}`)));
    // If they waited one after the other, those after the first would find the file unlocked.
    void writes[0]!.catch(() => other.close());
    for (const result of await Promise.allSettled(writes)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: {
          ...{ code: 'store-unavailable', outcome: 'not-sent' },
          message: `The token store "${path}" cannot be used: another program has locked the file`,
        },
      });
    }
    expect(await store.replace(record('c'))).toMatchObject({ name: 'c' });
  });
});

describe('a file that cannot be used', () => {
  it.each([
    ['text', 'This is no database, but a text that is longer than a page. '.repeat(200)],
    ['the header of a database, and then other bytes', `SQLite format 3\0${'x'.repeat(5000)}`],
  ])('fails with store-unavailable if it contains %s', async (_, content) => {
    const path = await newPath();
    await writeFile(path, content);
    const error = await failureOf(open(path).read('a'));
    expect(error).toMatchObject({ code: 'store-unavailable', stage: 'store', outcome: 'not-sent' });
    expect(error.message).toContain(`The token store "${path}" cannot be used: `);
    expect((await stat(path)).size).toBe(content.length);
  });

  it('fails with store-unavailable if its tables are not those of this package', async () => {
    const path = await newPath();
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE tokens (id INTEGER)');
    database.close();
    const error = await failureOf(open(path).read('a'));
    expect(error.code).toBe('store-unavailable');
    expect(error.message).toContain('its tables are not those of this package');
  });

  it('fails with store-unavailable if it is a folder', async () => {
    const folder = await newFolder();
    expect(await failureOf(open(folder).read('a'))).toMatchObject({ code: 'store-unavailable' });
  });

  it('fails with store-unavailable if its folder is a file', async () => {
    const file = await newPath();
    await writeFile(file, '');
    const error = await failureOf(open(join(file, 'below', 'tokens.sqlite')).read('a'));
    expect(error).toMatchObject({ code: 'store-unavailable' });
  });

  it('is used as soon as it can be opened', async () => {
    const path = await newPath();
    await mkdir(path);
    const store = open(path);
    await failureOf(store.read('a'));
    await rm(path, { recursive: true });
    expect(await store.replace(record('a'))).toMatchObject({ name: 'a' });
  });
});

it('leaves no temporary file after close()', async () => {
  const path = await newPath();
  const store = open(path);
  await store.replace(record('a'));
  await store.close();
  expect(readdirSync(join(path, '..'))).toEqual(['tokens.sqlite']);
});
