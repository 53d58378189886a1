import type { DueResult } from '../measures/due/result';
import { dueRows } from '../measures/due/rows';
import type { LayersResult } from '../measures/layers/measure';
import { layerRows } from '../measures/layers/rows';
import type { ContenderResult, LibraryResult } from '../measures/library/measure';
import { PACKAGE, startsProcesses } from '../measures/library/plan';
import type { N8nResult } from '../measures/n8n/measure';
import { approachRows, scaleRows } from '../measures/n8n/rows';
import type { PollResult } from '../measures/poll/measure';
import { pollRows } from '../measures/poll/rows';
import type { PullResult } from '../measures/pull/measure';
import { outsideRows, pullRows, queueSentence, transactionRows } from '../measures/pull/rows';
import { digits, spread } from './numbers';
import { goals, isReached, type Results } from './results';
import type { CredentialsResult } from '../measures/credentials/measure';
import type { StartupResult } from '../measures/startup/measure';
import type { Distribution } from './statistics';

/** The report of the contenders without n8n, for the terminal. */
export function libraryReport({ contenders, limit }: LibraryResult): string {
  const sections = limit.map(({ concurrency, microseconds }) => {
    const rows = contenders.filter((contender) => contender.concurrency === concurrency);
    const ours = rows.find(({ name }) => name === PACKAGE)!.microseconds.median;
    const relative = ({ median }: Distribution) => `${(median / ours).toFixed(2)}×`;
    const limitRow = ['limit: both added up', spread(microseconds), '', '', relative(microseconds)];
    return table(
      [
        [title(concurrency), 'µs a token', 'CPU µs', 'connections', 'to this package'],
        ...rows.map((row) => [...cells(row), relative(row.microseconds)]),
        limitRow,
      ],
      1,
    );
  });
  return sections.join('\n\n');
}

function title(concurrency: number): string {
  return concurrency === 1 ? 'One after the other' : `${concurrency} in flight`;
}

function cells(contender: ContenderResult): string[] {
  const { name, label, microseconds, cpuMicroseconds, connectionsPerToken } = contender;
  return [
    label,
    spread(microseconds),
    startsProcesses(name) ? '' : cpuMicroseconds.median.toFixed(0),
    connectionsPerToken.toFixed(3),
  ];
}

/** The report of the layers, for the terminal. */
export function layersReport(layers: LayersResult): string {
  return table(layerRows(layers), 1);
}

/** The report of the measures in n8n, for the terminal. */
export function n8nReport(n8n: N8nResult): string {
  const { pages, tokenRequests, microsecondsPerPage, connections } = n8n.pages;
  const pageLine = `${pages} account pages took ${tokenRequests} token request(s), ${microsecondsPerPage.toFixed(0)} µs a page, and ${connections} TLS connections`;
  return [table(approachRows(n8n), 1), table(scaleRows(n8n), 1), pageLine].join('\n\n');
}

/** The report of pulls of transactions, for the terminal. */
export function pullReport(pull: PullResult): string {
  const tables = [pullRows(pull), outsideRows(pull), transactionRows(pull)];
  return [...tables.map((rows) => table(rows, 1)), queueSentence(pull)].join('\n\n').trimEnd();
}

/** The report of numbers of credentials, for the terminal. */
export function credentialsReport({ sizes }: CredentialsResult): string {
  return table(
    [
      ['credentials, 16 in flight', 'µs a token', 'µs the first', 'MiB'],
      ...sizes.map(({ credentials, microseconds, firstMicroseconds, mebibytes }) => [
        credentials.toLocaleString('en'),
        spread(microseconds),
        firstMicroseconds.toFixed(0),
        mebibytes.toFixed(0),
      ]),
    ],
    1,
  );
}

/** The report of consents that are due at once, for the terminal. */
export function dueReport(due: DueResult): string {
  return table(dueRows(due), 1);
}

/** The report of polls with nothing new, for the terminal. */
export function pollReport(poll: PollResult): string {
  return table(pollRows(poll), 1);
}

/** The report of the start-up, for the terminal. */
export function startupReport({ load, firstToken, secondToken }: StartupResult): string {
  const steps = { 'loading the package': load, 'first token': firstToken, second: secondToken };
  return table(
    [
      ['start-up', 'ms', 'MiB'],
      ...Object.entries(steps).map(([name, { milliseconds, mebibytes }]) => [
        name,
        spread(milliseconds, 1),
        spread(mebibytes, 1),
      ]),
    ],
    1,
  );
}

/** A line `ratio <name> <value>` for each ratio, with the middle half of the rounds and the goal. */
export function ratioLines(ratios: Results['ratios']): string[] {
  return Object.entries(ratios).map(([name, ratio]) => {
    const goal = goals[name];
    const words = goal
      ? `goal ${'atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`}: ${isReached(name, ratio) ? 'reached' : 'missed'}`
      : '';
    const range = `(${digits(ratio.low)} to ${digits(ratio.high)})`;
    return ['ratio', name, digits(ratio.median), range, words].join(' ').trim();
  });
}

/** @param left number of columns that are aligned to the left */
function table(rows: string[][], left: number): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < left ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  '),
    )
    .join('\n');
}
