/** Milliseconds that one step of {@link limitWorkingTime} takes. */
const STEP = 250;

/** Ends a limit before it runs out. */
export type EndLimit = () => void;

/**
 * Calls a function after a time. Data that waits in a socket by then is read before.
 *
 * If this process stood still, the timer runs before the sockets are read, although they may hold what was waited for. An immediate runs
 * after them.
 *
 * @param milliseconds by the clock, whether this process works or stands still
 */
export function limitTime(milliseconds: number, expire: () => void): EndLimit {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(expire);
  }, milliseconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

/**
 * As {@link limitTime}, but time in which this process stands still does not count. It is for what takes several messages in both
 * directions, as a handshake does: a socket that is read once more may not hold all of them.
 */
export function limitWorkingTime(milliseconds: number, expire: () => void): EndLimit {
  let left = milliseconds;
  let end: EndLimit;
  const step = (): void => {
    const time = Math.min(left, STEP);
    left -= time;
    end = limitTime(time, () => (left > 0 ? step() : expire()));
  };
  step();
  return () => end();
}

/** A limit on silence: on the time between two signs of life. */
export interface SilenceLimit {
  /** Tells of a sign of life: the time begins again. */
  readonly heard: () => void;
  readonly end: EndLimit;
}

/**
 * Calls a function after a time without a sign of life, see {@link limitTime}. There is one timer, however many signs come.
 *
 * @param milliseconds of silence, from now on
 */
export function limitSilence(milliseconds: number, expire: () => void): SilenceLimit {
  let heardAt = performance.now();
  let end: EndLimit;
  const watch = (time: number): void => {
    end = limitTime(time, () => {
      const left = heardAt + milliseconds - performance.now();
      // A timer may run a millisecond early.
      if (left > 1) watch(left);
      else expire();
    });
  };
  watch(milliseconds);
  return { heard: () => void (heardAt = performance.now()), end: () => end() };
}
