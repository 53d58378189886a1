import type { OpenBankingError } from '../../errors/OpenBankingError';
import {
  customerDigests,
  isCustomerOf,
  type ConsentAccount,
  type ConsentState,
} from '../../sync/consentState';
import { afterList, vanishedAccounts } from '../../sync/forgetting';
import { recognized, type ListedAccount } from '../../sync/identities/accountKeys';
import type { SyncMemory } from '../../sync/memory';
import { isListClosed, listClosed } from '../knownAccounts';
import { listedAccounts } from '../listedAccounts';
import { accountIdentity, accountIdOf } from '../simplified/account';
import type { ConsentSource } from './consentSource';

/** The accounts of a consent. */
export interface AccountsOfPoll {
  readonly accounts: readonly ConsentAccount[];
  /** The reason why the list could not be read. */
  readonly failure?: OpenBankingError;
}

/**
 * Reads the list of accounts, and recognises them. If the bank no longer gives the list, those of the last one stay.
 *
 * @param at the moment of the poll, by the store's clock
 * @param readers subscribers that have a position in an account, and the one that polls
 * @throws OpenBankingError those of the store
 */
export async function readAccountsOf(
  sync: SyncMemory,
  consent: string,
  state: ConsentState,
  { request, grant, customer }: ConsentSource,
  at: number,
  readers: ReadonlySet<string>,
): Promise<AccountsOfPoll> {
  const { remarks, knownAccounts } = request;
  const { rows, failure } = await listedAccounts(request);
  if (failure && !isListClosed(failure)) return { accounts: state.accounts, failure };
  if (!failure) {
    const listed = rows.flatMap((row) => {
      const accountId = accountIdOf(row);
      return accountId === undefined ? [] : [{ accountId, ...accountIdentity(row) }];
    });
    // An empty list says nothing: some banks give one although there are accounts.
    return { accounts: listed.length > 0 ? await remember(listed, true) : state.accounts };
  }
  const former = state.accounts.map(({ accountId }) => accountId);
  const known = former.length > 0 ? former : await (knownAccounts?.known() ?? []);
  if (known.length === 0) return { accounts: [], failure };
  remarks.add(listClosed(known.length));
  if (former.length > 0) return { accounts: state.accounts };
  const bare = known.map((accountId) => ({ accountId, identifications: [], details: '' }));
  return { accounts: await remember(bare, false) };

  async function remember(
    accounts: readonly ListedAccount[],
    isListed: boolean,
  ): Promise<readonly ConsentAccount[]> {
    let found: readonly ConsentAccount[] = [];
    let notes: readonly string[] = [];
    const facts = await customer();
    // Before the consent forgets them: after that, nobody would find their memories.
    if (isListed) await sync.forgetAccounts(consent, [...vanishedAccounts(state)]);
    await sync.changeConsent(consent, (present) => {
      const { known, digestKey } = present;
      const names = facts ? customerDigests(facts, digestKey) : [];
      const recognition = recognized(known, accounts, digestKey, isCustomerOf(present, names));
      found = recognition.accounts;
      notes = recognition.remarks;
      const next = { ...present, known: recognition.known, accounts: found, customer: names };
      if (!isListed) return next;
      const listed = { ...next, ...(grant !== undefined && { grant }) };
      return afterList(present, listed, readers, at);
    });
    for (const remark of notes) remarks.add(remark);
    return found;
  }
}
