import type { Results } from './results';
import { tables } from './tables';

/**
 * Writes the tables of a run between their marks in a text, and returns the text.
 *
 * @throws Error if a mark is missing
 */
export function filled(text: string, results: Results): string {
  return Object.entries(tables(results)).reduce((filling, [name, content]) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const from = filling.indexOf(begin);
    const to = filling.indexOf(end);
    if (from < 0 || to < from) throw new Error(`docs/performance.md has no marks for ${name}`);
    return `${filling.slice(0, from + begin.length)}\n\n${content}\n\n${filling.slice(to)}`;
  }, text);
}
