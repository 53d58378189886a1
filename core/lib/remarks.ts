/** Maximum number of texts. A bank could cause another one with each page. */
const MAXIMUM_TEXTS = 50;

/** Warnings about what is odd but harmless: each text once, and one sentence for all cases of a kind. */
export class Remarks {
  readonly #texts = new Set<string>();

  #hasMore = false;

  readonly #counts = new Map<(count: number) => string, number>();

  /** Adds a warning. Behind the first fifty, one sentence says that there are more. */
  add(text: string): void {
    if (this.#texts.size < MAXIMUM_TEXTS) this.#texts.add(text);
    else this.#hasMore ||= !this.#texts.has(text);
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
    const counted = [...this.#counts].map(([sentence, count]) => sentence(count));
    return [...this.#texts, ...(this.#hasMore ? [MORE] : []), ...counted];
  }
}

/** A number of cases in words: `1 row`, `12 rows`. @param noun its plural ends in `s` */
export function counted(count: number, noun: 'row' | 'list' | 'answer' | 'consent'): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const MORE = 'There are more warnings like these. They are not shown.';
