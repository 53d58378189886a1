/** One minute in milliseconds. */
export const MINUTE = 60_000;

/** One hour in milliseconds. */
export const HOUR = 60 * MINUTE;

/** One day in milliseconds. */
export const DAY = 24 * HOUR;

/** A time in milliseconds since the epoch as ISO 8601, in UTC. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
