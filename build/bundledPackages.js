// @ts-check
/** The npm packages of which code is in the bundle, as esbuild reports it, compared with package-lock.json. */
const { join, resolve } = require('node:path');
const { readJson } = require('./readJson');

/** The registry of npm. A lock file without addresses means this registry. */
const REGISTRY = 'https://registry.npmjs.org';

/** A source of this package: a file, the list of modules that bundle.js gives to esbuild, or a module from the other file of the bundle. */
const OWN_SOURCE =
  /^(?:(?:core|credentials|nodes)\/(?!.*node_modules\/)|package\.json$|<stdin>$|(?:behind|start):)/;

/**
 * @typedef {object} BundledPackage
 * @property {string} name
 * @property {string} version
 * @property {string} license the license of its package.json, an SPDX expression
 * @property {string} folder its path from the root of this package, such as `node_modules/pg`
 * @property {string[]} files paths of the bundled files, from the folder
 * @property {string} resolved the address of the archive that was installed
 * @property {string} integrity the hash of that archive, as package-lock.json has it
 * @property {boolean} isDirect whether code of this package imports it
 * @property {string[]} imports the folders of the bundled packages that it imports
 * @property {Record<string, any>} manifest its package.json
 */

/**
 * Returns the packages of which at least one byte is in an output, in the order of their names.
 *
 * @param {import('esbuild').Metafile[]} metafiles what esbuild reports of each bundle
 * @param {string} [root] the folder of this package, from which esbuild's paths begin
 * @returns {BundledPackage[]}
 * @throws {Error} if a package is outside of the folder, or has another version than in package-lock.json
 */
function bundledPackages(metafiles, root = resolve(__dirname, '..')) {
  const { packages: locked } = readJson(join(root, 'package-lock.json'));
  const bundled = bundledPaths(metafiles);
  const imports = importsBetween(metafiles, bundled);
  const folders = [...new Set([...bundled].flatMap((path) => folderOf(path) ?? []))];
  return folders
    .map((folder) => {
      const manifest = readJson(join(root, folder, 'package.json'));
      const { name, version, license } = manifest;
      if (typeof license !== 'string') {
        throw new Error(`${name} ${version} is bundled, and its package.json names no license`);
      }
      const { resolved, integrity } = lockedAs(manifest, folder, locked);
      const paths = [...bundled].filter((path) => folderOf(path) === folder).sort();
      return {
        ...{ name, version, license, folder },
        files: paths.map((path) => path.slice(folder.length + 1)),
        ...{ resolved, integrity },
        isDirect: imports.get('')?.has(folder) ?? false,
        imports: [...(imports.get(folder) ?? [])].sort(),
        manifest,
      };
    })
    .sort((a, b) => compare(a.name, b.name) || compare(a.folder, b.folder));
}

/**
 * The paths of the sources of which at least one byte is in an output.
 *
 * @param {import('esbuild').Metafile[]} metafiles
 */
function bundledPaths(metafiles) {
  /** @type {Set<string>} */
  const paths = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        if (bytesInOutput > 0) paths.add(path);
      }
    }
  }
  return paths;
}

/**
 * The folders of the packages that each package imports. Sources of this package have the folder ''.
 *
 * @param {import('esbuild').Metafile[]} metafiles
 * @param {Set<string>} bundled
 */
function importsBetween(metafiles, bundled) {
  /** @type {Map<string, Set<string>>} */
  const imports = new Map();
  for (const { inputs } of metafiles) {
    for (const [path, { imports: targets }] of Object.entries(inputs)) {
      if (!bundled.has(path)) continue;
      const from = folderOf(path) ?? '';
      for (const { path: target, external } of targets) {
        if (external || !bundled.has(target)) continue;
        const to = folderOf(target);
        if (!to || to === from) continue;
        imports.set(from, (imports.get(from) ?? new Set()).add(to));
      }
    }
  }
  return imports;
}

/**
 * The folder of the npm package that a source belongs to: the last one below a `node_modules`. `undefined` for a source of this package.
 *
 * @param {string} path
 * @throws {Error} if it is neither in `node_modules` of this package nor a source of this package
 */
function folderOf(path) {
  if (OWN_SOURCE.test(path)) return undefined;
  const folder = /^node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
  if (!folder) {
    throw new Error(
      `${path} is bundled, and is neither in node_modules nor a source of this package: is its folder a link?`,
    );
  }
  return folder;
}

/**
 * Address and hash of an installed package, as package-lock.json has them.
 *
 * @param {Record<string, any>} manifest
 * @param {string} folder
 * @param {Record<string, any>} locked
 */
function lockedAs({ name, version }, folder, locked) {
  const entry = locked[folder];
  if (!entry) throw new Error(`${name} ${version} is bundled, and is not in package-lock.json`);
  if (entry.version !== version) {
    throw new Error(
      `${name} ${version} is bundled, and package-lock.json has ${entry.version}: run "npm ci"`,
    );
  }
  if (!entry.integrity) {
    throw new Error(`${name} ${version} is bundled, and package-lock.json has no hash of it`);
  }
  const unscoped = name.slice(name.lastIndexOf('/') + 1);
  const { resolved = `${REGISTRY}/${name}/-/${unscoped}-${version}.tgz`, integrity } = entry;
  return { resolved, integrity };
}

/**
 * The same order on every machine.
 *
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

module.exports = { bundledPackages };
