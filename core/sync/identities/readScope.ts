import { DAY } from '../../lib/time';
import type { KnownRows } from './knownRows';
import type { AccountRead } from './observation';
import type { RememberedRow } from './rowMemory';

/** Decides what a read says about rows that it does not show. */
export class ReadScope {
  /** Number of days with a complete and wide read, this one included. */
  readonly days: number;

  /** The last of these days. */
  readonly lastDay: string;

  readonly #isWide: boolean;

  readonly #hasUnreadable: boolean;

  constructor(
    readonly read: AccountRead,
    known: KnownRows,
  ) {
    const { rows, isComplete, from, today, wideDays } = read;
    this.#isWide = isComplete && daysBetween(from, today) >= wideDays;
    this.#hasUnreadable = rows.some((row) => !row || row.amount === '');
    const isNewDay = this.#isWide && today > known.lastDay;
    this.days = known.days + (isNewDay ? 1 : 0);
    // If the clock was wrong, and shows an earlier day now, that day counts no more.
    this.lastDay = this.#isWide ? today : known.lastDay;
  }

  /** Whether the read should have shown a known row. The first day may be cut by the bank's time zone. */
  covers({ day }: RememberedRow): boolean {
    return this.read.isComplete && day > this.read.from;
  }

  /** Whether a pending row that the read does not show is over. None is if a row could not be read: it may be that one. */
  ends(row: RememberedRow): boolean {
    return !this.#hasUnreadable && (this.covers(row) || this.#isWide);
  }

  /** Whether a row was not seen for so long that it never comes again. */
  forgets({ seen }: RememberedRow): boolean {
    return this.#isWide && this.days - seen >= 2 * this.read.wideDays;
  }

  /** The first day on which a pending row may be booked: its date may be an expected one. */
  earliest(day: string): string {
    const { today } = this.read;
    return day === '' || day > today ? today : day;
  }
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY;
}
