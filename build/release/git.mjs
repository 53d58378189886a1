// @ts-check
import { spawnSync } from 'node:child_process';

/**
 * Runs git in a folder, and returns what it prints.
 *
 * @param {string} root
 * @param {...string} options
 * @throws {Error} with the words of git
 */
export function git(root, ...options) {
  const { status, stdout, stderr, error } = spawnSync('git', options, {
    cwd: root,
    encoding: 'utf8',
  });
  if (error) throw error;
  if (status !== 0) {
    throw new Error(`git ${options[0]} failed: ${(stderr || stdout).trim() || `status ${status}`}`);
  }
  return stdout.trimEnd();
}
