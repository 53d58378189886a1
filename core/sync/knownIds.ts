import type { KnownRows } from './identities/knownRows';

/** The numbers of the known rows that have one of the IDs. */
export function rowsWithIds(known: KnownRows, ids: ReadonlySet<string>): Map<string, number> {
  const rows = new Map<string, number>();
  for (const [row, id] of known.rows) {
    if (typeof id === 'string' && typeof row === 'number' && ids.has(id)) rows.set(id, row);
  }
  return rows;
}
