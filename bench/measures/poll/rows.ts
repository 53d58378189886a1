import { digits, spread } from '../../report/numbers';
import type { PollResult } from './measure';

/** The stores as rows of a table; the first row is the head. */
export function pollRows({ consents, stores }: PollResult): string[][] {
  return [
    [
      `${consents.toLocaleString('en')} consents, 4 accounts each`,
      ...['first poll, seconds', 'nothing new, seconds', 'CPU seconds', 'MiB added by 3 polls'],
      ...['KiB of store an account', 'KiB added by 3 polls', 'connections'],
    ],
    ...stores.map((store) => [
      store.label,
      store.firstSeconds.toFixed(1),
      spread(store.seconds, 1),
      spread(store.cpuSeconds, 1),
      store.addedMebibytes.toFixed(1),
      digits(store.bytesPerAccount / 1024),
      (store.addedBytesPerAccount / 1024).toFixed(2),
      store.connections.toLocaleString('en'),
    ]),
  ];
}
