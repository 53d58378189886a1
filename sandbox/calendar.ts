/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** The bank's day. Payments are booked when a day begins, at midnight UTC, or when a test moves the calendar on. */
export class Calendar {
  private daysAhead = 0;

  constructor(private readonly now: () => number = Date.now) {}

  /** Midnight at the begin of the bank's day, in milliseconds since the epoch. */
  today(): number {
    return dayOf(this.now()) + this.daysAhead * DAY;
  }

  /** Begins the next day at once. */
  nextDay(): void {
    this.daysAhead += 1;
  }
}

/** Midnight UTC at the begin of a day. */
export function dayOf(time: number): number {
  return time - (((time % DAY) + DAY) % DAY);
}

/** A day as `2026-03-02`. */
export function dateText(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}
