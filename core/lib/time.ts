/** One minute in milliseconds. */
export const MINUTE = 60_000;

/** One hour in milliseconds. */
export const HOUR = 60 * MINUTE;

/** One day in milliseconds. */
export const DAY = 24 * HOUR;

/** Maximum milliseconds of a timer of Node.js: a longer one ends at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** A time in milliseconds since the epoch as ISO 8601, in UTC. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
