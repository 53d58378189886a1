/**
 * A clock that a test moves forward, so that hours pass in no time. It changes `Date` in this process: timers, the clock of the store and
 * other processes go on as before.
 */
export class MovedClock {
  readonly #real = Date;
  #ahead = 0;

  constructor() {
    const now = () => this.#real.now() + this.#ahead;
    const Moved = class extends this.#real {
      constructor(...given: [] | [number | string | Date]) {
        super(...((given.length ? given : [now()]) as [number]));
      }

      static override now = now;
    };
    globalThis.Date = Moved as DateConstructor;
  }

  /** Moves the clock forward by so many seconds. */
  forward(seconds: number): void {
    this.#ahead += seconds * 1000;
  }

  /** Gives `Date` back. */
  stop(): void {
    globalThis.Date = this.#real;
  }
}
