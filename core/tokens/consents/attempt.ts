import type { AttemptMark, StoredRecord } from '../../store/store';
import type { RecordContent } from '../records/recordContent';

/** Milliseconds between the end of a request and the second try of its refresh token. */
export const SECOND_TRY_PAUSE = 5_000;

/** The mark of a refresh whose result no process has stored; `undefined` if there is none. */
export function openAttempt(
  { attempt }: Pick<StoredRecord, 'attempt'>,
  { setback }: Pick<RecordContent, 'setback'>,
): AttemptMark | undefined {
  return attempt?.at === setback?.at ? undefined : attempt;
}

/** When the request of an attempt can no longer be under way, by the store's clock. */
export function overAt({ at, limit }: AttemptMark): number {
  return at + limit;
}

/** Whether the request of an attempt may be under way. A mark that is further ahead than its limit is of a clock that was set back. */
export function isUnderWay(attempt: AttemptMark, now: number): boolean {
  return now < overAt(attempt) && attempt.at <= now + attempt.limit;
}

/** The mark of an attempt, if it is known that its request is over at a time. */
export function endedAt(attempt: AttemptMark, time: number): AttemptMark {
  return { at: attempt.at, limit: Math.max(0, Math.min(attempt.limit, time - attempt.at)) };
}
