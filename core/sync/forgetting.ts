import { DAY } from '../lib/time';
import type { AccountState, Position } from './accountState';
import { daysBefore, dayAt } from './days';
import type { ConsentState } from './consentState';
import { lastProcessedDay, PROCESSED_DAYS } from './processed';

/** Milliseconds for which the memories of a consent stay after its tokens were deleted. */
export const ENDED_TIME = 90 * DAY;

/**
 * Milliseconds after which memories are dropped that nobody uses although their consent is read: accounts that the bank lists no more, and
 * positions of subscribers that read no more. Longer than a workflow may reasonably be switched off: a subscriber that comes back later
 * begins again.
 */
export const UNSEEN_TIME = 400 * DAY;

/**
 * Whether a subscriber has not used its position in an account for so long that it is dropped. Time in which nobody read the account does not
 * count.
 *
 * @param lastReadAt when a subscriber last read the account, by the store's clock
 */
export function isAbandoned(position: Position, lastReadAt: number): boolean {
  const { start, readAt } = position;
  if (start) return readAt !== undefined && lastReadAt - readAt >= UNSEEN_TIME;
  const last = lastProcessedDay(position);
  return last !== undefined && last < daysBefore(dayAt(lastReadAt), PROCESSED_DAYS);
}

/** When a subscriber last read an account, by the store's clock; 0 if none has. */
export function lastReadOf({ positions }: AccountState): number {
  return Object.values(positions).reduce((last, { readAt = 0 }) => Math.max(last, readAt), 0);
}

/**
 * The keys of the accounts that lists have not shown for so long that they are dropped. Time in which nobody read the list does not count.
 *
 * @param state before a list
 */
export function vanishedAccounts({ known, listedAt: last }: ConsentState): ReadonlySet<string> {
  const vanished = known.filter(
    ({ listedAt }) =>
      last !== undefined && listedAt !== undefined && last - listedAt >= UNSEEN_TIME,
  );
  return new Set(vanished.map(({ key }) => key));
}

/**
 * The consent after a list of its accounts, without what is dropped.
 *
 * @param before the list
 * @param after the list: its accounts are recognized
 * @param readers subscribers that have a position in an account, and the one that reads
 * @param now the moment of the list, by the store's clock
 */
export function afterList(
  before: ConsentState,
  after: ConsentState,
  readers: ReadonlySet<string>,
  now: number,
): ConsentState {
  const listed = new Set(after.accounts.map(({ accountKey }) => accountKey));
  const vanished = vanishedAccounts(before);
  const known = after.known
    .filter(({ key }) => listed.has(key) || !vanished.has(key))
    // Those that were stored without a time are counted from now on.
    .map((one) =>
      listed.has(one.key) || one.listedAt === undefined ? { ...one, listedAt: now } : one,
    );
  const last = before.listedAt ?? 0;
  const starts = Object.entries(after.starts).filter(
    ([name, { at }]) => readers.has(name) || last - at < UNSEEN_TIME,
  );
  return { ...after, known, listedAt: now, starts: Object.fromEntries(starts) };
}
