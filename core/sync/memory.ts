import type { MemoryStore } from '../store/memories';
import type { Processes } from '../tokens/processes';
import type { OpenedMemory, SealedMemories } from '../tokens/sealedMemories';
import { emptyAccount, type AccountState } from './accountState';
import { emptyConsent, type ConsentState } from './consentState';
import { dayAt } from './days';
import { ENDED_TIME, UNSEEN_TIME } from './forgetting';
import { marked } from './markProcessed';
import { Reads } from './reads';

/** The states of consents that a subscriber was told of: ends (ISO 8601, or empty) by the names that `attention.ts` gives to states. */
export type Told = Readonly<Record<string, string>>;

/** The memories of a consent at one moment. */
export interface ConsentMemory {
  readonly consent: ConsentState | undefined;
  /** The accounts by their keys. */
  readonly accounts: ReadonlyMap<string, SeenAccount>;
  /** Whether there are memories under a key that the credential no longer has. */
  readonly hasForeign: boolean;
  /** Whether it is going to be deleted, see {@link SyncMemory.forgetLater}. */
  readonly isEnding: boolean;
}

/** The memory of consents and accounts between polls, in the store. All content is encrypted. */
export class SyncMemory {
  readonly reads: Reads;

  constructor(
    private readonly memories: SealedMemories,
    readonly processes: Processes,
    private readonly store: MemoryStore,
  ) {
    this.reads = new Reads(store, memories);
  }

  /** The present time by the store's clock. @throws OpenBankingError those of the store */
  now(): Promise<number> {
    return this.store.now();
  }

  /** Deletes what is no longer needed. @throws OpenBankingError those of the store */
  sweep(): Promise<void> {
    return this.store.sweep({ afterTokens: ENDED_TIME, afterChange: UNSEEN_TIME });
  }

  /** All that is remembered about a consent. @throws OpenBankingError `record-damaged`, and those of the store */
  async ofConsent(consent: string): Promise<ConsentMemory> {
    const { own, hasForeign, isEnding } = await this.memories.ofConsent(consent);
    const accounts = own.filter(({ kind }) => kind === 'account');
    return {
      consent: own.find(({ kind }) => kind === 'consent')?.content as ConsentState | undefined,
      accounts: new Map(accounts.map((memory) => [memory.about, seenAccount(memory)])),
      hasForeign,
      isEnding,
    };
  }

  /** The memory of a consent; `undefined` if there is none. @throws OpenBankingError as {@link ofConsent} */
  async consent(consent: string): Promise<ConsentState | undefined> {
    // Without its accounts: their memories may be large.
    const subject = { kind: 'consent', consent, about: '' } as const;
    return (await this.memories.read(subject))?.content as ConsentState | undefined;
  }

  /**
   * Changes the memory of a consent.
   *
   * @param change is called again if another process changed it meanwhile; `undefined` changes nothing
   * @throws OpenBankingError as {@link ofConsent}, `store-busy`
   */
  async changeConsent(
    consent: string,
    change: (state: ConsentState) => ConsentState | undefined,
  ): Promise<ConsentState> {
    const changed = await this.memories.change<ConsentState>(
      { kind: 'consent', consent, about: '' },
      (state) => change(state ?? emptyConsent()),
    );
    return changed ?? emptyConsent();
  }

  /** Changes the memory of an account, as {@link changeConsent}. @throws OpenBankingError as {@link changeConsent} */
  async changeAccount(
    consent: string,
    accountKey: string,
    change: (state: AccountState) => AccountState | undefined,
  ): Promise<void> {
    const subject = { kind: 'account', consent, about: accountKey } as const;
    await this.memories.change<AccountState>(subject, (state) => change(state ?? emptyAccount()));
  }

  /**
   * The memory of an account, with what {@link SyncMemory.replaceAccount} needs.
   *
   * @throws OpenBankingError as {@link ofConsent}
   */
  async account(consent: string, accountKey: string): Promise<SeenAccount> {
    const subject = { kind: 'account', consent, about: accountKey } as const;
    return seenAccount(await this.memories.read(subject));
  }

  /**
   * Stores the next memory of an account, if nobody changed it since it was read.
   *
   * @throws OpenBankingError those of the store
   */
  async replaceAccount(
    consent: string,
    accountKey: string,
    { memory }: SeenAccount,
    next: AccountState,
  ): Promise<boolean> {
    const subject = { kind: 'account', consent, about: accountKey } as const;
    return this.memories.replace(subject, next, memory);
  }

  /** The states of consents that a subscriber was told of. @throws OpenBankingError as {@link ofConsent} */
  async attention(subscriber: string): Promise<Told> {
    const { own } = await this.memories.ofConsent('');
    const told = own.find(({ kind, about }) => kind === 'attention' && about === subscriber);
    return (told?.content ?? {}) as Told;
  }

  /** Changes what a subscriber was told. @param change is called again if another process changed it meanwhile */
  async changeAttention(subscriber: string, change: (told: Told) => Told): Promise<void> {
    await this.memories.change<Told>(
      { kind: 'attention', consent: '', about: subscriber },
      (told) => change(told ?? {}),
    );
  }

  /** Whether a read has ever shown an account of a consent. @throws OpenBankingError as {@link ofConsent} */
  async hasSeen(consent: string, accountId: string): Promise<boolean> {
    const state = await this.consent(consent);
    const accountKey = accountKeyIn(state, accountId);
    if (state?.known.some(({ key }) => key === accountKey)) return true;
    const subject = { kind: 'account', consent, about: accountKey } as const;
    if ((await this.memories.read(subject)) !== undefined) return true;
    return this.reads.wasRead(consent, accountId);
  }

  /**
   * Marks transactions as handed over. The caller has made sure that the account is one of the consent, see {@link hasSeen}.
   *
   * @param accountId the bank's, or the key of the account
   * @returns how many were not marked before
   * @throws OpenBankingError as {@link changeConsent}
   */
  async markProcessed(
    subscriber: string,
    consent: string,
    accountId: string,
    transactionIds: readonly string[],
  ): Promise<number> {
    const state = await this.consent(consent);
    const accountKey = accountKeyIn(state, accountId);
    const today = dayAt(await this.now());
    let count = 0;
    await this.changeAccount(consent, accountKey, (account) => {
      const processed = marked(account, subscriber, transactionIds, today);
      count = processed.count;
      return processed.state === account ? undefined : processed.state;
    });
    return count;
  }

  /** Deletes all that is remembered about a consent. @throws OpenBankingError those of the store */
  async forget(consent: string): Promise<void> {
    await this.memories.remove(consent);
  }

  /** Deletes what is remembered about a consent after {@link ENDED_TIME}, unless it is used again. @throws OpenBankingError those of the store */
  async forgetLater(consent: string): Promise<void> {
    await this.memories.forgetLater(consent, ENDED_TIME);
  }

  /** Deletes what is remembered about accounts of a consent. @throws OpenBankingError as {@link ofConsent} */
  async forgetAccounts(consent: string, accountKeys: readonly string[]): Promise<void> {
    if (accountKeys.length > 0) await this.memories.removeSome(consent, 'account', accountKeys);
  }

  /** The memories of a consent are used again, and stay. @throws OpenBankingError those of the store */
  async keep(consent: string): Promise<void> {
    await this.memories.keep(consent);
  }
}

/** The memory of an account, and the stored form that it was read from. */
export interface SeenAccount {
  readonly state: AccountState;
  readonly memory: OpenedMemory | undefined;
}

/** An account as it was read. @param memory `undefined` if there is none */
export function seenAccount(memory: OpenedMemory | undefined): SeenAccount {
  return { state: (memory?.content as AccountState | undefined) ?? emptyAccount(), memory };
}

/** The key of an account. An account that no list has shown has its ID as its key. */
export function accountKeyIn(state: ConsentState | undefined, accountId: string): string {
  const listed = state?.accounts.find((account) => account.accountId === accountId);
  const known = state?.known.find(({ ids }) => ids.includes(accountId));
  return listed?.accountKey ?? known?.key ?? accountId;
}
