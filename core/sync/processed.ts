import { digest } from '../lib/digest';
import type { Position } from './accountState';
import { daysBefore } from './days';

/** Days for which a mark of *Mark as Processed* is stored if no read of a trigger has shown the row. */
export const PROCESSED_DAYS = 200;

/** Characters of the digest of an ID: 96 bits. */
const LENGTH = 16;

/** Whether a transaction was marked as processed before any read of a trigger showed it. */
export function isProcessed({ processed }: Position, id: string): boolean {
  return processed !== undefined && Object.hasOwn(processed, shortDigest(id));
}

/** A position with further transactions marked as processed. Marks that are too old are dropped. */
export function withProcessed(position: Position, ids: readonly string[], today: string): Position {
  const first = daysBefore(today, PROCESSED_DAYS);
  const kept = Object.entries(position.processed ?? {}).filter(([, day]) => day >= first);
  const marked = ids.map((id) => [shortDigest(id), today] as const);
  return { ...position, processed: Object.fromEntries([...kept, ...marked]) };
}

/** The day of the last mark; `undefined` if there is none. */
export function lastProcessedDay({ processed = {} }: Position): string | undefined {
  const days = Object.values(processed);
  return days.length === 0 ? undefined : days.reduce((one, other) => (one > other ? one : other));
}

function shortDigest(id: string): string {
  return digest(id).slice(0, LENGTH);
}
