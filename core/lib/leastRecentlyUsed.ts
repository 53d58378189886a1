import { callLater, type Cancel } from './timer';

interface Entry<Value> {
  readonly value: Value;
  /** Ends its time, if it has one. */
  cancelEnd?: Cancel;
}

/** A map of bounded size: a new entry takes the place of the one that was not used for the longest time. */
export class LeastRecentlyUsed<Value> {
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry<Value>>();

  /**
   * @param maximum number of entries
   * @param onEvicted called with each value that makes room for another one
   */
  constructor(
    private readonly maximum: number,
    private readonly onEvicted: (value: Value) => void = () => undefined,
  ) {}

  /** The value of a name, made now if there is none. */
  obtain(name: string, make: () => Value): Value {
    const entry = this.#entries.get(name) ?? { value: make() };
    this.#use(name, entry);
    if (this.#entries.size > this.maximum) {
      const [oldest, { value }] = this.#entries.entries().next().value!;
      this.forget(oldest);
      this.onEvicted(value);
    }
    return entry.value;
  }

  /** The value of a name; `undefined` if there is none. */
  get(name: string): Value | undefined {
    const entry = this.#entries.get(name);
    if (entry) this.#use(name, entry);
    return entry?.value;
  }

  /** Forgets the value of a name. */
  forget(name: string): void {
    this.#entries.get(name)?.cancelEnd?.();
    this.#entries.delete(name);
  }

  /** Forgets a value, unless the name has another value by now. */
  delete(name: string, value: Value): void {
    if (this.#entries.get(name)?.value === value) this.forget(name);
  }

  /**
   * Forgets a value after a time, unless the name has another value by now. The timer does not keep the process alive.
   *
   * @param milliseconds at once if 0
   */
  deleteAfter(name: string, value: Value, milliseconds: number): void {
    const entry = this.#entries.get(name);
    if (entry?.value !== value) return;
    entry.cancelEnd?.();
    if (milliseconds > 0) entry.cancelEnd = callLater(milliseconds, () => this.forget(name));
    else this.forget(name);
  }

  /** Empties the map and returns its values; `onEvicted` is not called. */
  takeAll(): Value[] {
    const all = [...this.#entries.values()].map(({ value }) => value);
    for (const name of [...this.#entries.keys()]) this.forget(name);
    return all;
  }

  #use(name: string, entry: Entry<Value>): void {
    this.#entries.delete(name);
    this.#entries.set(name, entry);
  }
}
