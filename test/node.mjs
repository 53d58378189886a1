/**
 * The Node.js that jest runs on: the running one, if it is 22.16 or later. An older one lacks `node:sqlite`. Then jest runs on a Node.js
 * from the npm registry, the same version that the demonstration runs n8n on. It is installed in the folder `.node`.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.node');
const marker = join(folder, '.installed');
const [major, minor] = process.versions.node.split('.').map(Number);
const isRecent = major > 22 || (major === 22 && minor >= 16);
const platform = `${process.platform}-${process.arch}`;

const json = (file) => JSON.parse(readFileSync(join(root, 'demo/n8n', file), 'utf8'));

/** The Node.js that replaces one that is too old: its npm package, its entry in the lock file of the demonstration, and its executable. */
function standIn() {
  const carrier = json('carriers.json')[platform];
  if (!carrier) {
    console.error(
      `The tests need Node.js 22.16 and the npm registry has none for ${platform}: ` +
        `install Node.js 24 and run this command with it (it is running with ${process.versions.node}).`,
    );
    process.exit(1);
  }
  const entry = json('runtime/package-lock.json').packages[`node_modules/${carrier}`];
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return { carrier, entry, executable: join(folder, 'node_modules', carrier, 'bin', name) };
}

/** The executable to run jest with. */
export function nodeForTests() {
  return isRecent ? process.execPath : standIn().executable;
}

/** Whether {@link nodeForTests} is installed, in the version that the demonstration uses. */
export function isNodeInstalled() {
  if (isRecent) return true;
  try {
    return readFileSync(marker, 'utf8') === standIn().entry.version;
  } catch {
    return false;
  }
}

/**
 * Installs {@link nodeForTests}. npm compares it with the checksum in the lock file of the demonstration.
 *
 * @param npmCi runs `npm ci` in the given folder; does not return if that fails
 */
export function installNode(npmCi) {
  const { carrier, entry } = standIn();
  const manifest = { name: 'node-for-the-tests', dependencies: { [carrier]: entry.version } };
  const packages = { '': manifest, [`node_modules/${carrier}`]: entry };
  const lock = { name: manifest.name, lockfileVersion: 3, requires: true, packages };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, private: true }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  npmCi(folder);
  writeFileSync(marker, entry.version);
}
