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
