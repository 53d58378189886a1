import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DemoFailure } from '../failure';
import carriers from './carriers.json';

/**
 * The Node.js for n8n: the one that is installed with it. If the registry has none for the platform, the one of
 * this process, if it is recent enough.
 *
 * @param runtimeDirectory in which n8n is or will be installed
 * @param oldestMajor the oldest major version of this process's Node.js that is accepted
 * @throws {@link DemoFailure} if there is neither
 */
export function nodeExecutable(
  runtimeDirectory: string,
  oldestMajor: number,
  platform = `${process.platform}-${process.arch}`,
  running = process.versions.node,
): string {
  const carrier = (carriers as Record<string, string>)[platform];
  if (carrier) {
    const name = platform.startsWith('win32') ? 'node.exe' : 'node';
    return join(runtimeDirectory, 'node_modules', carrier, 'bin', name);
  }
  if (Number.parseInt(running, 10) >= oldestMajor) return process.execPath;
  throw new DemoFailure(
    `n8n needs Node.js ${oldestMajor} and the npm registry has none for ${platform}: ` +
      `install Node.js ${oldestMajor} and run this command with it (it is running with ${running}).`,
  );
}

/**
 * The directory of the C headers of that Node.js, if it has them. With them, a native module can be compiled
 * without a download.
 */
export function headersDirectory(executable: string): string | undefined {
  const directory = join(executable, '..', '..');
  return existsSync(join(directory, 'include', 'node', 'node_api.h')) ? directory : undefined;
}
