import { DAY } from '../lib/time';
import { isDue, positionOf, type AccountState, type Position, type Start } from './accountState';
import { dayAt, daysBefore, earliest } from './days';

/** How far reads reach back. */
export interface Windows {
  /** Days of each read. */
  readonly windowDays: number;
  /** Days of one read a day. */
  readonly wideDays: number;
}

/** Which transactions of an account are asked for. */
export interface ReadPlan {
  /** The first booking day that is asked for: `2026-03-02`. */
  readonly from: string;
  /** The first one without which transactions may be lost. */
  readonly neededFrom: string;
  /** Whether the read reaches back as far as the widest ones. */
  readonly isWide: boolean;
}

/** Milliseconds between two wide reads: less than a day, because polls come a little earlier or later. */
const WIDE_PAUSE = 0.95 * DAY;

/**
 * The next read of an account. It reaches back
 * - over the window, or once a day over the wide window, from the last day of a complete read or today;
 * - to the start of a subscriber that has not read it completely yet;
 * - to the oldest row that the subscriber has to be told of, and if possible a window further: the bank may date it back.
 *
 * One more day is asked for, because the zone of the bank is not known.
 *
 * @param start that of a subscriber without a position
 * @param now by the store's clock
 */
export function readPlan(
  state: AccountState | undefined,
  subscriber: string,
  { start: given, now, ...windows }: Windows & { readonly start: Start; readonly now: number },
): ReadPlan {
  const { windowDays } = windows;
  const wideDays = Math.max(windows.wideDays, windowDays);
  const today = dayAt(now);
  const position = positionOf(state, subscriber);
  const last = earliest(today, state?.completeDay);
  const { start = given, isCovered = false } = position;
  const isWideDue = state?.wideAt === undefined || now - state.wideAt >= WIDE_PAUSE;
  const isWide = isWideDue || !isCovered;
  const window = daysBefore(last, windowDays);
  const waiting = oldestDue(position);
  const startDay = !isCovered && 'day' in start ? start.day : undefined;
  const wide = isWide ? [daysBefore(last, wideDays)] : [];
  if (waiting !== undefined && (isWide || waiting < window)) {
    wide.push(daysBefore(waiting, windowDays));
  }
  if (!isCovered && 'at' in start) wide.push(daysBefore(dayAt(start.at), wideDays));
  const neededFrom = daysBefore(earliest(window, startDay, waiting), 1);
  const from = earliest(neededFrom, ...wide.map((day) => daysBefore(day, 1)));
  return { from, neededFrom, isWide: isWide || from <= daysBefore(today, wideDays + 1) };
}

/** The day of the oldest row that the subscriber has to be told of; `undefined` if there is none, or none has a day. */
function oldestDue(position: Position): string | undefined {
  let oldest: string | undefined;
  for (const mark of position.marks) {
    if (isDue(mark, position) && mark.day) oldest = earliest(mark.day, oldest);
  }
  return oldest;
}
