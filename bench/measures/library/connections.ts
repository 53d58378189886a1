import type { BankCounts } from '../../bank/server';
import { BenchFailure } from '../../failure';

/** Counts the connections and tokens of one contender, as the bank saw them. */
export class ConnectionCount {
  private opened = 0;
  private tokens = 0;
  private mostInATurn = 0;

  constructor(
    private readonly contender: string,
    private readonly concurrency: number,
  ) {}

  /** Adds a turn. @param before counts of the bank before the turn @param after counts after it */
  add(before: BankCounts, after: BankCounts): void {
    const opened = after.connections - before.connections;
    this.opened += opened;
    this.tokens += after.tokenRequests - before.tokenRequests;
    this.mostInATurn = Math.max(this.mostInATurn, opened);
  }

  /** TLS connections for each token; 0 if no token was requested. */
  get perToken(): number {
    return this.tokens === 0 ? 0 : this.opened / this.tokens;
  }

  /**
   * Checks that the contender used its connections again. In a turn, it may open twice as many as it has requests in flight, and one more.
   * Two reasons: idle connections may have been closed since its last turn, and undici opens another connection if a request comes right
   * before an earlier connection is free.
   *
   * @throws BenchFailure if it opened more in a turn
   */
  requireKeptAlive(): void {
    const allowed = 2 * this.concurrency + 1;
    if (this.mostInATurn <= allowed) return;
    throw new BenchFailure(
      `${this.contender} opened ${this.mostInATurn} connections in a turn with ${this.concurrency} in flight; ` +
        `with kept-alive connections it opens ${allowed} at most.`,
    );
  }
}
