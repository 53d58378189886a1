import { readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** The sources of `dist/`: files and folders. */
const SOURCES = [
  'build',
  'core',
  'credentials',
  'nodes',
  'gulpfile.js',
  'package-lock.json',
  'package.json',
];

/** Ends jest if the built package is missing or older than its sources: many tests load `dist/`. */
export function assertBuilt(): void {
  const reason = reasonToBuild(resolve(__dirname, '../../..'));
  if (!reason) return;
  // jest would print the stack of an error.
  console.error(`${reason}: run "npx gulp build" before the tests.`);
  process.exit(1);
}

/**
 * The reason to build the package again, or `undefined` if `dist/` is newer than its sources.
 *
 * @param root the folder of the package
 */
export function reasonToBuild(root: string): string | undefined {
  const built = statSync(join(root, 'dist/behind.js'), { throwIfNoEntry: false });
  if (!built) return 'The folder dist/ has no build';
  const newer = SOURCES.flatMap((name) => pathsIn(join(root, name))).find(
    (path) => statSync(path).mtimeMs > built.mtimeMs,
  );
  return newer && `The build in dist/ is older than ${relative(root, newer)}`;
}

/** A file, or a folder and its content. The time of a folder shows that a file in it was removed. */
function pathsIn(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return [];
  if (!stats.isDirectory()) return [path];
  return [path, ...readdirSync(path).flatMap((name) => pathsIn(join(path, name)))];
}
