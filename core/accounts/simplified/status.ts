import { counted, type Remarks } from '../../lib/remarks';
import type { TransactionStatus } from '../../sync/identities/facts';
import type { RawRow } from './rawRow';
import { textOf } from './texts';

export type { TransactionStatus };

/** Words of v3.1, codes of v4.0 and further ISO 20022 codes, in small letters. */
const STATUSES: ReadonlyMap<string, TransactionStatus> = new Map([
  ['book', 'booked'],
  ['booked', 'booked'],
  ['cncl', 'rejected'],
  ['futr', 'future'],
  ['future', 'future'],
  ['info', 'information'],
  ['information', 'information'],
  ['pdng', 'pending'],
  ['pending', 'pending'],
  ['rejected', 'rejected'],
  ['rjct', 'rejected'],
  ['schd', 'future'],
]);

/**
 * The status of a row, whatever the version and the case of its word. A row without a status is booked: a bank that leaves it out sends booked
 * rows. An unknown word never counts as booked: it is pending.
 */
export function statusOf(row: RawRow, remarks?: Remarks): TransactionStatus {
  const word = textOf(row.Status);
  if (word === undefined) {
    remarks?.count(withoutStatus);
    return 'booked';
  }
  const known = STATUSES.get(word.toLowerCase());
  if (!known) remarks?.count(unknownStatus);
  return known ?? 'pending';
}

const withoutStatus = (count: number) =>
  `In ${counted(count, 'row')}, the bank sent no "Status". Such a row is treated as booked.`;

const unknownStatus = (count: number) =>
  `In ${counted(count, 'row')}, "Status" is a word that no version of the standard has. Such a row is treated as pending. Switch "Simplify" off and choose the status "All" to see the word.`;
