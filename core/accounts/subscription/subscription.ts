import type { OpenBankingError } from '../../errors/OpenBankingError';
import type { BankClient } from '../../oauth/client';
import type { SyncMemory } from '../../sync/memory';
import type { ConsentTokens } from '../../tokens/consents/consentTokens';
import type { ApiOptions } from '../accountApi';
import type { NewTransaction } from './newTransaction';

export type { NewTransaction, TransactionEvent } from './newTransaction';

/** How a subscriber reads and what it is told. */
export interface SubscriptionOptions {
  /** Whose position it is: `<workflow ID>/<node ID>`, or the name that the user gave. */
  readonly subscriber: string;
  /** Whether pending transactions are handed over, too. */
  readonly withPending: boolean;
  /** The first booking day, `2026-03-01`; or only what is booked after the first poll. */
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

/** Transactions for one execution. */
export interface HandOver {
  readonly id: string;
  /** The oldest first. */
  readonly items: readonly NewTransaction[];
  /** The execution succeeded. It may be called after {@link failed}, too. */
  committed(): Promise<void>;
  /** The execution failed, or its outcome is not known: its transactions come again. */
  failed(): Promise<void>;
}

/** A failure of a poll. The rest of the consents was read. */
export interface PollFailure {
  readonly consent: string;
  readonly accountId?: string;
  readonly error: OpenBankingError;
}

/** What a poll found beside transactions. */
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

/** The transactions that a subscriber was not told of yet. One object lives as long as the trigger is active: it holds what waits in memory. */
export class Subscription {
  constructor(
    private readonly client: BankClient,
    private readonly stored: StoredForSubscription,
    private readonly options: SubscriptionOptions,
    private readonly api: ApiOptions = {},
  ) {}

  /** When the first transactions that wait in memory can be handed over, by the clock of this process; `undefined` if none wait. */
  get waitingUntil(): number | undefined {
    return undefined;
  }

  /**
   * Reads what is due and hands it over. It does not wait for the end of the hand-overs.
   *
   * @throws OpenBankingError those of the store: then nothing was read
   */
  poll(
    consents: readonly string[],
    handOver: (handOver: HandOver) => void,
    signal?: AbortSignal,
  ): Promise<PollReport> {
    void [this.client, this.stored, this.options, this.api, consents, handOver, signal];
    return Promise.resolve({ remarks: [], failures: [] });
  }

  /** Hands over transactions that wait in memory and are due, without a read. @throws OpenBankingError those of the store */
  handWaiting(handOver: (handOver: HandOver) => void): Promise<void> {
    void handOver;
    return Promise.resolve();
  }

  /** Transactions as a first look: nothing is written but the reads. */
  preview(
    consents: readonly string[],
    limit: number,
  ): Promise<{ items: readonly NewTransaction[]; report: PollReport }> {
    void [consents, limit];
    return Promise.resolve({ items: [], report: { remarks: [], failures: [] } });
  }

  /** Forgets what waits in memory. Open hand-overs can still be committed. */
  close(): void {
    return undefined;
  }
}
