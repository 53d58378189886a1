import type { Measure } from './counts';

/** A row of a measure. */
export type Row = Measure['rows'][number];

/** A column: its title, and its value in a row. */
export type Column = [title: string, value: (row: Row) => string | number];

/** The value of a field. */
export const field =
  (name: string): Column[1] =>
  (row) =>
    row[name]!;

/** A table in Markdown. */
export function table(rows: readonly Row[], columns: readonly Column[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([title]) => title)),
    line(columns.map(([, value]) => (typeof value(rows[0] ?? {}) === 'number' ? '--:' : '---'))),
    ...rows.map((row) => line(columns.map(([, value]) => value(row)))),
  ].join('\n');
}
