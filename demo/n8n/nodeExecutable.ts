import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DemoFailure } from '../failure';
import carriers from './carriers.json';

/** The oldest major version of Node.js that n8n 2.41 accepts. */
const REQUIRED_MAJOR = 24;

/**
 * The Node.js to run n8n with: the one that was installed beside it, or the one that runs this process
 * where the registry has none for the platform and this one is recent enough.
 *
 * @param runtimeDirectory where runtime/package.json is or will be installed; the file need not exist yet
 * @throws {@link DemoFailure} on a platform without either
 */
export function nodeExecutable(
  runtimeDirectory: string,
  platform = `${process.platform}-${process.arch}`,
  running = process.versions.node,
): string {
  const carrier = (carriers as Record<string, string>)[platform];
  if (carrier) {
    const name = platform.startsWith('win32') ? 'node.exe' : 'node';
    return join(runtimeDirectory, 'node_modules', carrier, 'bin', name);
  }
  if (Number.parseInt(running, 10) >= REQUIRED_MAJOR) return process.execPath;
  throw new DemoFailure(
    `n8n needs Node.js ${REQUIRED_MAJOR} and the npm registry has none for ${platform}: ` +
      `install Node.js ${REQUIRED_MAJOR} and run this command with it (it is running with ${running}).`,
  );
}

/**
 * The directory with the C headers of that Node.js, where it came with them:
 * compiling a native module then needs no download.
 */
export function headersDirectory(executable: string): string | undefined {
  const directory = join(executable, '..', '..');
  return existsSync(join(directory, 'include', 'node', 'node_api.h')) ? directory : undefined;
}
