import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { chart } from './chart';
import { pullChart } from './pullChart';
import type { Results } from './results';
import { filled } from './filled';

const folder = join(__dirname, '..', '..', 'docs');

/** Writes the tables of docs/performance.md and its charts. The text between the tables stays as it is. */
export async function document(results: Results): Promise<void> {
  const file = join(folder, 'performance.md');
  const text = filled(await readFile(file, 'utf8'), results);
  await writeFile(file, await format(text, { parser: 'markdown', printWidth: 100 }));
  await writeFile(join(folder, 'performance.svg'), chart(results));
  await writeFile(join(folder, 'performance-pull.svg'), pullChart(results));
}
