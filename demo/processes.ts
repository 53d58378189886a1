import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';

const GRACE_MS = 6_000;

interface Owned {
  child: ChildProcess;
  ended: Promise<void>;
}

const owned = new Set<Owned>();
let ending = false;

/**
 * Starts a process that ends with this one.
 *
 * It has a process group of its own, so that Ctrl-C in the terminal reaches only this process. This process
 * then ends the whole group, including the children of the child.
 */
export function start(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: process.platform !== 'win32' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const entry = { child, ended };
  owned.add(entry);
  void ended.then(() => owned.delete(entry));
  return child;
}

/** Ends a process that {@link start} started, and its group: by SIGTERM, and after six seconds by SIGKILL. */
export async function end(child: ChildProcess): Promise<void> {
  const entry = [...owned].find((candidate) => candidate.child === child);
  if (!entry) return;
  signal(child, 'SIGTERM');
  const force = setTimeout(() => signal(child, 'SIGKILL'), GRACE_MS);
  await entry.ended;
  clearTimeout(force);
  // The leader has ended; this ends the other processes of its group.
  signal(child, 'SIGKILL');
}

/** Ends all running processes that {@link start} started. */
export async function endAll(): Promise<void> {
  await Promise.all([...owned].map(({ child }) => end(child)));
}

/**
 * Makes Ctrl-C, SIGTERM and SIGHUP end all started processes, and then this one, with the exit code that
 * shells expect (128 + the number of the signal).
 */
export function endWithSignals(): void {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  for (const [name, code] of Object.entries(codes)) {
    process.on(name, () => {
      if (ending) return;
      ending = true;
      void endAll().finally(() => process.exit(code));
    });
  }
  process.on('exit', () => owned.forEach(({ child }) => signal(child, 'SIGKILL')));
}

/** Whether a signal has arrived. Failures after that are expected, because processes are being ended. */
export function isEnding(): boolean {
  return ending;
}

function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    // ESRCH: the group has already ended. macOS reports EPERM while the leader is a zombie.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
