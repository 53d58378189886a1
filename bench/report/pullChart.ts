import { pullApproaches, pullLabels } from '../measures/pull/workflows';
import { chartStyle, footnote, text } from './chart';
import type { Results } from './results';
import type { Distribution } from './statistics';

/** A bar of the chart. */
interface Bar {
  label: string;
  /** Milliseconds for each page. */
  milliseconds: number;
  isOurs: boolean;
}

const WIDTH = 860;
const ROW = 30;
const LEFT = 290;
const LONGEST = 440;

/** The chart of pulls in docs/performance.md as SVG, for light and dark pages. Each group of bars has a scale of its own. */
export function pullChart(results: Results): string {
  const { n8n, outside } = results.pull;
  const inN8n = (figure: 'microseconds' | 'distantMilliseconds', divisor: number): Bar[] =>
    pullApproaches.map((approach) => ({
      label: pullLabels[approach],
      milliseconds: n8n.approaches[approach][figure].median / divisor,
      isOurs: approach === 'node',
    }));
  const alone = (label: string, { median }: Distribution, isOurs: boolean): Bar => ({
    ...{ label, milliseconds: median / 1000, isOurs },
  });
  const groups: [string, Bar[]][] = [
    ['In n8n, bank on this machine', inN8n('microseconds', 1000)],
    ['In n8n, bank 20 ms away', inN8n('distantMilliseconds', 1)],
    [
      'Without n8n, bank on this machine',
      [
        alone('this package', outside.packageMicroseconds, true),
        alone('limit: a TLS socket and JSON.parse', outside.bareMicroseconds, false),
      ],
    ],
  ];
  const parts = [text(20, 28, 'title', 'Time for each page of 50 transactions')];
  let y = 60;
  for (const [title, bars] of groups) {
    parts.push(text(20, y, 'quiet', title));
    const longest = Math.max(...bars.map(({ milliseconds }) => milliseconds));
    for (const bar of bars) parts.push(...barOf(bar, (y += ROW), longest));
    y += 42;
  }
  parts.push(text(20, y - 6, 'quiet', footnote(results)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 8}" width="${WIDTH}" height="${y + 8}" role="img" aria-label="Time for each page of transactions, by approach">
<style>${chartStyle}
</style>
${parts.join('\n')}
</svg>
`;
}

function barOf({ label, milliseconds, isOurs }: Bar, y: number, longest: number): string[] {
  const width = Number(((milliseconds / longest) * LONGEST).toFixed(1));
  const value = `${Number(milliseconds.toPrecision(2))} ms`;
  return [
    text(20, y, isOurs ? 'ours' : '', label),
    `<rect class="${isOurs ? 'one' : 'many'}" x="${LEFT}" y="${y - 12}" width="${width}" height="14"/>`,
    text(LEFT + width + 10, y, isOurs ? 'quiet ours' : 'quiet', value),
  ];
}
