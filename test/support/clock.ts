/** One second, one minute, one hour and one day in milliseconds. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

afterEach(() => void jest.useRealTimers());

/** Moves the clock of this process on, as `Date` shows it. It goes on from there; timers and `performance.now()` do not move. */
export function later(milliseconds: number): void {
  jest.useFakeTimers({
    now: Date.now() + milliseconds,
    advanceTimers: true,
    doNotFake: [
      ...(['performance', 'hrtime', 'nextTick', 'queueMicrotask'] as const),
      ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
      ...(['setImmediate', 'clearImmediate'] as const),
    ],
  });
}
