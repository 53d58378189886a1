import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of what the measures counted. */
export const folder = resolve(__dirname, '../../.reports/reliability');

/** The counts of one measure. */
export interface Measure {
  /** Rows of the table of a document, with the columns by name. */
  rows: Record<string, string | number>[];
  /** The failures, in words. */
  failures: string[];
}

/** Writes what a measure counted, for the document. */
export function writeMeasure(name: string, measure: Measure): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(measure, null, 2));
}
