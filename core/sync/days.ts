import { DAY } from '../lib/time';
import type { Start } from './accountState';

/** The day of a moment in UTC: `2026-03-02`. @param at milliseconds since the epoch */
export function dayAt(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The day a number of days before another one. */
export function daysBefore(day: string, count: number): string {
  return dayAt(Date.parse(`${day}T00:00:00Z`) - count * DAY);
}

/** The earlier of days; absent ones do not count. */
export function earliest(first: string, ...others: readonly (string | undefined)[]): string {
  return others.reduce<string>(
    (found, day) => (day !== undefined && day !== '' && day < found ? day : found),
    first,
  );
}

/** The zone in which a day ends last. It counts if a date has no offset. */
const LAST_ZONE = '-12:00';

/**
 * Whether a row was certainly booked before the start of a subscription. The time of day does not count, because many banks send midnight or
 * noon: only a day that had ended does.
 *
 * @param bookedAt the bank's date, with or without time and offset; empty if there is none
 */
export function isBefore(bookedAt: string, start: Start): boolean {
  if (bookedAt === '') return false;
  const day = bookedAt.slice(0, 10);
  if ('day' in start) return day < start.day;
  const [zone = LAST_ZONE] = /(?:Z|[+-]\d\d:\d\d)$/.exec(bookedAt.slice(10)) ?? [];
  return Date.parse(`${day}T00:00:00${zone}`) + DAY <= start.at;
}
