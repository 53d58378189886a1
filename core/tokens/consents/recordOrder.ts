import { digest } from '../../lib/digest';
import type { StoredRecord } from '../../store/store';
import type { EncryptionKeys } from '../records/encryptionKeys';
import { readableContent } from '../records/record';
import type { RecordContent } from '../records/recordContent';

/** A record with what decides its place. */
interface Placed {
  readonly record: StoredRecord;
  readonly content: RecordContent | undefined;
}

/**
 * The records of one consent: the one that counts comes first. Every process gets the same order. Each row of the table goes before the next
 * one, and within a row the newest tokens come first.
 *
 * | The record                                                                                         |
 * | -------------------------------------------------------------------------------------------------- |
 * | has tokens that passed their checks                                                                |
 * | has only tokens of a refresh that did not pass                                                     |
 * | has only a "First Refresh Token"                                                                   |
 * | has only new tokens that did not pass                                                              |
 * | has a refresh token that another record replaced, or that another record sent without an answer    |
 * | is damaged                                                                                         |
 */
export function newestFirst(
  records: readonly StoredRecord[],
  keys: EncryptionKeys,
): StoredRecord[] {
  if (records.length === 1) return [...records];
  const all = records.map((record) => ({ record, content: readableContent(record, keys) }));
  return all
    .map((placed) => ({ ...placed, rank: rankOf(placed, all) }))
    .sort(
      (a, b) =>
        b.rank - a.rank ||
        // Damaged records are in the order of their names.
        (a.content && b.content ? b.record.obtainedAt - a.record.obtainedAt : 0) ||
        (a.record.name < b.record.name ? -1 : 1),
    )
    .map(({ record }) => record);
}

/** The refresh token that comes next: that of the last refresh, or else the stored one. */
export function nextRefreshToken({ tokens, refreshed }: RecordContent): string | undefined {
  return refreshed?.tokens.refresh_token ?? tokens?.refresh_token;
}

function rankOf({ record, content }: Placed, all: readonly Placed[]): number {
  if (!content) return 0;
  const { tokens, refreshed } = content;
  if (all.some((other) => other.record !== record && isAhead(other.content, content))) return 1;
  if (tokens?.access_token) return 5;
  if (refreshed) return 4;
  return tokens ? 3 : 2;
}

/** Whether a record has spent the refresh token of another one, or knows that it may be spent. */
function isAhead(ahead: RecordContent | undefined, behind: RecordContent): boolean {
  const token = nextRefreshToken(behind);
  const present = ahead && nextRefreshToken(ahead);
  if (token === undefined || present === undefined) return false;
  if (token === present) return ahead?.setback !== undefined && !behind.setback;
  const { tokens, former = [], imported } = ahead!;
  return token === tokens?.refresh_token || [...former, ...imported].includes(digest(token));
}
