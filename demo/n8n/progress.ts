const LINE_EVERY_MS = 15_000;
const UPDATE_EVERY_MS = 2_000;

/**
 * Shows that a long step is still going on: one line that is updated on a terminal,
 * a new line about every fifteen seconds elsewhere.
 *
 * @param title what is being done
 * @param detail how far it is, such as "812 of 2351 packages"; asked anew for each update
 * @returns what the step returned
 */
export async function withProgress<T>(
  title: string,
  detail: () => string,
  step: () => Promise<T>,
): Promise<T> {
  const terminal = process.stdout.isTTY === true;
  const startedAt = Date.now();
  const line = (): string => {
    const far = detail();
    return `${title} … ${elapsed(Date.now() - startedAt)}${far ? `, ${far}` : ''}`;
  };
  const show = (): void => {
    process.stdout.write(terminal ? `\r\u001b[2K${line()}` : `${line()}\n`);
  };
  show();
  const timer = setInterval(show, terminal ? UPDATE_EVERY_MS : LINE_EVERY_MS);
  try {
    return await step();
  } finally {
    clearInterval(timer);
    if (terminal) process.stdout.write(`\r\u001b[2K${line()}\n`);
  }
}

/** A duration in the words of the progress line: `45 s`, `3 min 05 s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
