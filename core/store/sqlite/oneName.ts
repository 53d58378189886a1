import { readFileSync, realpathSync, statSync } from 'node:fs';
import { OpenBankingError } from '../../errors/OpenBankingError';

/**
 * Checks that the file has no second name under which another program may use it: a hard link, or a mount of the file itself. SQLite finds
 * locks and the file `-wal` by the path, so that two programs with different paths would not see each other's changes. A symbolic link is
 * no second name, because SQLite follows it.
 *
 * @throws OpenBankingError `store-file-linked`
 */
export function requireOneName(path: string): void {
  const where = JSON.stringify(path);
  const { nlink } = statSync(path);
  if (nlink > 1) {
    throw new OpenBankingError('store-file-linked', {
      problem: 'hardLink',
      values: { where, names: nlink },
      outcome: 'not-sent',
    });
  }
  if (mountPoints().includes(realpathSync(path))) {
    throw new OpenBankingError('store-file-linked', {
      problem: 'mounted',
      values: { where },
      outcome: 'not-sent',
    });
  }
}

/** The mount points that this process sees; none if the system is not Linux. */
function mountPoints(): string[] {
  try {
    return mountPointsOf(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return [];
  }
}

/** The mount points in a text like `/proc/self/mountinfo` (proc_pid_mountinfo(5)): the fifth field, with octal escapes. */
export function mountPointsOf(mountinfo: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4])
    .filter((point) => point !== undefined)
    .map((point) =>
      point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    );
}
