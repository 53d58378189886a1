import type { TokenSet } from '../../oauth/grants/tokenSet';
import type { StoredRecord } from '../../store/store';
import { contentOf } from '../records/record';
import type { RecordContent } from '../records/recordContent';
import { unknownConsent } from './consentErrors';
import { endLease, underLease, type HeldLease } from './lease';
import { locateEverywhere } from './location';
import type { RefreshContext } from './refreshContext';

/** Ends tokens at the bank. */
export type Revoke = (tokens: TokenSet) => Promise<void>;

/**
 * Ends the tokens of a consent at the bank, and deletes its records: all of them, see `Located`. The lease of each prevents a refresh in the
 * meantime. If the tokens of another consent are stored under its name in the meantime, they stay.
 *
 * @param revoke called for each token set that is stored. If it fails, its record is not deleted
 * @returns whether they were deleted
 * @throws OpenBankingError `consent-unknown`, `record-damaged`, `store-busy`, those of discovery and of the store, and those of `revoke`
 */
export async function endConsent(
  context: RefreshContext,
  consent: string,
  revoke: Revoke,
): Promise<boolean> {
  // Discovery may take long, so it comes before the lease is taken.
  await context.client.endpoints();
  let located = await locateEverywhere(context, consent);
  if (!located) throw unknownConsent(consent);
  const work = async (lease: HeldLease) => ({
    isDeleted: await endUnderLease(context, lease, revoke),
  });
  while (located) {
    for (const record of [...located.others, located.record]) {
      const result = await underLease(context, record, work);
      // If there is no result, another process has renamed the record before its lease was taken, or has taken the lease.
      if (result?.isDeleted === false) return false;
    }
    located = await locateEverywhere(context, consent);
  }
  return true;
}

/** @returns whether the record was deleted; `undefined` if the lease was lost */
async function endUnderLease(
  context: RefreshContext,
  lease: HeldLease,
  revoke: Revoke,
): Promise<boolean | undefined> {
  const { store, keys } = context;
  const { record } = lease;
  const { name } = record;
  const ended = new Set<unknown>();
  try {
    for (const tokens of setsOf(contentOf(record, keys))) {
      await revoke(tokens);
      ended.add(tokens.access_token);
    }
  } catch (error) {
    await endLease(context, lease);
    throw error;
  }
  let present: StoredRecord | undefined = record;
  while (present && !(await store.remove(name, present.revision, lease.holder))) {
    const { revision }: StoredRecord = present;
    present = await store.read(name);
    // The lease is lost: its new holder may have sent the refresh token.
    if (present?.revision === revision) return undefined;
    const sets: TokenSet[] = present ? setsOf(contentOf(present, keys)) : [];
    // The customer has given another consent meanwhile.
    if (sets.some(({ access_token: token }) => !ended.has(token))) {
      await endLease(context, lease);
      return false;
    }
  }
  return true;
}

/** The token sets of a record: those that passed first. */
export function setsOf({ tokens, refreshed, renewed }: RecordContent): TokenSet[] {
  return [tokens, refreshed?.tokens, renewed?.tokens].filter((set) => set !== undefined);
}
