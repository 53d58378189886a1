import { execFileSync } from 'node:child_process';
import { linkSync, symlinkSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mountPointsOf } from '../../../core/store/sqlite/oneName';
import { failureOf } from '../../support/failure';
import { record } from '../places';
import { newFolder, newPath, open } from './files';

const refusal = { code: 'store-file-linked', stage: 'store', outcome: 'not-sent' };

it('refuses a file with a hard link, under both names, until the link is gone', async () => {
  const [path, other] = [await newPath(), await newPath()];
  const store = open(path);
  await store.replace(record('a'));
  await store.close();
  linkSync(path, other);
  for (const name of [path, other]) {
    const error = await failureOf(open(name).read('a'));
    expect(error).toMatchObject(refusal);
    expect(error.text).toContain(`"${name}" cannot be used: the file has 2 names (hard links). `);
    expect(error.text).toContain('mount its folder in place of the file');
  }
  await rm(other);
  expect(await store.read('a')).toMatchObject({ name: 'a' });
});

it('accepts a symbolic link, and uses one -wal file with those who know the other name', async () => {
  const [path, link] = [await newPath(), await newPath()];
  await open(path).replace(record('a'));
  symlinkSync(path, link);
  const linked = open(link);
  await linked.replace(record('b'));
  expect(await open(path).find(['a', 'b'])).toHaveLength(2);
  expect(await linked.find(['a', 'b'])).toHaveLength(2);
});

// Other users may not mount anything.
const canMount = process.platform === 'linux' && process.geteuid!() === 0;

(canMount ? describe : describe.skip)('a mount', () => {
  /** Mounts a file or folder at another path while a function runs. */
  async function mounted(from: string, to: string, use: () => Promise<void>): Promise<void> {
    execFileSync('mount', ['--bind', from, to]);
    try {
      await use();
    } finally {
      execFileSync('umount', [to]);
    }
  }

  async function storedFile(): Promise<string> {
    const path = await newPath();
    const store = open(path);
    await store.replace(record('a'));
    await store.close();
    return path;
  }

  it('of the file itself is refused, whatever its name', async () => {
    const folder = join(await newFolder(), 'n8n \\ 2');
    await mkdir(folder);
    const [path, link] = [join(folder, 'tokens.sqlite'), await newPath()];
    await writeFile(path, '');
    symlinkSync(path, link);
    await mounted(await storedFile(), path, async () => {
      const error = await failureOf(open(path).read('a'));
      expect(error).toMatchObject(refusal);
      expect(error.message).toContain('the file is mounted by itself, without its folder');
      expect(await failureOf(open(link).read('a'))).toMatchObject(refusal);
    });
  });

  it('of its folder is accepted', async () => {
    const folder = await newFolder();
    await mounted(join(await storedFile(), '..'), folder, async () => {
      const store = open(join(folder, 'tokens.sqlite'));
      expect(await store.read('a')).toMatchObject({ name: 'a' });
      await store.close();
    });
  });
});

it('reads the mount points of Linux', () => {
  const mountinfo = `22 27 0:21 / /proc rw,relatime - proc proc rw
36 35 98:0 /a\\040b /data/a\\040b\\134c\\011d rw master:1 - ext4 /dev/root rw
`;
  expect(mountPointsOf(mountinfo)).toEqual(['/proc', '/data/a b\\c\td']);
});
