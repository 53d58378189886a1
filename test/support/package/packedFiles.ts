import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../../..');

/** The files that `npm pack` puts into the tarball of this package: paths from its root. */
export function packedFiles(): string[] {
  // npm sets the path of its script for the processes that it starts.
  const npm = process.env.npm_execpath;
  const [{ files }] = JSON.parse(
    execFileSync(
      npm ? process.execPath : 'npm',
      [...(npm ? [npm] : []), 'pack', '--dry-run', '--json', '--ignore-scripts'],
      {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        shell: !npm && process.platform === 'win32',
      },
    ),
  ) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}
