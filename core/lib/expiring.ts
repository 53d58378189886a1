import { deadline, isPast, momentNow, type Deadline, type Moment } from './moment';

/** A value that was obtained, with its lifetime. */
export interface Obtained<Value> {
  readonly value: Value;
  /** Milliseconds for which it is used, from now on. With 0, only the callers that wait for it get it. */
  readonly lifetime: number;
}

/** A value as it is held. */
export interface Held<Value> {
  readonly value: Value;
  readonly obtainedAt: Moment;
  /** The failure of the last renewal, if it failed. */
  readonly failure?: unknown;
}

/**
 * A value that is obtained on first use and renewed when its lifetime is over. One renewal runs at a time, and all callers wait for it.
 *
 * If a renewal fails, the last value may be used longer, see the constructor. Otherwise the failure is thrown, and the next call tries
 * again.
 */
export class Expiring<Value> {
  #held?: Held<Value>;
  /** The end of its lifetime; `undefined` if it has none. */
  #until: Deadline | undefined;
  #renewal?: Promise<Held<Value>>;

  /**
   * @param obtain gets a new value
   * @param keepFor milliseconds for which the last value is used after this failure to renew it; 0 or less if it must not be used
   */
  constructor(
    private readonly obtain: () => Promise<Obtained<Value>>,
    private readonly keepFor: (failure: unknown) => number = () => 0,
  ) {}

  /** The value, renewed first if its lifetime is over. @throws the failure to obtain it */
  current(): Promise<Held<Value>> {
    if (this.#renewal) return this.#renewal;
    const isAlive = this.#held && this.#until && !isPast(this.#until);
    return isAlive ? Promise.resolve(this.#held!) : this.renew();
  }

  /** The value, however old it is; obtained if there is none. @throws the failure to obtain it */
  any(): Promise<Held<Value>> {
    return this.#held ? Promise.resolve(this.#held) : this.renew();
  }

  /** A new value: the one of the renewal that runs, or of a new renewal. @throws the failure to obtain it */
  renew(): Promise<Held<Value>> {
    this.#renewal ??= this.#renewed().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #renewed(): Promise<Held<Value>> {
    try {
      const { value, lifetime } = await this.obtain();
      const obtainedAt = momentNow();
      this.#until = lifetime > 0 ? deadline(obtainedAt, lifetime) : undefined;
      return (this.#held = { value, obtainedAt });
    } catch (failure) {
      const extension = this.#held ? this.keepFor(failure) : 0;
      if (!this.#held || !(extension > 0)) {
        this.#held = undefined;
        throw failure;
      }
      this.#until = deadline(momentNow(), extension);
      return (this.#held = { ...this.#held, failure });
    }
  }
}
