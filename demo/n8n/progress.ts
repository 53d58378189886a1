const LINE_EVERY_MS = 15_000;
const UPDATE_EVERY_MS = 2_000;

/**
 * Shows that a long step is running: on a terminal, in one line that is updated; otherwise, in a new line about
 * every fifteen seconds.
 *
 * @param title of the step
 * @param detail returns the progress, such as "812 of 2351 packages"; called for each update
 * @returns the result of the step
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

/** A duration as text: `45 s`, `3 min 05 s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
