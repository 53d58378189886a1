import type { OpenBankingError } from '../../errors/OpenBankingError';
import type { BankClient } from '../../oauth/client';
import type { SyncMemory } from '../../sync/memory';
import type { ConsentTokens } from '../../tokens/consents/consentTokens';
import type { ApiOptions } from '../accountApi';
import type { PageSource } from '../pages';

/** The options of a subscriber: when and how far accounts are read, and which transactions are handed over. */
export interface SubscriptionOptions {
  /** Whose position it is: `<workflow ID>/<node ID>`, or the name that the user gave. */
  readonly subscriber: string;
  /** Whether pending transactions are handed over, too. */
  readonly withPending: boolean;
  /** The first booking day, `2026-03-01`; or only what is booked after the first poll. It counts at the first poll of a consent. */
  readonly start: { readonly from: string } | 'now';
  /** Days that each read reaches back. */
  readonly windowDays: number;
  /** Days that one read a day reaches back. */
  readonly wideDays: number;
  /** Reads of an account that the bank allows in 24 hours; no limit if not given. */
  readonly readsPerDay?: number;
  /** Transactions of one hand-over. */
  readonly maximumRows: number;
  /** Hand-overs that are open at the same time. */
  readonly maximumOpen: number;
  /** Milliseconds after which a hand-over without an answer counts as not committed. */
  readonly deadline: number;
}

/** A failure of a poll. The rest of the consents was read. */
export interface PollFailure {
  readonly consent: string;
  readonly accountId?: string;
  readonly error: OpenBankingError;
}

/** The findings of a poll beside transactions. */
export interface PollReport {
  readonly remarks: readonly string[];
  readonly failures: readonly PollFailure[];
  /** Milliseconds since the epoch at which the next account may be read; `undefined` if there is no limit. */
  readonly nextReadAt?: number;
}

/** The stored data of a client. */
export interface StoredForSubscription {
  readonly tokens: ConsentTokens;
  readonly sync: SyncMemory;
}

/** The parts that a test replaces. */
export interface SubscriptionEnvironment {
  /** The clock of this process, in milliseconds since the epoch: for the pauses after a failed execution. */
  readonly now?: () => number;
  /** Gives the bank's answers for a consent. */
  readonly source?: (consent: string) => PageSource;
}

/** The input of all reads of a subscription. */
export interface ReadContext extends StoredForSubscription {
  readonly client: BankClient;
  readonly options: SubscriptionOptions;
  readonly api: ApiOptions;
  readonly source?: (consent: string) => PageSource;
}
