import { rmSync } from 'node:fs';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';

const POLL_MS = 1_000;
const SIGN_OF_LIFE_MS = 5_000;
const SILENCE_MS = 30_000;

/**
 * Does work that only one process at a time may do, such as installing into a shared directory.
 *
 * The lock is a file with the process ID of its holder, which touches the file every five seconds. Another
 * process takes the lock over if the holder has ended, or has not touched the file for thirty seconds.
 *
 * @param waiting a message, printed once while another process holds the lock
 */
export async function exclusively<T>(
  lockFile: string,
  waiting: string,
  work: () => Promise<T>,
): Promise<T> {
  for (let said = false; !(await acquire(lockFile)); said = true) {
    if (!said) console.log(`Waiting, because ${waiting} …`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const release = (): void => rmSync(lockFile, { force: true });
  process.once('exit', release);
  const alive = setInterval(() => {
    const now = new Date();
    void utimes(lockFile, now, now).catch(() => undefined);
  }, SIGN_OF_LIFE_MS);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    process.off('exit', release);
    release();
  }
}

async function acquire(lockFile: string): Promise<boolean> {
  // A link appears together with its content, so a lock always names its holder.
  const own = `${lockFile}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(own, { force: true });
  }
  if (await isAbandoned(lockFile)) await rm(lockFile, { force: true });
  return false;
}

async function isAbandoned(lockFile: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(lockFile);
    const holder = Number(await readFile(lockFile, 'utf8'));
    return !isRunning(holder) || Date.now() - mtimeMs > SILENCE_MS;
  } catch {
    // The lock was released meanwhile.
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
