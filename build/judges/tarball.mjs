import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Unpacks the tarball that `npm pack` makes of a package. The package must be built.
 *
 * @param {string} root of the package
 * @param {string} folder an empty one
 * @returns {string} the folder with the files of the package
 */
export function unpackTarball(root, folder) {
  mkdirSync(folder, { recursive: true });
  // npm sets the path of its script for the processes that it starts.
  const npm = process.env.npm_execpath;
  execFileSync(
    npm ? process.execPath : 'npm',
    [
      ...(npm ? [npm] : []),
      'pack',
      '--ignore-scripts',
      '--loglevel=error',
      '--pack-destination',
      folder,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: !npm && process.platform === 'win32',
    },
  );
  const [tarball] = readdirSync(folder);
  execFileSync('tar', ['-xzf', tarball], { cwd: folder });
  return join(folder, 'package');
}
