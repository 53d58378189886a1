import { spread } from '../../report/numbers';
import type { LayersResult } from './measure';

/** The layers as rows of a table; the first row is the head. */
export function layerRows({ layers }: LayersResult): string[][] {
  return [
    ['One after the other', 'µs added', 'µs a token', 'CPU µs', 'waiting µs'],
    ...layers.map(({ label, total, added, cpu, waiting }) => [
      added ? `+ ${label}` : label,
      added ? spread(added) : '',
      ...[total, cpu, waiting].map((figure) => spread(figure)),
    ]),
  ];
}
