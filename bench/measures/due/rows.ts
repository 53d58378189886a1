import { digits, spread } from '../../report/numbers';
import type { DueResult } from './result';

/** The stores as rows of a table; the first row is the head. */
export function dueRows({ consents, plain, stores }: DueResult): string[][] {
  return [
    [
      `${consents.toLocaleString('en')} consents at once`,
      'seconds',
      'compared with',
      'hold-up, ms',
      'over plain',
    ],
    ['no store, 32 in flight (plain)', spread(plain.seconds, 2), '', spread(plain.holdUp), ''],
    ...stores.map(({ label, seconds, referenceSeconds, holdUp, holdUpShare }) => [
      label,
      spread(seconds, 2),
      referenceSeconds.median.toFixed(2),
      spread(holdUp),
      digits(holdUpShare.median),
    ]),
  ];
}
