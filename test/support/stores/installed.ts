import { spawnSync } from 'node:child_process';

/** A program that the tests need. */
export interface NeededProgram {
  /** Its name on the PATH. */
  readonly program: string;
  /** Its package in Debian. */
  readonly debian: string;
  /** Its package in Homebrew. */
  readonly homebrew: string;
  /** The reason why it is needed, for the error. */
  readonly purpose: string;
}

/**
 * Installs a program if it is missing, this is a Debian machine, and the process runs as root, as in CI.
 *
 * @throws Error with the command that installs it, if it is missing and cannot be installed
 */
export function ensureInstalled({ program, debian, homebrew, purpose }: NeededProgram): void {
  const isInstalled = (): boolean => spawnSync(program, ['--version']).status === 0;
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  if (isInstalled()) return;
  if (process.getuid?.() === 0 && apt('--version').status === 0) {
    apt('update');
    // Another process may install something at the same time.
    apt('install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', debian);
  }
  if (isInstalled()) return;
  const remedy =
    process.platform === 'darwin'
      ? `brew install ${homebrew}`
      : `sudo apt-get install -y ${debian}`;
  throw new Error(`${purpose}, and there is no ${program} here: run ${remedy}`);
}
