/** An entry of the queue. */
export interface Waiting {
  /** Whether it belongs to a caller that holds a lease, and goes before the others. */
  readonly isOfHolder: boolean;
}

/** A queue of two classes. Callers that hold a lease are served first: their lease ends if they wait for long. */
export class StatementQueue<Entry extends Waiting> {
  #ofHolders: Entry[] = [];
  #others: Entry[] = [];

  get size(): number {
    return this.#ofHolders.length + this.#others.length;
  }

  add(entry: Entry): void {
    this.#classOf(entry).push(entry);
  }

  /** Puts an entry back to the front of its class: it was tried, and is tried again. */
  putBack(entry: Entry): void {
    this.#classOf(entry).unshift(entry);
  }

  /** Removes and returns the next entry; `undefined` if the queue is empty. */
  next(): Entry | undefined {
    return this.#ofHolders.shift() ?? this.#others.shift();
  }

  /** Removes and returns the entries for which a condition is true. */
  take(condition: (entry: Entry) => boolean): Entry[] {
    const taken = new Set([...this.#ofHolders, ...this.#others].filter(condition));
    this.#ofHolders = this.#ofHolders.filter((entry) => !taken.has(entry));
    this.#others = this.#others.filter((entry) => !taken.has(entry));
    return [...taken];
  }

  #classOf({ isOfHolder }: Entry): Entry[] {
    return isOfHolder ? this.#ofHolders : this.#others;
  }
}
