/**
 * Installs what package-lock.json names, once: every command of this package calls it first,
 * so that each works from a fresh clone with Node.js and npm alone.
 *
 * Install scripts stay off: nothing here needs one, and those that download binaries fail on closed networks.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const marker = `${root}node_modules/.installed-from`;
const lock = `${root}.installing`;
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');

function installed() {
  try {
    return readFileSync(marker, 'utf8') === wanted;
  } catch {
    return false;
  }
}

/** Milliseconds after which a lock is one that a killed command left. */
const LONGEST_INSTALLATION = 10 * 60 * 1000;

/** Two commands at once would delete what the other is writing. */
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
    if (installed()) return;
    const { mtimeMs = Date.now() } = statSync(lock, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > LONGEST_INSTALLATION) rmSync(lock, { recursive: true, force: true });
  }
}

function install() {
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  console.log('Installing the development dependencies (once, about a minute) …');
  const { status } = spawnSync(
    command,
    [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root, stdio: 'inherit', shell: !npm && process.platform === 'win32' },
  );
  if (status !== 0) {
    console.error(
      'The development dependencies could not be installed: see the lines of npm above. ' +
        'The npm registry has to be reachable and about 600 MB of disk space free.',
    );
    process.exit(1);
  }
  writeFileSync(marker, wanted);
}

if (!installed()) {
  await acquireLock();
  if (!installed()) install();
}
