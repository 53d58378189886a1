/** The longest time, in milliseconds, that {@link OneAtATime.close} waits for work that does not end. */
const PATIENCE = 5_000;

/**
 * Work that n8n's timer starts, and that must not run twice at the same time. A time that comes while the work runs is left out: the next
 * one finds whatever is new. Nothing is thrown into the timer, where it would end n8n.
 */
export class OneAtATime {
  readonly #ending = new AbortController();

  #running?: Promise<void>;

  /**
   * @param work ends when the signal ends it
   * @param onFailure called with whatever `work` throws, unless the work was ended
   */
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Starts the work, unless it runs or was ended. @returns whether it was started */
  start(): boolean {
    if (this.#running || this.#ending.signal.aborted) return false;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    return true;
  }

  /** Ends the work for good, and waits until it has ended, but not for ever. */
  async close(): Promise<void> {
    this.#ending.abort();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE).unref();
    });
    await Promise.race([this.#running, patience]);
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    try {
      await this.work(signal);
    } catch (error) {
      if (signal.aborted) return;
      this.onFailure(error);
    }
  }
}
