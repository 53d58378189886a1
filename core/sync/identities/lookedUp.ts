import type { Pieces } from '../../lib/pieces';
import type { Sighting } from './facts';
import type { KnownRows } from './knownRows';
import type { GivenIdentity } from './observation';
import { observed } from './observed';

/**
 * The identities of rows that another reader than the trigger has read: those of the memory, and for rows that it does not know, those that
 * the next read would give them. Nothing is remembered.
 */
export function* lookedUp(
  known: KnownRows,
  rows: readonly (Sighting | undefined)[],
  accountKey: string,
): Pieces<readonly (GivenIdentity | undefined)[]> {
  const read = { rows, isComplete: false, from: '', today: '', wideDays: 0 };
  return (yield* observed(known, read, accountKey)).given;
}
