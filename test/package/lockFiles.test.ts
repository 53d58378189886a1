import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const REGISTRY = 'https://registry.npmjs.org/';

/** The packages that are installed under another name: the folder, and the name in the registry. */
const ALIASES: Record<string, string> = {
  '@jest/react-is-18': 'react-is',
  '@jest/react-is-19': 'react-is',
  '@popperjs/core': '@sxzz/popperjs-es',
  'string-width-cjs': 'string-width',
  'strip-ansi-cjs': 'strip-ansi',
  'wrap-ansi-cjs': 'wrap-ansi',
  'zod-from-json-schema-v3': 'zod-from-json-schema',
};

/** A package of a lock file. */
interface Entry {
  /** Its name in the registry, if the folder has another one. */
  name?: string;
  version?: string;
  /** Where it comes from. Without it, npm takes name and version from the registry. */
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
  const entries = Object.entries(packagesOf(path)).filter(([folder]) => folder !== '');

  it('has an exact version and a SHA-512 hash of each package', () => {
    expect(entries.length).toBeGreaterThan(500);
    const without = entries.filter(
      ([, { version = '', integrity = '' }]) =>
        !/^\d+\.\d+\.\d+/.test(version) || !/^sha512-[\w+/]{86}==$/.test(integrity),
    );
    expect(without.map(([folder]) => folder)).toEqual([]);
  });

  it('takes each package from the npm registry, under its name', () => {
    expect(entries.flatMap(([folder, entry]) => faultsOfOrigin(folder, entry))).toEqual([]);
  });
});

it('names the packages that are installed under another name, and no other', () => {
  const aliases = paths.flatMap((path) =>
    Object.entries(packagesOf(path)).flatMap(([folder, { name }]) =>
      folder && name ? [[nameOf(folder), name] as const] : [],
    ),
  );
  expect(Object.fromEntries(aliases)).toEqual(ALIASES);
});

describe('faultsOfOrigin', () => {
  const { resolved, ...pg } = { version: '8.23.1', resolved: `${REGISTRY}pg/-/pg-8.23.1.tgz` };
  const scoped = `${REGISTRY}@scope/x/-/x-1.0.0.tgz`;

  it.each<[string, string, Entry]>([
    ['without an address', 'node_modules/pg', pg],
    ['with its address', 'node_modules/a/node_modules/pg', { ...pg, resolved }],
    ['with a scope', 'node_modules/@scope/x', { version: '1.0.0', resolved: scoped }],
    [
      'under a known other name',
      'node_modules/strip-ansi-cjs',
      {
        name: 'strip-ansi',
        version: '6.0.1',
        resolved: `${REGISTRY}strip-ansi/-/strip-ansi-6.0.1.tgz`,
      },
    ],
  ])('accepts a package %s', (_, folder, entry) => {
    expect(faultsOfOrigin(folder, entry)).toEqual([]);
  });

  it.each<[string, string, Entry]>([
    ['another package of the registry', 'node_modules/jose', { ...pg, resolved }],
    ['another version', 'node_modules/pg', { version: '8.23.0', resolved }],
    [
      'another registry',
      'node_modules/pg',
      { ...pg, resolved: 'https://registry.example/pg/-/pg-8.23.1.tgz' },
    ],
    [
      'a repository',
      'node_modules/pg',
      { ...pg, resolved: 'git+ssh://git@github.com/an-owner/pg.git' },
    ],
    ['a folder', 'node_modules/pg', { ...pg, link: true }],
    ['an unknown other name', 'node_modules/pg', { ...pg, name: 'other' }],
    ['a wrong other name', 'node_modules/strip-ansi-cjs', { ...pg, name: 'pg' }],
    ['no other name where one is needed', 'node_modules/strip-ansi-cjs', pg],
  ])('finds %s', (_, folder, entry) => {
    expect(faultsOfOrigin(folder, entry)).toEqual([expect.stringContaining(folder)]);
  });
});

/** The name of a package, as its folder tells it. */
function nameOf(folder: string): string {
  return folder.split('node_modules/').at(-1)!;
}

/** A line about a package that does not come from the registry under the name that it should have. */
function faultsOfOrigin(folder: string, { name, version, resolved, link }: Entry): string[] {
  const expected = ALIASES[nameOf(folder)] ?? nameOf(folder);
  const address = `${REGISTRY}${expected}/-/${expected.split('/').at(-1)}-${version}.tgz`;
  const isRight =
    !link && (name ?? nameOf(folder)) === expected && (resolved ?? address) === address;
  return isRight ? [] : [`${folder}: ${name} ${resolved}`];
}

/** The packages of a lock file, by their folders. The folder of the root is empty. */
function packagesOf(path: string): Record<string, Entry> {
  const lock = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
    packages: Record<string, Entry>;
  };
  return lock.packages;
}

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
