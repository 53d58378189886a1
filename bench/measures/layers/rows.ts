import { spread } from '../../report/numbers';
import type { LayersResult } from './measure';

/** The layers as the rows of a table, below their heads. */
export function layerRows({ layers }: LayersResult): string[][] {
  return [
    ['One after the other', 'µs added', 'µs a token', 'CPU µs', 'waiting µs'],
    ...layers.map(({ label, total, added, cpu, waiting }) => [
      added ? `+ ${label}` : label,
      added ? spread(added) : '',
      ...[total, cpu, waiting].map((of) => spread(of)),
    ]),
  ];
}
