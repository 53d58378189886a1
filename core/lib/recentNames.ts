/**
 * Names, each of which is remembered for a time. Time in which the machine sleeps does not count.
 *
 * A name has no timer, because there may be very many.
 */
export class RecentNames {
  /** Each name with the end of its time (`performance.now()`), in the order in which they were added. */
  readonly #ends = new Map<string, number>();

  /** @param maximum number of names; the one that was added first makes room for another one */
  constructor(private readonly maximum: number) {}

  /** Remembers a name, from now on. */
  add(name: string, milliseconds: number): void {
    this.#ends.delete(name);
    this.#ends.set(name, performance.now() + milliseconds);
    for (const [oldest, end] of this.#ends) {
      if (this.#ends.size <= this.maximum && end > performance.now()) break;
      this.#ends.delete(oldest);
    }
  }

  /** Whether a name is remembered. */
  has(name: string): boolean {
    return (this.#ends.get(name) ?? -Infinity) > performance.now();
  }

  /** Forgets a name. */
  forget(name: string): void {
    this.#ends.delete(name);
  }
}
