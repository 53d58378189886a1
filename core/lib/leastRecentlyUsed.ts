/** A map of bounded size that lets go of what was used longest ago. */
export class LeastRecentlyUsed<Value> {
  /** In the order of their last use. */
  readonly #entries = new Map<string, Value>();

  /**
   * @param maximum entries kept at most
   * @param letGo told of each value that makes room for another
   */
  constructor(
    private readonly maximum: number,
    private readonly letGo: (value: Value) => void = () => undefined,
  ) {}

  /** The value of a name, made now where there is none. */
  obtain(name: string, make: () => Value): Value {
    const value = this.#entries.get(name) ?? make();
    this.#entries.delete(name);
    this.#entries.set(name, value);
    if (this.#entries.size > this.maximum) {
      const [oldest, evicted] = this.#entries.entries().next().value!;
      this.#entries.delete(oldest);
      this.letGo(evicted);
    }
    return value;
  }

  /** The value of a name, where there is one; it does not count as a use. */
  peek(name: string): Value | undefined {
    return this.#entries.get(name);
  }

  /** Forgets the value of a name. */
  forget(name: string): void {
    this.#entries.delete(name);
  }

  /** Forgets a value, unless another one has taken its name. */
  delete(name: string, value: Value): void {
    if (this.#entries.get(name) === value) this.#entries.delete(name);
  }

  /** Empties the map; `letGo` is not told. */
  takeAll(): Value[] {
    const all = [...this.#entries.values()];
    this.#entries.clear();
    return all;
  }
}
