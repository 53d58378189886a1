import { eachInPieces, type Pieces } from '../../lib/pieces';
import { counted, type Remarks } from '../../lib/remarks';
import { plainDigests } from './digests';
import { evidenceOf } from './evidence';
import type { Identity, Sighting } from './facts';
import { newIdentities } from './newRows';
import { distinct, unitsOf, type Unit } from './units';

/**
 * The identities of all rows of an account that were read, without a memory: those that the first read of a trigger would give them. It needs
 * all rows, because the bank's ID counts only if no other row has it with another sign, amount or currency. The effort grows with the number
 * of rows.
 *
 * @param accountKey part of the IDs that are not the bank's
 * @returns an identity for each row; `undefined` for a row that is another row again, or whose amount cannot be read
 */
export function* identitiesOf(
  rows: readonly Sighting[],
  accountKey: string,
  remarks: Remarks,
): Pieces<(Identity | undefined)[]> {
  const all = yield* unitsOf(rows, { digestsOf: plainDigests });
  const evidence = yield* evidenceOf(all, [], () => false, { isLoose: false, isReused: false });
  const isTrusted = ({ shown }: Unit) => !evidence.isAmbiguous(shown.bankId);
  const { units, repeated } = yield* distinct(all, isTrusted, evidence.isReused);
  if (repeated > 0) remarks.count(repeatedId, repeated);
  const rules = { evidence, wasReused: false, taken: new Set<string>() };
  const identities = yield* newIdentities(units, rows, accountKey, rules);
  yield* eachInPieces(units, ({ shown }) => {
    if (evidence.isShared(shown.bankId)) remarks.count(sharedId);
  });
  return identities;
}

export const sharedId = (count: number) =>
  `In ${counted(count, 'row')}, the bank uses one "TransactionId" for transactions that differ in sign, amount or currency. The "transaction_id" of these rows is a fingerprint.`;

export const repeatedId = (count: number) =>
  `In ${counted(count, 'row')}, the bank sent a transaction again, with the same "TransactionId" and amount. Each transaction is one item: the booked row, or the one with the later date.`;
