import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';

const GRACE_MS = 6_000;

interface Owned {
  child: ChildProcess;
  ended: Promise<void>;
}

const owned = new Set<Owned>();
let ending = false;

/**
 * Starts a process that does not outlive this one.
 *
 * It leads a process group of its own, so that Ctrl-C in the terminal reaches this process alone,
 * which then ends the group as a whole, children of the child included.
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

/** Ends one process that {@link start} started, with its group: politely, and after six seconds by force. */
export async function end(child: ChildProcess): Promise<void> {
  const entry = [...owned].find((candidate) => candidate.child === child);
  if (!entry) return;
  signal(child, 'SIGTERM');
  const force = setTimeout(() => signal(child, 'SIGKILL'), GRACE_MS);
  await entry.ended;
  clearTimeout(force);
  // The leader is gone; whatever it left behind in its group goes too.
  signal(child, 'SIGKILL');
}

/** Ends every process that {@link start} started and that still runs. */
export async function endAll(): Promise<void> {
  await Promise.all([...owned].map(({ child }) => end(child)));
}

/**
 * From here on Ctrl-C, SIGTERM and SIGHUP end all started processes, and then this one
 * with the exit code that shells expect (128 + the number of the signal).
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

/** Whether a signal has arrived: what fails from then on fails because its processes are being ended. */
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
    // ESRCH: the group is already gone. macOS says EPERM while the leader is a zombie.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
