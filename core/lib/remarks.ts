/** Warnings about what is odd but harmless: each text once, and one sentence for all cases of a kind. */
export class Remarks {
  readonly #texts = new Set<string>();

  readonly #counts = new Map<(count: number) => string, number>();

  /** Adds a warning. */
  add(text: string): void {
    this.#texts.add(text);
  }

  /**
   * Counts one more case of a kind.
   *
   * @param sentence makes the warning from the number of cases. It is the kind: pass the same function for each case.
   */
  count(sentence: (count: number) => string, cases = 1): void {
    this.#counts.set(sentence, (this.#counts.get(sentence) ?? 0) + cases);
  }

  /** The warnings so far, in the order in which they were added; those with a number come last. */
  get texts(): string[] {
    return [...this.#texts, ...[...this.#counts].map(([sentence, count]) => sentence(count))];
  }
}

/** A number of rows in words: `1 row`, `12 rows`. */
export function rowsIn(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}
