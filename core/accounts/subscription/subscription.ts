import { OpenBankingError } from '../../errors/OpenBankingError';
import { Slots } from '../../lib/slots';
import type { BankClient } from '../../oauth/client';
import type { ApiOptions } from '../accountApi';
import { RecordedHandOvers, type HandOverReceiver } from './recordedHandOvers';
import type { NewTransaction } from './newTransaction';
import type {
  PollReport,
  ReadContext,
  StoredForSubscription,
  SubscriptionEnvironment,
  SubscriptionOptions,
} from './options';
import { pollConsent, type Poll } from './pollConsent';
import { previewOf } from './preview';
import { Waiting } from './waiting';

export type { HandOver } from './recordedHandOvers';
export type { NewTransaction, TransactionEvent } from './newTransaction';
export type {
  PollFailure,
  PollReport,
  StoredForSubscription,
  SubscriptionEnvironment,
  SubscriptionOptions,
} from './options';

/** Accounts that are read at the same time. */
const ACCOUNTS_AT_ONCE = 16;

/** Consents that are polled at the same time. */
const CONSENTS_AT_ONCE = 16;

/**
 * The transactions that a subscriber was not told of yet. One object lives as long as the trigger is active: it holds what waits in memory.
 *
 * Each account is one memory in the store, with the rows that reads have shown and the positions of all subscribers. So what a read showed,
 * the beginning of a hand-over and its success are one write each, and a process may end at any moment: a row that was not committed has its
 * mark in the store, and comes with the next read.
 */
export class Subscription {
  readonly #context: ReadContext;

  readonly #waiting: Waiting;

  readonly #handOvers: RecordedHandOvers;

  constructor(
    client: BankClient,
    stored: StoredForSubscription,
    options: SubscriptionOptions,
    api: ApiOptions = {},
    { now = Date.now, source }: SubscriptionEnvironment = {},
  ) {
    this.#context = { ...stored, client, options, api, ...(source && { source }) };
    this.#waiting = new Waiting(now);
    this.#handOvers = new RecordedHandOvers(stored.sync, options, this.#waiting, now);
  }

  /** When the first transactions that wait in memory can be handed over, by the clock of this process; `undefined` if none wait. */
  get waitingUntil(): number | undefined {
    return this.#handOvers.hasRoom ? this.#waiting.until : undefined;
  }

  /**
   * Reads what is due and hands it over. It does not wait for the end of the hand-overs.
   *
   * @throws OpenBankingError those of the store: what was read until then is handed over, and the rest is read by the next poll
   */
  async poll(
    consents: readonly string[],
    receiver: HandOverReceiver,
    signal?: AbortSignal,
  ): Promise<PollReport> {
    const { sync, options } = this.#context;
    await this.#handOvers.handOver(receiver, signal);
    const at = await sync.now();
    await sync.sweep();
    const most = options.maximumRows * options.maximumOpen;
    const poll: Poll = {
      at,
      slots: new Slots(ACCOUNTS_AT_ONCE),
      ...(signal && { signal }),
      hasRoom: () => this.#waiting.size < most,
      onFound: (found) => this.#waiting.add(found),
    };
    const reports: PollReport[] = [];
    let failure: unknown;
    let isStoreAway = false;
    const slots = new Slots(CONSENTS_AT_ONCE);
    const read = async (consent: string) => {
      if (isStoreAway) return;
      try {
        reports.push(await pollConsent(this.#context, consent, poll));
        // A full hand-over goes out while the others are read.
        if (this.#waiting.size >= options.maximumRows)
          await this.#handOvers.handOver(receiver, signal);
      } catch (error) {
        if (isOfConsent(error)) {
          reports.push({ remarks: [], failures: [{ consent, error }] });
          return;
        }
        failure ??= error;
        isStoreAway ||= error instanceof OpenBankingError;
      }
    };
    await Promise.all([...new Set(consents)].map((consent) => slots.use(() => read(consent))));
    await this.#handOvers.handOver(receiver, signal);
    if (failure !== undefined) throw failure as Error;
    return merged(reports);
  }

  /** Hands over transactions that wait in memory and are due, without a read. @throws OpenBankingError those of the store */
  handWaiting(receiver: HandOverReceiver): Promise<void> {
    return this.#handOvers.handOver(receiver);
  }

  /** Transactions as a first look: nothing is written but the reads. @throws OpenBankingError those of the store */
  preview(
    consents: readonly string[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<{ items: readonly NewTransaction[]; report: PollReport }> {
    return previewOf(this.#context, consents, limit, signal);
  }

  /** Forgets what waits in memory. Open hand-overs can still be committed. */
  close(): void {
    this.#waiting.clear();
  }
}

/** Whether an error is about one consent: the others are polled. */
function isOfConsent(error: unknown): error is OpenBankingError {
  const { code } = error as Partial<OpenBankingError>;
  return code === 'record-damaged' || code === 'store-busy';
}

function merged(reports: readonly PollReport[]): PollReport {
  const times = reports.flatMap(({ nextReadAt }) => nextReadAt ?? []);
  return {
    remarks: [...new Set(reports.flatMap(({ remarks }) => remarks))],
    failures: reports.flatMap(({ failures }) => failures),
    ...(times.length > 0 && { nextReadAt: times.reduce((one, other) => Math.min(one, other)) }),
  };
}
