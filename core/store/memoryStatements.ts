import { HOUR } from '../lib/time';
import type { Schema } from './schema';
import type { SqlDialect } from './statements';

/** The statements for memories and reads. */
export type MemoryStatementName =
  | 'memoriesOfConsent'
  | 'findMemories'
  | 'addMemory'
  | 'changeMemory'
  | 'removeMemories'
  | 'forgetMemories'
  | 'keepMemories'
  | 'endMemories'
  | 'sweepMemories'
  | 'storeNow'
  | 'countReads'
  | 'addReads'
  | 'addedReads'
  | 'takeReads'
  | 'removeReads'
  | 'sweepReads'
  | 'beatAge';

/** The time in which the reads of a resource are counted, in milliseconds. */
export const READS_TIME = 24 * HOUR;

/** The statements for memories and reads, in the SQL that SQLite and PostgreSQL share. */
export function memoryStatements(
  { tokens, memories, reads, holders }: Schema,
  { now, names }: SqlDialect,
): Readonly<Record<MemoryStatementName, string>> {
  const columns = ['name', 'bank', 'client_id', 'consent', 'kind', 'envelope', 'revision'];
  const selected = `${columns.join(', ')}, forget_at IS NOT NULL AS is_ending, ${now} AS store_now`;
  const within = `at > ${now} - ${READS_TIME}`;
  // The number is part of the key. Of two callers that count at the same time, both make the same number, and one row is stored.
  const counted = (condition: string) => `INSERT INTO ${reads} (name, number, reading, at)
    SELECT name, COALESCE((SELECT MAX(number) FROM ${reads} AS former WHERE former.name = given.name), 0) + 1,
      CAST(:reading AS TEXT), ${now}
    FROM (${names}) AS given WHERE ${condition}
    ON CONFLICT (name, number) DO NOTHING RETURNING name`;
  const countedReads = `FROM ${reads} AS one WHERE one.name = given.name`;
  return {
    memoriesOfConsent: `SELECT ${selected} FROM ${memories}
      WHERE client_id = :client_id AND consent = :consent AND bank IN (${names}) ORDER BY name`,
    findMemories: `SELECT ${selected} FROM ${memories} WHERE name IN (${names}) ORDER BY name`,
    // As with tokens, revisions begin with the time.
    addMemory: `INSERT INTO ${memories} (name, bank, client_id, consent, kind, envelope, revision, changed_at)
      VALUES (:name, :bank, :client_id, :consent, :kind, :envelope, ${now}, ${now})
      ON CONFLICT (name) DO NOTHING RETURNING revision`,
    changeMemory: `UPDATE ${memories}
      SET name = :name, bank = :bank, envelope = :envelope, revision = revision + 1, changed_at = ${now}, forget_at = NULL
      WHERE name = :from AND revision = :revision
        AND (:name = :from OR NOT EXISTS (SELECT 1 FROM ${memories} AS other WHERE other.name = :name))
      RETURNING revision`,
    removeMemories: `DELETE FROM ${memories} WHERE name IN (${names}) RETURNING name`,
    forgetMemories: `UPDATE ${memories} SET forget_at = ${now} + :milliseconds
      WHERE name IN (${names}) RETURNING name`,
    keepMemories: `UPDATE ${memories} SET forget_at = NULL
      WHERE name IN (${names}) AND forget_at IS NOT NULL RETURNING name`,
    endMemories: `UPDATE ${memories} AS memory SET forget_at = ${now} + :after_tokens
      WHERE forget_at IS NULL AND consent <> '' AND NOT EXISTS (
        SELECT 1 FROM ${tokens} AS stored WHERE stored.client_id = memory.client_id AND stored.consent = memory.consent)
      RETURNING name`,
    sweepMemories: `DELETE FROM ${memories}
      WHERE forget_at <= ${now} OR (consent = '' AND changed_at <= ${now} - :after_change) RETURNING name`,
    storeNow: `SELECT ${now} AS store_now`,
    countReads: `SELECT name, COUNT(*) AS count, MIN(at) AS first_at, MAX(at) AS last_at
      FROM ${reads} WHERE name IN (${names}) AND ${within} GROUP BY name`,
    addReads: counted(
      `NOT EXISTS (SELECT 1 ${countedReads} AND one.reading = CAST(:reading AS TEXT))`,
    ),
    addedReads: `SELECT name FROM ${reads} WHERE name IN (${names}) AND reading = :reading`,
    takeReads: counted(`(SELECT COUNT(*) ${countedReads} AND ${within}) < :count
      AND NOT EXISTS (SELECT 1 ${countedReads} AND one.at > ${now} - :pause)`),
    removeReads: `DELETE FROM ${reads} WHERE name IN (${names}) AND reading = :reading RETURNING name`,
    sweepReads: `DELETE FROM ${reads} WHERE NOT (${within}) RETURNING name`,
    beatAge: `SELECT ${now} - beat_at AS age FROM ${holders} WHERE process = :process`,
  };
}
