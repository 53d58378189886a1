/**
 * Installs what package-lock.json names, once: every command of this package calls it first,
 * so that each works from a fresh clone with Node.js and npm alone.
 *
 * Install scripts stay off: nothing here needs one, and those that download binaries fail on closed networks.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const marker = `${root}node_modules/.installed-from`;
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

if (!installed()) {
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
