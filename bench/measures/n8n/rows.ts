import { spread } from '../../report/numbers';
import { approaches, approachLabels } from './approaches';
import type { ExecutionResult, N8nResult } from './measure';

/** Heads of the columns after the first one. */
const columns = ['µs a token', 'CPU µs', 'peak MiB', 'above before, MiB'];

/** The comparison of workflows as the rows of a table, below their heads. */
export function approachRows({ workflows }: N8nResult): string[][] {
  const rows = approaches.map((approach) => [
    approachLabels[approach],
    ...cells(workflows[approach]),
  ]);
  return [['1,000 items', ...columns], ...rows];
}

/** How cost grows with the number of items, as the rows of a table, below their heads. */
export function scaleRows({ scale }: N8nResult): string[][] {
  const rows = scale.map(({ items, ...cost }) => [items.toLocaleString('en'), ...cells(cost)]);
  return [['This node, items', ...columns], ...rows];
}

function cells(cost: ExecutionResult): string[] {
  const { microseconds, cpuMicroseconds, peakMebibytes, addedMebibytes } = cost;
  return [microseconds, cpuMicroseconds, peakMebibytes, addedMebibytes].map((of) => spread(of));
}
