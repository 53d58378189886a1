import type { ConsentState } from './consentState';

/** States that a subscriber was told of. */
export type Told = Readonly<Record<string, string>>;

/** What the store remembers about consents and accounts between polls. Everything in it is encrypted. */
export class SyncMemory {
  /** The memory of a consent; `undefined` if there is none. @throws OpenBankingError those of the store */
  consent(consent: string): Promise<ConsentState | undefined> {
    void consent;
    return Promise.resolve(undefined);
  }

  /** The states of consents that a subscriber was told of. @throws OpenBankingError those of the store */
  attention(subscriber: string): Promise<Told> {
    void subscriber;
    return Promise.resolve({});
  }

  /** Changes what a subscriber was told. @param change is called again if another process changed it meanwhile */
  changeAttention(subscriber: string, change: (told: Told) => Told): Promise<void> {
    void [subscriber, change];
    return Promise.resolve();
  }

  /**
   * Marks transactions as handed over.
   *
   * @returns how many were not marked before
   * @throws OpenBankingError those of the store
   */
  markProcessed(
    subscriber: string,
    consent: string,
    accountId: string,
    transactionIds: readonly string[],
  ): Promise<number> {
    void [subscriber, consent, accountId, transactionIds];
    return Promise.resolve(0);
  }

  /** Deletes all that is remembered about a consent. @throws OpenBankingError those of the store */
  forget(consent: string): Promise<void> {
    void consent;
    return Promise.resolve();
  }

  /** Deletes what is remembered about a consent after a number of days, unless it is used again. @throws OpenBankingError those of the store */
  keepFor(consent: string, days: number): Promise<void> {
    void [consent, days];
    return Promise.resolve();
  }
}
