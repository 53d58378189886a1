import { setTimeout as after } from 'node:timers/promises';

/** Cancels a call that has not come yet. Otherwise it does nothing. */
export type Cancel = () => void;

/**
 * Calls a function once, after a time, unless the call is cancelled before. The timer does not keep the process alive.
 *
 * @param milliseconds at most `LONGEST_TIMER`
 */
export function callLater(milliseconds: number, call: () => void): Cancel {
  const timer = setTimeout(call, milliseconds).unref();
  return () => clearTimeout(timer);
}

/** Waits. The timer does not keep the process alive. */
export async function pause(milliseconds: number): Promise<void> {
  await after(milliseconds, undefined, { ref: false });
}
