import { serialisedBytes } from '../../lib/json';
import { readableContent, rewritten } from '../records/record';
import type { RecordContent } from '../records/recordContent';
import { locateAnywhere, type LocationContext } from './location';

/** Maximum bytes of the list as JSON: each refresh writes the whole record. */
const MAXIMUM = 64 * 1024;

/** Number of tries, if other callers change the record at the same time. */
const TRIES = 5;

/**
 * Stores the IDs of a consent's accounts in its record, encrypted. Lease and attempt mark of the record stay. Nothing is written if they are
 * stored already, if they are too many, or if the customer has consented again since.
 *
 * @param accountIds all of them, in the bank's order; an empty list is not stored
 * @param grant of the consent whose accounts they are, see `RecordContent.grant`
 * @throws OpenBankingError those of the store
 */
export async function rememberAccounts(
  context: LocationContext,
  consent: string,
  accountIds: readonly string[],
  grant: string | undefined,
): Promise<void> {
  const { store, keys } = context;
  const accounts = [...new Set(accountIds)];
  if (accounts.length === 0 || serialisedBytes(accounts) > MAXIMUM) return;
  for (let tries = 0; tries < TRIES; tries++) {
    const record = (await locateAnywhere(context, consent))?.record;
    const content = record && readableContent(record, keys);
    if (!content?.tokens || content.grant !== grant) return;
    if (JSON.stringify(content.accounts) === JSON.stringify(accounts)) return;
    const changed = rewritten(record!, { ...content, accounts }, keys, record!);
    if (await store.amend(changed, record!.revision)) return;
  }
}

/**
 * The IDs of a consent's accounts that were stored, in the bank's order; an empty list if none are.
 *
 * @throws OpenBankingError those of the store
 */
export async function knownAccounts(
  context: LocationContext,
  consent: string,
): Promise<readonly string[]> {
  const record = (await locateAnywhere(context, consent))?.record;
  return (record && readableContent(record, context.keys)?.accounts) ?? [];
}

/**
 * The accounts in a record after the customer has consented again: they stay if it is the same consent of the bank. Another consent has other
 * accounts, mostly with other IDs.
 */
export function accountsAfterRenewal(
  before: RecordContent | undefined,
  consentId: string | undefined,
): Pick<RecordContent, 'accounts'> {
  const isSame = consentId !== undefined && before?.consentId === consentId;
  return isSame && before.accounts ? { accounts: before.accounts } : {};
}
