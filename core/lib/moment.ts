/**
 * A moment by two clocks. The monotonic clock stands still while the machine sleeps, and the wall clock may be set. Together they show that
 * time has passed.
 */
export interface Moment {
  /** `performance.now()`. */
  readonly monotonic: number;
  /** Milliseconds since the epoch, by this host's clock. */
  readonly wall: number;
}

/** The moment until which something may be done, see {@link isPast}. */
export type Deadline = Moment;

/** This moment. */
export function momentNow(): Moment {
  return { monotonic: performance.now(), wall: Date.now() };
}

/** The deadline a number of milliseconds after a moment. */
export function deadline({ monotonic, wall }: Moment, milliseconds: number): Deadline {
  return { monotonic: monotonic + milliseconds, wall: wall + milliseconds };
}

/** Whether a deadline is past by one of the clocks. */
export function isPast({ monotonic, wall }: Deadline): boolean {
  return performance.now() > monotonic || Date.now() > wall;
}
