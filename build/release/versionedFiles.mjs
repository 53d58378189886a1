// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryOf } from './ownerValues.mjs';
import { withRelease } from './changelog.mjs';

/**
 * A file that names the version, before and after a release. `path` is relative to the folder of the package.
 *
 * @typedef {{ path: string, before: string, after: string }} ChangedFile
 */

/**
 * The files that a release changes.
 *
 * @param {string} root folder of the package
 * @param {{ version: string, date: string }} release
 * @returns {ChangedFile[]}
 */
export function filesOfRelease(root, { version, date }) {
  /** @param {string} path */
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const manifest = JSON.parse(read('package.json'));
  const tarball = `${manifest.name}-${manifest.version}.tgz`;
  const repository = repositoryOf(manifest) ?? '';

  /** @type {Record<string, (text: string) => string>} */
  const changes = {
    'package.json': (text) => json({ ...JSON.parse(text), version }),
    'package-lock.json': (text) => json(lockOf(JSON.parse(text), version)),
    'CHANGELOG.md': (text) => withRelease(text, { version, date, repository }),
  };
  for (const path of documents(root)) {
    changes[path] ??= (text) => text.replaceAll(tarball, `${manifest.name}-${version}.tgz`);
  }
  return Object.entries(changes)
    .map(([path, change]) => ({ path, before: read(path), after: change(read(path)) }))
    .filter(({ before, after }) => after !== before);
}

/**
 * @param {any} lock
 * @param {string} version
 */
function lockOf(lock, version) {
  return {
    ...lock,
    version,
    packages: { ...lock.packages, '': { ...lock.packages[''], version } },
  };
}

/** npm writes its files like this. */
const json = (/** @type {unknown} */ value) => `${JSON.stringify(value, null, 2)}\n`;

/**
 * The documents that may name the tarball.
 *
 * @param {string} root
 */
function documents(root) {
  const names = readdirSync(root, { withFileTypes: true });
  const folder = names.some((entry) => entry.name === 'docs' && entry.isDirectory())
    ? readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)
    : [];
  return [...names.map(({ name }) => name), ...folder].filter((path) => path.endsWith('.md'));
}
