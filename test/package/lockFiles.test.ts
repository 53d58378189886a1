import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const REGISTRY = 'https://registry.npmjs.org/';

/** A package of a lock file. */
interface Entry {
  version?: string;
  /** npm writes it for each package that is not in a registry: an archive, a repository, a folder. */
  resolved?: string;
  integrity?: string;
  link?: boolean;
}

const paths = lockFiles(root);

it('has these lock files, and no other', () => {
  expect(paths).toEqual([
    'demo/n8n/runtime/package-lock.json',
    'package-lock.json',
    'test/compat/runtime/package-lock.json',
  ]);
});

describe.each(paths)('%s', (path) => {
  const lock = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
    packages: Record<string, Entry>;
  };
  const entries = Object.entries(lock.packages).filter(([folder]) => folder !== '');

  it('has an exact version and a SHA-512 hash of each package', () => {
    expect(entries.length).toBeGreaterThan(500);
    const without = entries.filter(
      ([, { version = '', integrity = '' }]) =>
        !/^\d+\.\d+\.\d+/.test(version) || !/^sha512-[\w+/]{86}==$/.test(integrity),
    );
    expect(without.map(([folder]) => folder)).toEqual([]);
  });

  it('takes each package from the npm registry', () => {
    const elsewhere = entries.filter(
      ([, { resolved = REGISTRY, link }]) => link || !resolved.startsWith(REGISTRY),
    );
    expect(elsewhere.map(([folder, { resolved }]) => `${folder} ${resolved}`)).toEqual([]);
  });
});

/** The lock files of this clone, without those of installed packages. */
function lockFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !/^\.|^node_modules$|^dist$/.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return lockFiles(path);
      return /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml)$/.test(
        entry.name,
      )
        ? [relative(root, path).replaceAll('\\', '/')]
        : [];
    })
    .sort();
}
