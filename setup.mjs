/**
 * Installs the packages of package-lock.json, once. If the running Node.js is too old for the tests, it also installs a later one.
 * Every command of this package runs this script first, so that each works in a new clone that has only Node.js and npm.
 *
 * Install scripts are off: no package needs one, and those that download binaries fail on closed networks.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { installNode, isNodeInstalled } from './test/node.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const marker = `${root}node_modules/.installed-from`;
const lock = `${root}.installing`;
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');

function arePackagesInstalled() {
  try {
    return readFileSync(marker, 'utf8') === wanted;
  } catch {
    return false;
  }
}

const isInstalled = () => arePackagesInstalled() && isNodeInstalled();

/** Maximum age of a lock, in milliseconds. An older one belongs to a command that was killed. */
const LONGEST_INSTALLATION = 10 * 60 * 1000;

/** Waits until no other command is installing: two at once would delete each other's files. */
async function acquireLock() {
  for (let told = false; ; told = true) {
    try {
      mkdirSync(lock);
      process.once('exit', () => rmSync(lock, { recursive: true, force: true }));
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
        process.once(signal, () => process.exit(1));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!told) console.log('Waiting, because another command is installing …');
    await setTimeout(500);
    if (isInstalled()) return;
    const { mtimeMs = Date.now() } = statSync(lock, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > LONGEST_INSTALLATION) rmSync(lock, { recursive: true, force: true });
  }
}

/** Runs `npm ci` in a folder, and ends this command if that fails. */
function npmCi(folder, what, megabytes) {
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  console.log(`Installing ${what} …`);
  const { status } = spawnSync(
    command,
    [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: folder, stdio: 'inherit', shell: !npm && process.platform === 'win32' },
  );
  if (status === 0) return;
  console.error(
    `Could not install ${what}: see the lines of npm above. ` +
      `The npm registry has to be reachable and about ${megabytes} MB of disk space free.`,
  );
  process.exit(1);
}

function install() {
  if (!arePackagesInstalled()) {
    npmCi(root, 'the development dependencies (once, about a minute)', 700);
    writeFileSync(marker, wanted);
  }
  if (!isNodeInstalled()) {
    installNode((folder) =>
      npmCi(folder, 'the Node.js that the tests run on (once, some seconds)', 300),
    );
  }
}

if (!isInstalled()) {
  await acquireLock();
  if (!isInstalled()) install();
}
