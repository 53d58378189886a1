import { LIMIT_PARTS } from '../measures/library/plan';
import { approaches, approachLabels } from '../measures/n8n/approaches';
import type { Results } from './results';
import type { Distribution } from './statistics';

/** A line of the chart: a way to get a token. */
interface Row {
  label: string;
  /** Microseconds for each token, one after the other. For n8n: microseconds for each item of the workflow. */
  sequential: Distribution;
  /** Microseconds for each token with 16 in flight. */
  concurrent?: Distribution;
  isOurs?: boolean;
}

const WIDTH = 860;
const ROW = 30;
const TOP = 84;
const LEFT = 270;
const RIGHT = 790;
/** Microseconds at both ends of the axis, which is logarithmic. */
const RANGE = [100, 50_000] as const;

/** The style of all charts, for light and dark pages. */
export const chartStyle = `
  text { font: 14px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
  .quiet { font-size: 12px; fill: #57606a }
  .ours { font-weight: 600 }
  .grid { stroke: #d0d7de }
  .one { fill: #0969da; stroke: #0969da }
  .many { fill: none; stroke: #bc4c00; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .quiet { fill: #9198a1 }
    .grid { stroke: #3d444d }
    .one { fill: #58a6ff; stroke: #58a6ff }
    .many { stroke: #ffa657 }
  }`;

/** The chart of docs/performance.md as SVG, for light and dark pages. */
export function chart(results: Results): string {
  const library = libraryRows(results);
  const n8n = n8nRows(results);
  const afterLibrary = TOP + library.length * ROW;
  const height = afterLibrary + 50 + n8n.length * ROW + 46;
  const parts = [
    text(20, 28, 'title', 'Time for each token, on a logarithmic scale'),
    `<circle class="one" cx="26" cy="48" r="5"/>`,
    text(38, 52, 'quiet', 'one after the other'),
    square(176, 48),
    text(188, 52, 'quiet', '16 in flight; the lines show the middle half of the rounds'),
    ...grid(TOP - 12, height - 40),
    ...library.flatMap((row, index) => rowOf(row, TOP + 8 + index * ROW)),
    text(20, afterLibrary + 26, 'quiet', 'In n8n, 1,000 items in one execution'),
    ...n8n.flatMap((row, index) => rowOf(row, afterLibrary + 52 + index * ROW)),
    text(20, height - 12, 'quiet', footnote(results)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Time for each token, by contender">
<style>${chartStyle}
</style>
${parts.join('\n')}
</svg>
`;
}

function libraryRows({ library }: Results): Row[] {
  const at = (name: string, concurrency: number): Distribution =>
    library.contenders.find((each) => each.name === name && each.concurrency === concurrency)!
      .microseconds;
  const limit = (concurrency: number): Distribution =>
    library.limit.find((each) => each.concurrency === concurrency)!.microseconds;
  const shown = library.contenders
    .filter(({ name, concurrency }) => concurrency === 1 && !isPartOfLimit(name))
    .map(({ name, label }): Row => {
      const isOurs = name === 'package';
      return { label, sequential: at(name, 1), concurrent: at(name, 16), isOurs };
    });
  const rows = [...shown, { label: 'the limit', sequential: limit(1), concurrent: limit(16) }];
  return rows.sort((a, b) => a.sequential.median - b.sequential.median);
}

function isPartOfLimit(name: string): boolean {
  const parts: readonly string[] = LIMIT_PARTS;
  return parts.includes(name);
}

function n8nRows({ n8n: { workflows } }: Results): Row[] {
  return approaches.map((approach) => ({
    label: approachLabels[approach],
    sequential: workflows[approach].microseconds,
    isOurs: approach === 'package',
  }));
}

function rowOf({ label, sequential, concurrent, isOurs }: Row, y: number): string[] {
  const last = Math.max(sequential.high, concurrent?.high ?? 0);
  return [
    text(20, y + 5, isOurs ? 'ours' : '', label),
    whisker('many', concurrent, y + 4),
    concurrent ? square(x(concurrent.median), y + 4) : '',
    whisker('one', sequential, y - 4),
    `<circle class="one" cx="${x(sequential.median)}" cy="${y - 4}" r="5"/>`,
    text(x(last) + 12, y + 4, isOurs ? 'quiet ours' : 'quiet', duration(sequential.median)),
  ].filter(Boolean);
}

function whisker(kind: string, values: Distribution | undefined, y: number): string {
  if (!values) return '';
  return `<line class="${kind}" x1="${x(values.low)}" x2="${x(values.high)}" y1="${y}" y2="${y}"/>`;
}

function square(centre: number, y: number): string {
  return `<rect class="many" x="${centre - 4}" y="${y - 4}" width="8" height="8"/>`;
}

function grid(top: number, bottom: number): string[] {
  return [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000].flatMap((microseconds) => [
    `<line class="grid" x1="${x(microseconds)}" x2="${x(microseconds)}" y1="${top}" y2="${bottom}"/>`,
    `<text class="quiet" text-anchor="middle" x="${x(microseconds)}" y="${top - 6}">${duration(microseconds)}</text>`,
  ]);
}

function x(microseconds: number): number {
  const share = Math.log(microseconds / RANGE[0]) / Math.log(RANGE[1] / RANGE[0]);
  return Number((LEFT + share * (RIGHT - LEFT)).toFixed(1));
}

function duration(microseconds: number): string {
  const milliseconds = microseconds / 1000;
  return `${Number(milliseconds.toPrecision(2))} ms`;
}

/** A text of a chart. */
export function text(left: number, baseline: number, kind: string, content: string): string {
  return `<text${kind && ` class="${kind}"`} x="${left}" y="${baseline}">${content}</text>`;
}

/** The line under a chart: where it was measured. */
export function footnote({ machine, versions }: Results): string {
  return `${machine.platform}, ${machine.cpus} CPUs, Node.js ${versions.node}, n8n ${versions.n8n}; loopback, RSA-2048, TLS 1.3`;
}
