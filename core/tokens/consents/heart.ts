import { thisProcess } from '../../lib/thisProcess';
import type { TokenStore } from '../../store/store';

/** Milliseconds between two heartbeats. */
export const BEAT_PAUSE = 1000;

/**
 * The heartbeat of this process in a store. While it beats, other processes know that the leases of this one have a living holder. It beats
 * only while this process works under a lease.
 */
export class Heart {
  #working = 0;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #beatenAt = -Infinity;

  /** @param process the name of this process, see `thisProcess` */
  constructor(
    private readonly store: Pick<TokenStore, 'beat'>,
    readonly process = thisProcess(),
  ) {}

  /** Does work under a lease that it takes. The heart beats before, unless it has just beaten, and then until the work ends. */
  async while<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#working++;
    this.#timer ??= setInterval(() => void this.#beat(), BEAT_PAUSE).unref();
    try {
      if (performance.now() - this.#beatenAt >= BEAT_PAUSE) await this.#beat();
      return await work();
    } finally {
      if (--this.#working === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  /** Beats once. Callers that come meanwhile wait for the same beat. A failure is ignored: the next statement shows it, too. */
  #beat(): Promise<void> {
    this.#beating ??= this.#beatOnce().finally(() => (this.#beating = undefined));
    return this.#beating;
  }

  async #beatOnce(): Promise<void> {
    const begunAt = performance.now();
    try {
      await this.store.beat(this.process);
      this.#beatenAt = begunAt;
    } catch {
      // The lease then looks as if its holder did not live, and is safe all the same.
    }
  }
}
