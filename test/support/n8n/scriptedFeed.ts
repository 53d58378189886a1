import type { HandOver, PollReport } from '../../../core/accounts/subscription/subscription';
import type { TransactionFeed } from '../../../nodes/OpenBankingTrigger/newTransactions';

/** A hand-over that notes what is stored about it. */
export class NotedHandOver implements HandOver {
  readonly stored: string[] = [];

  /** How often the store is away before it can be written. */
  failures = 0;

  readonly items: HandOver['items'];

  constructor(readonly id: string) {
    this.items = [{ transaction_id: id, event: 'new' }] as unknown as HandOver['items'];
  }

  committed(): Promise<void> {
    if (this.failures-- > 0) return Promise.reject(new Error('the store is away'));
    this.stored.push('committed');
    return Promise.resolve();
  }

  failed(): Promise<void> {
    this.stored.push('failed');
    return Promise.resolve();
  }
}

/** The transactions of a test. */
export class ScriptedFeed implements TransactionFeed {
  waitingUntil: number | undefined;

  polled: (readonly string[])[] = [];

  /** The transactions that the next polls hand over. */
  next: NotedHandOver[] = [];

  /** The transactions that are handed over without a poll. */
  waiting: NotedHandOver[] = [];

  report: PollReport = { remarks: [], failures: [] };

  isClosed = false;

  askedForWaiting = 0;

  poll: TransactionFeed['poll'] = (consents, handOver) => {
    this.polled.push(consents);
    this.next.splice(0).forEach(handOver);
    return Promise.resolve(this.report);
  };

  handWaiting(handOver: (handOver: HandOver) => void): Promise<void> {
    this.askedForWaiting++;
    this.waiting.splice(0).forEach(handOver);
    this.waitingUntil = undefined;
    return Promise.resolve();
  }

  preview(): ReturnType<TransactionFeed['preview']> {
    return Promise.resolve({ items: [], report: this.report });
  }

  close(): void {
    this.isClosed = true;
  }
}
