import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { TokenStore } from '../../../core/store/store';
import { record } from '../places';
import { newPath, open } from './files';

const MIB = 1024 * 1024;

/** Stores a record again and again, which makes 1.2 MiB of changes in 50 times. */
async function storeOften(store: TokenStore, times: number): Promise<void> {
  let stored = (await store.read('a')) ?? (await store.replace(record('a')))!;
  for (let count = 0; count < times; count++) {
    // Other bytes than before: SQLite does not write pages that stay the same.
    const envelope = Buffer.alloc(20_000, String(count % 10));
    stored = (await store.replace(record('a', { envelope }), stored.revision))!;
  }
}

describe('the log of changes beside the file ("-wal")', () => {
  it('stays near 1 MiB', async () => {
    const path = await newPath();
    await storeOften(open(path), 300);
    expect(statSync(`${path}-wal`).size).toBeLessThan(1.2 * MIB);
  });

  it('is shortened after a backup that kept it from being moved to the file', async () => {
    const path = await newPath();
    const store = open(path);
    await storeOften(store, 1);
    const backup = new DatabaseSync(path);
    backup.exec('BEGIN');
    backup.prepare('SELECT count(*) FROM sqlite_schema').get();
    await storeOften(store, 100);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(2 * MIB);
    backup.exec('COMMIT');
    backup.close();
    await storeOften(store, 100);
    expect(statSync(`${path}-wal`).size).toBeLessThan(1.2 * MIB);
  });
});
