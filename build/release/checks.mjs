// @ts-check
import { spawn, spawnSync } from 'node:child_process';

/**
 * Runs all checks of the package, `.ci/run`. A signal ends them.
 *
 * @param {string} root folder of the package
 * @returns {Promise<void>}
 * @throws {Error} if one fails
 */
export function runChecks(root) {
  return new Promise((resolve, reject) => {
    // .ci/run gives each check a process group of its own, with "timeout". So Ctrl-C does not reach the checks.
    const end = () => descendantsOf(child.pid).forEach(terminate);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    // Before the start: a signal may arrive at once.
    for (const signal of signals) process.on(signal, end);
    const child = spawn('bash', ['.ci/run'], { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code) => {
      for (const signal of signals) process.off(signal, end);
      if (code === 0) resolve();
      else reject(new Error('The checks failed, or were ended: see the lines above.'));
    });
  });
}

/**
 * A process and all that it has started, parents first.
 *
 * @param {number | undefined} pid
 * @returns {number[]}
 */
function descendantsOf(pid) {
  const table = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout ?? '';
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const found = pid === undefined ? [] : [pid];
  for (const parent of found) {
    found.push(...rows.flatMap(([child, its]) => (child && its === parent ? [child] : [])));
  }
  return found;
}

/** @param {number} pid */
function terminate(pid) {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended.
  }
}
