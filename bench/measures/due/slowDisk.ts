import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BenchFailure } from '../../failure';

/** How a process is started. */
export interface Launch {
  /** The program and its first arguments; Node.js is the last of them. */
  readonly command: readonly string[];
  /** Variables that are added to its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Milliseconds that each fsync takes on the slow disk. */
export const FSYNC_MILLISECONDS = 30;

/** Starts Node.js with the disk of this machine. */
export const usualDisk: Launch = { command: [process.execPath], environment: {} };

/**
 * Starts Node.js so that each of its fsyncs takes 30 ms: by a library that is compiled now, or if there is no compiler, by strace.
 *
 * @param directory for the library
 * @throws BenchFailure if this machine has neither
 */
export function slowDisk(directory: string): Launch {
  if (process.platform === 'linux') {
    const library = join(directory, 'slowFsync.so');
    const source = join(__dirname, 'slowFsync.c');
    if (succeeds('cc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl'])) {
      return { command: [process.execPath], environment: { LD_PRELOAD: library } };
    }
    if (succeeds('strace', ['-V'])) {
      const delay = `inject=fsync,fdatasync:delay_exit=${FSYNC_MILLISECONDS * 1000}`;
      const options = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync', '-e', delay];
      return { command: ['strace', ...options, process.execPath], environment: {} };
    }
  }
  throw new BenchFailure(
    'A slow disk cannot be imitated on this machine: that needs Linux, and a C compiler (cc) or strace. Install one of them, and run the benchmark again.',
  );
}

function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
