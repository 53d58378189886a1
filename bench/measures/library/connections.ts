import type { BankCounts } from '../../bank/server';
import { BenchFailure } from '../../failure';

/** What the bank saw of one contender, turn by turn. */
export class ConnectionCount {
  private opened = 0;
  private tokens = 0;
  private mostInATurn = 0;

  constructor(
    private readonly contender: string,
    private readonly concurrency: number,
  ) {}

  /** Counts a turn. */
  add(before: BankCounts, after: BankCounts): void {
    const opened = after.connections - before.connections;
    this.opened += opened;
    this.tokens += after.tokenRequests - before.tokenRequests;
    this.mostInATurn = Math.max(this.mostInATurn, opened);
  }

  /** TLS connections for each token; none where no token was asked for. */
  get perToken(): number {
    return this.tokens === 0 ? 0 : this.opened / this.tokens;
  }

  /**
   * A contender may open twice as many connections in a turn as it has requests in flight, and one more: all of them may have idled out while
   * the others were at work, and undici opens another one where a request comes right before an earlier one's connection is free.
   *
   * @throws BenchFailure where there were more in a turn
   */
  requireKeptAlive(): void {
    const allowed = 2 * this.concurrency + 1;
    if (this.mostInATurn <= allowed) return;
    throw new BenchFailure(
      `${this.contender} opened ${this.mostInATurn} connections in a turn with ${this.concurrency} in flight; ` +
        `with connections that are kept alive it would have been ${allowed} at most.`,
    );
  }
}
