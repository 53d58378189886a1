import { callLater, type Cancel } from '../../core/lib/timer';

/** The longest time, in milliseconds, that {@link OneAtATime.close} waits for work that does not end. */
const PATIENCE = 5_000;

/** The reports of {@link OneAtATime}. */
export interface WorkReports {
  /** Receives whatever the work throws, unless the work was ended. */
  readonly onFailure: (error: unknown) => void;
  /** Called once for each run during which another time came. */
  readonly onHeld: () => void;
  /** Called if a run was ended because it took too long. */
  readonly onTooLong: () => void;
}

/**
 * Work that n8n's timer starts, and that must not run twice at the same time. A time that comes while the work runs is left out: the next
 * one finds whatever is new. Nothing is thrown into the timer, where it would end n8n.
 */
export class OneAtATime {
  readonly #ending = new AbortController();

  #running?: Promise<void>;

  /** Whether a time came while the present run was under way. */
  #isHeld = false;

  /**
   * @param work ends when the signal ends it
   * @param limit milliseconds after which a run is ended. The next time starts another one
   */
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly reports: WorkReports,
    private readonly limit: number,
  ) {}

  /** Starts the work, unless it runs or was ended. @returns whether it was started */
  start(): boolean {
    if (this.#ending.signal.aborted) return false;
    if (this.#running) {
      if (!this.#isHeld) this.reports.onHeld();
      this.#isHeld = true;
      return false;
    }
    this.#isHeld = false;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    return true;
  }

  /** Ends the work for good, and waits until it has ended, but not for ever. */
  async close(): Promise<void> {
    this.#ending.abort();
    let cancelPatience: Cancel | undefined;
    const patience = new Promise<void>((resolve) => {
      cancelPatience = callLater(PATIENCE, resolve);
    });
    await Promise.race([this.#running, patience]);
    cancelPatience?.();
  }

  async #run(): Promise<void> {
    const tooLong = new AbortController();
    const cancelLimit = callLater(this.limit, () => tooLong.abort());
    try {
      await this.work(AbortSignal.any([this.#ending.signal, tooLong.signal]));
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      if (!tooLong.signal.aborted) this.reports.onFailure(error);
    } finally {
      cancelLimit();
    }
    if (tooLong.signal.aborted && !this.#ending.signal.aborted) this.reports.onTooLong();
  }
}
