import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BenchFailure } from '../../failure';

/** How a process is started. */
export interface Launch {
  /** The program and its first arguments; Node.js is the last of them. */
  readonly command: readonly string[];
  /** Variables that are added to its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds that each fsync takes at least. The process checks it. */
  readonly slowestFsync?: number;
}

/** Milliseconds that each fsync takes on the slow disk. */
const FSYNC = 30;

/** Starts Node.js with the disk of this machine. */
export const usualDisk: Launch = { command: [process.execPath] };

/**
 * Starts Node.js so that each of its fsyncs takes 30 ms: by a library that is compiled now, or if there is no compiler, by strace.
 *
 * @param directory for the library
 * @throws BenchFailure if this machine has neither
 */
export function slowDisk(directory: string): Launch {
  const library = join(directory, 'slowFsync.so');
  if (process.platform === 'linux' && isCompiled(library)) {
    return { ...usualDisk, environment: { LD_PRELOAD: library }, slowestFsync: FSYNC };
  }
  if (process.platform === 'linux' && (hasStrace() || installsStrace())) {
    const delay = `inject=fsync,fdatasync:delay_exit=${FSYNC * 1000}`;
    const options = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync', '-e', delay];
    return { command: ['strace', ...options, ...usualDisk.command], slowestFsync: FSYNC };
  }
  throw new BenchFailure(
    'A slow disk cannot be imitated on this machine: that needs Linux, and strace or a C compiler. Install strace (on Debian: apt-get install strace), and run the benchmark again.',
  );
}

function isCompiled(library: string): boolean {
  const source = join(__dirname, 'slowFsync.c');
  return succeeds('cc', '-O2', '-shared', '-fPIC', '-o', library, source, '-ldl');
}

function hasStrace(): boolean {
  return succeeds('strace', '-V');
}

/** Installs strace on a Debian machine if this process runs as root, as in CI. */
function installsStrace(): boolean {
  if (process.getuid?.() !== 0) return false;
  succeeds('apt-get', '-qq', 'update');
  return succeeds('apt-get', '-qq', '-y', 'install', '--no-install-recommends', 'strace');
}

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
