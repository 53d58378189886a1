import { spread } from '../../report/numbers';
import { approaches, approachLabels } from './approaches';
import type { ExecutionResult, N8nResult } from './measure';

/** Heads of the columns after the first one. */
const columns = ['µs a token', 'CPU µs', 'peak MiB', 'MiB added'];

/** The comparison of the approaches as rows of a table; the first row is the head. */
export function approachRows({ workflows }: N8nResult): string[][] {
  const rows = approaches.map((approach) => [
    approachLabels[approach],
    ...cells(workflows[approach]),
  ]);
  return [['1,000 items', ...columns], ...rows];
}

/** Cost by number of items as rows of a table; the first row is the head. */
export function scaleRows({ scale }: N8nResult): string[][] {
  const rows = scale.map(({ items, ...cost }) => [items.toLocaleString('en'), ...cells(cost)]);
  return [['This node, items', ...columns], ...rows];
}

function cells(cost: ExecutionResult): string[] {
  const { microseconds, cpuMicroseconds, peakMebibytes, addedMebibytes } = cost;
  const figures = [microseconds, cpuMicroseconds, peakMebibytes, addedMebibytes];
  return figures.map((figure) => spread(figure));
}
