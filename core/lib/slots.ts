/** A limit for work that is under way at the same time. */
export class Slots {
  #free: number;

  /** Ends the waiting of a caller, in the order in which they came. */
  readonly #waiting = new Set<() => void>();

  /** @param maximum number of slots, at least 1 */
  constructor(maximum: number) {
    this.#free = maximum;
  }

  /** Number of callers that wait for a slot. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Does work in a slot. If all are in use, waits for one: who came first gets the next. @throws the errors of `work` */
  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((begin) => this.#waiting.add(begin));
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  /** Gives a slot to the caller that waits longest. If nobody waits, the slot is free. */
  #passOn(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
