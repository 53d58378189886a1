import { randomUUID } from 'node:crypto';
import { positionOf, type AccountState } from '../sync/accountState';
import { rowsWithIds, type KnownRows } from '../sync/identities/knownRows';
import { newnessFor } from '../sync/markProcessed';
import { accountKeyIn, type ConsentMemory, type SyncMemory } from '../sync/memory';
import { LIST } from '../sync/reads';
import type { SimplifiedTransaction } from './simplified/transaction';

/**
 * The memory of the accounts of a consent, for reads that a user starts. They never change it, but they are counted: some banks limit the
 * reads of a day. No method fails: without the store, a read is as good as without a trigger.
 */
export class Lookup {
  #memory: Promise<ConsentMemory | undefined> | undefined;

  readonly #read = new Set<string>();

  readonly #reading = randomUUID();

  /** @param counts whether the bank counts the reads: it does unless the customer is present */
  constructor(
    private readonly sync: SyncMemory,
    private readonly consent: string,
    private readonly counts = true,
  ) {}

  /** The `account_key` of an account. */
  async accountKeyOf(accountId: string): Promise<string> {
    return accountKeyIn((await this.#whole())?.consent, accountId);
  }

  /** The rows of an account that reads of triggers have shown; `undefined` if there are none. */
  async knownRowsOf(accountId: string): Promise<KnownRows | undefined> {
    const memory = await this.#whole();
    return memory?.accounts.get(accountKeyIn(memory.consent, accountId))?.state.known;
  }

  /** Notes that the list of accounts is read, or the transactions of an account. */
  willRead(accountId: string = LIST): void {
    this.#read.add(accountId);
  }

  /** Counts what was read: each resource once, in one statement. Reads that the bank does not count are only noted. */
  async countReads(): Promise<void> {
    const read = [...this.#read];
    this.#read.clear();
    if (read.length === 0) return;
    const { reads } = this.sync;
    const counting = this.counts
      ? reads.add(this.consent, read, this.#reading)
      : reads.noteAttended(this.consent, read, this.#reading);
    await counting.catch(() => undefined);
  }

  #whole(): Promise<ConsentMemory | undefined> {
    this.#memory ??= this.sync.ofConsent(this.consent).catch(() => undefined);
    return this.#memory;
  }
}

/** Those transactions that a subscriber was not told of. @throws OpenBankingError those of the store */
export async function onlyNew(
  sync: SyncMemory,
  subscriber: string,
  transactions: readonly SimplifiedTransaction[],
): Promise<readonly SimplifiedTransaction[]> {
  const memories = new Map<string, ConsentMemory>();
  for (const { consent = '' } of transactions) {
    if (!memories.has(consent)) memories.set(consent, await sync.ofConsent(consent));
  }
  const isNew = newnessBy(memories, subscriber, transactions);
  return transactions.filter(isNew);
}

/** Decides whether transactions of an account are new, by their IDs. @param ids all that are asked about */
function newnessIn(
  state: AccountState,
  subscriber: string,
  ids: ReadonlySet<string>,
): (id: string) => boolean {
  const known = rowsWithIds(state.known, ids);
  const isNew = newnessFor(state, positionOf(state, subscriber));
  return (id) => isNew({ row: known.get(id) ?? 0, id });
}

/** Decides whether a transaction is new. The memory of each account is searched once. */
function newnessBy(
  memories: ReadonlyMap<string, ConsentMemory>,
  subscriber: string,
  transactions: readonly SimplifiedTransaction[],
): (transaction: SimplifiedTransaction) => boolean {
  const ids = new Set(transactions.map(({ transaction_id }) => transaction_id));
  const prepared = new Map<AccountState, (id: string) => boolean>();
  return ({ consent = '', account_key, transaction_id: id }) => {
    const state = memories.get(consent)?.accounts.get(account_key)?.state;
    if (!state) return true;
    const isNew = prepared.get(state) ?? newnessIn(state, subscriber, ids);
    prepared.set(state, isNew);
    return isNew(id);
  };
}
