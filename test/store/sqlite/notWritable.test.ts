import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { sqliteSchema } from '../../../core/store/schema';
import { failureOf } from '../../support/failure';
import { CLIENT, record } from '../places';
import { newFolder, newPath, open } from './files';

describe('a file that cannot be written', () => {
  /** Does something as another user if this one is `root`, because the modes of files do not apply to `root`. */
  async function withoutPrivileges<Result>(folder: string, act: () => Promise<Result>) {
    if (process.geteuid!() !== 0) return act();
    const nobody = Number(execFileSync('id', ['-u', 'nobody']));
    await chown(folder, nobody, 0);
    for (const name of readdirSync(folder)) await chown(join(folder, name), nobody, 0);
    process.seteuid!(nobody);
    try {
      return await act();
    } finally {
      process.seteuid!(0);
    }
  }

  async function storedFile(): Promise<{ folder: string; path: string }> {
    const path = await newPath();
    const store = open(path);
    await store.replace(record('a'));
    await store.close();
    return { folder: join(path, '..'), path };
  }

  it('fails with store-not-writable if it is read-only', async () => {
    const { folder, path } = await storedFile();
    await chmod(path, 0o400);
    await withoutPrivileges(folder, async () => {
      const store = open(path);
      const writes = Array.from({ length: 10 }, (_, at) =>
        failureOf(store.replace(record(`${at}`))),
      );
      for (const error of await Promise.all(writes)) {
        expect(error).toMatchObject({ code: 'store-not-writable', outcome: 'not-sent' });
        expect(error.message).toContain(`The token store "${path}" cannot be written: `);
      }
    });
  });

  it('fails with store-not-writable if its folder is read-only', async () => {
    const { folder, path } = await storedFile();
    await chmod(folder, 0o500);
    await withoutPrivileges(folder, async () => {
      expect(await failureOf(open(path).replace(record('b')))).toMatchObject({
        code: 'store-not-writable',
      });
    });
    await chmod(folder, 0o700);
  });

  it('fails with store-not-writable if it does not exist and its folder is read-only', async () => {
    const folder = await newFolder();
    await chmod(folder, 0o500);
    await withoutPrivileges(folder, async () => {
      for (const path of [join(folder, 'tokens.sqlite'), join(folder, 'new', 'tokens.sqlite')]) {
        expect(await failureOf(open(path).read('a'))).toMatchObject({ code: 'store-not-writable' });
      }
    });
    await chmod(folder, 0o700);
  });

  it('fails with store-unavailable if it cannot be read either', async () => {
    const { folder, path } = await storedFile();
    await chmod(path, 0);
    await withoutPrivileges(folder, async () => {
      expect(await failureOf(open(path).read('a'))).toMatchObject({ code: 'store-unavailable' });
    });
  });

  /** A store with little space, and functions that make more space and remove the store. */
  async function narrowPlace() {
    const folder = await newFolder();
    const path = join(folder, 'tokens.sqlite');
    if (process.geteuid!() === 0 && process.platform === 'linux') {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]);
      const store = open(path);
      // Runs before the folder is removed, and after the store is closed.
      const remove = async () => {
        await store.close();
        execFileSync('umount', [folder]);
      };
      const makeRoom = () => {
        execFileSync('mount', ['-o', 'remount,size=4m', folder]);
        return Promise.resolve(store);
      };
      return { store, makeRoom, remove };
    }
    // Other users may not mount a small disk. So a limit of pages makes SQLite report that the disk is full.
    const steps = [...sqliteSchema.steps, 'PRAGMA max_page_count = 60'];
    const schema = { ...sqliteSchema, steps };
    const store = open(path, schema);
    const makeRoom = async () => {
      await store.close();
      return open(path, schema);
    };
    return { store, makeRoom, remove: () => Promise.resolve() };
  }

  it('fails with store-not-writable while the disk is full', async () => {
    const { store, makeRoom, remove } = await narrowPlace();
    try {
      await store.replace(record('first'));
      await store.assertWritable();
      const envelope = Buffer.alloc(20_000, 'x');
      const fill = async () => {
        for (let at = 0; at < 100; at++) await store.replace(record(`filling ${at}`, { envelope }));
      };
      const error = await failureOf(fill());
      expect(error).toMatchObject({ code: 'store-not-writable', outcome: 'not-sent' });
      expect(error.message).toMatch(/cannot be written: the disk is full/);
      // The stored records are still there.
      expect(await store.read('first')).toMatchObject({ name: 'first' });
      const roomy = await makeRoom();
      expect(await roomy.replace(record('first', { envelope }))).toMatchObject({ name: 'first' });
    } finally {
      await remove();
    }
  });

  it('stores as many records as fit if they share a write to the disk, and reports these alone', async () => {
    const { store, remove } = await narrowPlace();
    try {
      await store.replace(record('first'));
      const sizes = [10, 60_000, 60_000, 60_000, 60_000, 60_000, 10];
      const results = await Promise.allSettled([
        store.replace(record('first')),
        ...sizes.map((size, at) =>
          store.replace(record(`size ${at}`, { envelope: Buffer.alloc(size, 'x') })),
        ),
      ]);
      const reported = results.flatMap((result) =>
        result.status === 'fulfilled' ? [result.value?.name] : [],
      );
      expect(reported).toEqual(expect.arrayContaining(['first', 'size 0']));
      for (const result of results.filter(({ status }) => status === 'rejected')) {
        expect(result).toMatchObject({ reason: { code: 'store-not-writable' } });
      }
      expect(reported.length).toBeLessThan(results.length);
      const present = await store.list(CLIENT);
      expect(present.map(({ name }) => name).sort()).toEqual([...reported].sort());
    } finally {
      await remove();
    }
  });
});
