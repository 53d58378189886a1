import type { ITriggerFunctions } from 'n8n-workflow';
import { Subscription, type HandOver } from '../../core/accounts/subscription/subscription';
import { LONGEST_TIMER } from '../../core/lib/time';
import { callLater, type Cancel } from '../../core/lib/timer';
import { ExecutedHandOvers } from './executedHandOvers';
import type { TriggerLog } from './log';
import { openBank, watchedConsents, type OpenedBank } from './openedBank';
import { reportRefusal } from './refusal';
import type { NewTransactionSettings } from './settings';
import type { Watch } from './watch';

/** The parts of {@link Subscription} that the trigger uses. */
export type TransactionFeed = Pick<
  Subscription,
  'poll' | 'handWaiting' | 'waitingUntil' | 'preview' | 'close'
>;

/** Maximum number of transactions that the editor gets. */
const SHOWN = 50;

/** The event New Transaction. */
export class NewTransactions implements Watch {
  readonly #handOvers: ExecutedHandOvers;

  #current?: { readonly bank: OpenedBank; readonly feed: TransactionFeed };

  #cancelWake?: Cancel;

  #isClosed = false;

  constructor(
    private readonly context: ITriggerFunctions,
    private readonly settings: NewTransactionSettings,
    private readonly log: TriggerLog,
    /** Makes the subscription. A test gives another one. */
    private readonly subscribe = subscription,
  ) {
    this.#handOvers = new ExecutedHandOvers(context, log, {
      deadline: settings.deadline,
      onSettled: () => this.#again(),
      onRefused: (reason) => reportRefusal(context, reason),
    });
  }

  async poll(signal: AbortSignal): Promise<void> {
    const { bank, feed } = await this.#open();
    const consents = await watchedConsents(bank, this.settings.consents);
    const { remarks, failures } = await feed.poll(
      consents,
      (handOver) => this.#start(handOver),
      signal,
    );
    if (this.#isClosed) return;
    // If the poll took too long, its requests were cancelled. Rows that were read before wait for their hand-over.
    this.log.failures(failures.filter(({ error }) => error.code !== 'cancelled'));
    this.log.remarks(remarks);
    this.#wake();
  }

  /** @throws OpenBankingError the failure of the first consent, if no consent has a transaction */
  async preview(signal: AbortSignal): Promise<readonly object[]> {
    const { bank, feed } = await this.#open();
    const consents = await watchedConsents(bank, this.settings.consents);
    const limit = Math.min(SHOWN, this.settings.maximumRows);
    const { items, report } = await feed.preview(consents, limit, signal);
    const [failure] = report.failures;
    if (items.length === 0 && failure) throw failure.error;
    return items;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelWake?.();
    this.#current?.feed.close();
  }

  /** Starts an execution, unless the workflow was unpublished: n8n would execute it nevertheless. It never throws. */
  #start(handOver: HandOver): void {
    if (!this.#isClosed) {
      this.#handOvers.start(handOver);
      return;
    }
    handOver.failed().catch((error: unknown) => {
      this.log.failure('A hand-over that did not begin could not be stored', error);
    });
  }

  /** The subscription for the credential as it is now. If it changed, what waits in memory is forgotten, and comes with the next read. */
  async #open(): Promise<{ bank: OpenedBank; feed: TransactionFeed }> {
    const bank = await openBank(this.context);
    const { client, tokens } = this.#current?.bank ?? {};
    if (!this.#current || client !== bank.client || tokens !== bank.tokens) {
      this.#current?.feed.close();
      this.#current = { bank, feed: this.subscribe(bank, this.settings) };
    }
    return this.#current;
  }

  /** Hands over what waits, as far as it is due, and sets a timer for the rest. It never throws. */
  #again(): void {
    const feed = this.#current?.feed;
    if (!feed || this.#isClosed) return;
    void feed
      .handWaiting((handOver) => this.#start(handOver))
      .catch((error: unknown) => this.log.failure('Waiting transactions stay waiting', error))
      .finally(() => this.#wake());
  }

  #wake(): void {
    this.#cancelWake?.();
    const due = this.#current?.feed.waitingUntil;
    if (due === undefined || this.#isClosed) return;
    // Not at once: if the store is away, the same rows would be tried without a pause.
    const wait = Math.min(Math.max(due - Date.now(), 1_000), LONGEST_TIMER);
    this.#cancelWake = callLater(wait, () => this.#again());
  }
}

function subscription(bank: OpenedBank, settings: NewTransactionSettings): TransactionFeed {
  const { financialId } = settings;
  return new Subscription(bank.client, bank, settings, { ...(financialId && { financialId }) });
}
