import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { failureOf } from '../../support/failure';
import { canMount, fill, mount } from '../../support/stores/disk';
import { record } from '../places';
import { newFolder, newPath, open } from './files';

const ifMounted = canMount() ? it : it.skip;

describe('a disk that becomes full', () => {
  ifMounted('takes what the bank gave, and no lease for a new request', async () => {
    const folder = await newFolder();
    mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
    const path = join(folder, 'tokens.sqlite');
    const envelope = Buffer.alloc(2_000, 'x');
    const former = open(path);
    let stored = (await former.replace(record('a', { envelope })))!;
    await former.close();
    const store = open(path);
    try {
      stored = (await store.replace(record('a', { envelope }), stored.revision))!;
      fill(join(folder, 'filling'));
      const lease = await failureOf(store.acquire('a', { id: 'h', process: 'p' }, 60_000));
      expect(lease).toMatchObject({ code: 'store-not-writable', outcome: 'not-sent' });
      for (let count = 0; count < 50; count++) {
        const next = Buffer.alloc(2_000, String(count % 10));
        stored = (await store.replace(record('a', { envelope: next }), stored.revision))!;
        expect(Buffer.from((await store.read('a'))!.envelope)).toEqual(next);
      }
    } finally {
      await store.close();
      spawnSync('umount', ['-l', folder]);
    }
  });

  it('is not filled by the log of changes, which stays near a megabyte', async () => {
    const path = await newPath();
    const store = open(path);
    let stored = (await store.replace(record('a')))!;
    const envelope = Buffer.alloc(20_000, 'x');
    for (let count = 0; count < 300; count++) {
      stored = (await store.replace(record('a', { envelope }), stored.revision))!;
    }
    expect(statSync(`${path}-wal`).size).toBeLessThan(1.2 * 1024 * 1024);
  });
});
