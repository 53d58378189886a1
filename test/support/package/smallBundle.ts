import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';

/** An installed package. */
export interface InstalledPackage {
  manifest?: Record<string, unknown>;
  /** Its files; `undefined` for one that it does not have. */
  files?: Record<string, string | undefined>;
  /** Its entry in package-lock.json; `undefined` for none. */
  locked?: Record<string, unknown> | undefined;
}

/** The hash of an archive, as npm writes it. */
export const INTEGRITY = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

/**
 * Makes a package with the given entry file and installed packages in a temporary folder, and bundles it.
 *
 * @param installed by their folders, such as `node_modules/pg`. Missing values are those of a package 1.0.0 under the MIT license
 */
export function smallBundle(
  entry: string,
  installed: Record<string, InstalledPackage>,
): { root: string; metafile: Metafile } {
  const root = mkdtempSync(join(tmpdir(), 'open-banking-bundle-'));
  const write = (path: string, content: string | object) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(
      join(root, path),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  };
  const packages: Record<string, unknown> = { '': {} };
  for (const [folder, { manifest, files, ...rest }] of Object.entries(installed)) {
    const name = folder.replace(/^.*node_modules\//, '');
    write(join(folder, 'package.json'), { name, version: '1.0.0', license: 'MIT', ...manifest });
    const content = { 'index.js': `exports.name = '${name}';`, LICENSE: 'MIT License', ...files };
    for (const [path, text] of Object.entries(content)) {
      if (text !== undefined) write(join(folder, path), text);
    }
    const locked = 'locked' in rest ? rest.locked : {};
    if (locked) packages[folder] = { version: '1.0.0', integrity: INTEGRITY, ...locked };
  }
  write('nodes/entry.js', entry);
  write('package-lock.json', { lockfileVersion: 3, packages });
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: ['nodes/entry.js'],
    ...{ bundle: true, metafile: true, write: false, platform: 'node', outdir: 'dist' },
  });
  return { root, metafile };
}
