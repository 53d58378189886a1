import { rmSync } from 'node:fs';
import { bundledPackages } from '../../build/bundledPackages';
import { INTEGRITY, smallBundle, type InstalledPackage } from '../support/package/smallBundle';

let root: string | undefined;

/** The bundled packages of an entry file. */
function packagesOf(entry: string, installed: Record<string, InstalledPackage>) {
  const bundle = smallBundle(entry, installed);
  root = bundle.root;
  return bundledPackages([bundle.metafile], root);
}

afterEach(() => {
  if (root) rmSync(root, { recursive: true, force: true });
});

describe('bundledPackages', () => {
  it('returns each package of which code is in the bundle, with those that it imports', () => {
    const packages = packagesOf(`require('b'); require('@scope/a');`, {
      'node_modules/b': { files: { 'index.js': `require('c'); exports.b = 1;` } },
      'node_modules/@scope/a': { files: { 'index.js': `require('c'); exports.a = 1;` } },
      'node_modules/c': {},
      'node_modules/@scope/a/node_modules/c': {
        manifest: { version: '2.0.0' },
        locked: { version: '2.0.0' },
      },
    });
    expect(
      packages.map(({ name, version, folder, isDirect, imports }) => ({
        ...{ name, version, folder, isDirect, imports },
      })),
    ).toEqual([
      {
        ...{ name: '@scope/a', version: '1.0.0', folder: 'node_modules/@scope/a', isDirect: true },
        imports: ['node_modules/@scope/a/node_modules/c'],
      },
      {
        ...{ name: 'b', version: '1.0.0', folder: 'node_modules/b', isDirect: true },
        imports: ['node_modules/c'],
      },
      {
        ...{ name: 'c', version: '2.0.0', folder: 'node_modules/@scope/a/node_modules/c' },
        ...{ isDirect: false, imports: [] },
      },
      {
        ...{ name: 'c', version: '1.0.0', folder: 'node_modules/c' },
        ...{ isDirect: false, imports: [] },
      },
    ]);
  });

  it('returns the license of a package, its bundled files, and address and hash of its archive', () => {
    const [found] = packagesOf(`require('@scope/a/lib/used')`, {
      'node_modules/@scope/a': {
        manifest: { license: 'ISC' },
        files: { 'lib/used.js': 'exports.used = 1;', 'lib/unused.js': 'exports.unused = 1;' },
      },
    });
    expect(found).toMatchObject({
      ...{ license: 'ISC', files: ['lib/used.js'], integrity: INTEGRITY },
      resolved: 'https://registry.npmjs.org/@scope/a/-/a-1.0.0.tgz',
    });
  });

  it('leaves out a package that is installed and not imported, and one whose code is not needed', () => {
    const packages = packagesOf(`import { unused } from 'pure'; export const used = 1;`, {
      'node_modules/pure': {
        manifest: { sideEffects: false },
        files: { 'index.js': 'export const unused = 1;' },
      },
      'node_modules/installed': {},
    });
    expect(packages).toEqual([]);
  });

  it.each([
    [
      'has another version than the one in package-lock.json',
      { locked: { version: '1.0.1' } },
      'a 1.0.0 is bundled, and package-lock.json has 1.0.1: run "npm ci"',
    ],
    [
      'is not in package-lock.json',
      { locked: undefined },
      'a 1.0.0 is bundled, and is not in package-lock.json',
    ],
    [
      'has no hash in package-lock.json',
      { locked: { integrity: undefined } },
      'a 1.0.0 is bundled, and package-lock.json has no hash of it',
    ],
    [
      'names no license',
      { manifest: { license: undefined } },
      'a 1.0.0 is bundled, and its package.json names no license',
    ],
  ])('refuses a bundled package that %s', (_, installed, message) => {
    expect(() => packagesOf(`require('a')`, { 'node_modules/a': installed })).toThrow(message);
  });

  /** The report of esbuild on a bundle that contains only this file. */
  const reportOn = (path: string) =>
    ({
      inputs: {},
      outputs: { 'dist/a.js': { inputs: { [path]: { bytesInOutput: 1 } } } },
    }) as never;

  it.each([
    ...['core/lib/a.ts', 'credentials/a.ts', 'nodes/a/b.ts', 'package.json', '<stdin>'],
    ...['behind:nodes/a', 'start:nodes/a'],
  ])('takes %s for code of this package', (path) => {
    expect(bundledPackages([reportOn(path)])).toEqual([]);
  });

  it.each([
    ...['../node_modules/a/x.js', '../a/x.js', '../core/a.ts', '/elsewhere/a/x.js', 'a/x.js'],
    ...['nodes/node_modules/a/x.js', 'node_modules/x.js', 'a/package.json', 'other:nodes/a'],
  ])('refuses the bundled file %s', (path) => {
    expect(() => bundledPackages([reportOn(path)])).toThrow(
      `${path} is bundled, and is neither in node_modules nor a source of this package: is its folder a link?`,
    );
  });
});
