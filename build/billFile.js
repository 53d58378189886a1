// @ts-check
/** Writes the bill of materials of a build into a file beside the tarball of `npm pack`. */
const { execFileSync } = require('node:child_process');
const { readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { billOfMaterials } = require('./billOfMaterials');
const { bundledPackages } = require('./bundledPackages');
const { readJson } = require('./readJson');

/** The tools that made the bundle and the bill. */
const TOOLS = ['esbuild', '@cyclonedx/cyclonedx-library'];

/**
 * Writes `<name>-<version>.cdx.json`, and returns its path.
 *
 * @param {import('esbuild').Metafile[]} metafiles what esbuild reports of each bundle in dist/
 * @param {string} [folder] where the file is written
 * @param {string} [root] the folder of this package
 */
function writeBillOfMaterials(
  metafiles,
  folder = resolve(__dirname, '..'),
  root = resolve(__dirname, '..'),
) {
  const manifest = readJson(join(root, 'package.json'));
  const bill = billOfMaterials({
    manifest,
    packages: bundledPackages(metafiles, root),
    files: scripts(root, 'dist').map((path) => ({ path, content: readFileSync(join(root, path)) })),
    tools: TOOLS.map((name) => readJson(join(root, 'node_modules', name, 'package.json'))),
    time: timeOfSources(root),
    root,
  });
  const path = join(folder, `${manifest.name}-${manifest.version}.cdx.json`);
  writeFileSync(path, bill);
  return path;
}

/**
 * The time in the bill, so that each build of the same sources writes the same: `SOURCE_DATE_EPOCH`, as all tools for reproducible builds
 * know it, or else the time of the last commit. `undefined` outside of a clone.
 *
 * @param {string} root
 */
function timeOfSources(root) {
  const seconds = process.env['SOURCE_DATE_EPOCH'] || timeOfCommit(root);
  return seconds ? new Date(Number(seconds) * 1000) : undefined;
}

/** @param {string} root */
function timeOfCommit(root) {
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/**
 * The JavaScript files below a folder: paths from the root.
 *
 * @param {string} root
 * @param {string} folder
 */
function scripts(root, folder) {
  return readdirSync(join(root, folder), { encoding: 'utf8', recursive: true })
    .filter((path) => path.endsWith('.js'))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .sort();
}

module.exports = { writeBillOfMaterials };
