/** Number of letters by which equal parts of two texts are found. */
const GRAM = 5;

/** Number of different letters: a to z whatever their case, and the digits. */
const ALPHABET = 36;

const HIGHEST = ALPHABET ** (GRAM - 1);

/** Maximum places that are looked at for one gram. Only texts that repeat themselves have more. */
const MAXIMUM_PLACES = 100;

/** The letters and digits of a text, each as a number, and their places in it. Everything else is left out. */
export interface Letters {
  readonly values: Uint8Array;
  /** The place of each letter; at the end, the length of the text. */
  readonly places: Int32Array;
}

/** A part of a text whose letters are also in another text. */
export interface CommonRun {
  /** Its first letter. */
  readonly at: number;
  /** The first letter in the other text. */
  readonly atOther: number;
  /** Number of letters. */
  readonly length: number;
}

/** Reads the letters of a text. Letters beyond ASCII do not count. */
export function lettersOf(text: string): Letters {
  const values = new Uint8Array(text.length);
  const places = new Int32Array(text.length + 1);
  let count = 0;
  for (let place = 0; place < text.length; place++) {
    const value = valueOf(text.charCodeAt(place));
    if (value < 0) continue;
    values[count] = value;
    places[count++] = place;
  }
  places[count] = text.length;
  return { values: values.subarray(0, count), places: places.subarray(0, count + 1) };
}

function valueOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return code < 0x80 && lower >= 0x61 && lower <= 0x7a ? lower - 0x61 + 10 : -1;
}

/** The places of all grams of a text. */
export class LetterIndex {
  readonly #values: Uint8Array;
  readonly #mask: number;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;

  constructor({ values }: Letters) {
    this.#values = values;
    const size = 2 ** Math.max(8, Math.ceil(Math.log2(values.length + 1)) + 1);
    this.#mask = size - 1;
    this.#heads = new Int32Array(size).fill(-1);
    this.#next = new Int32Array(values.length);
    forEachGram(values, (gram, at) => {
      const slot = this.#slotOf(gram);
      this.#next[at] = this.#heads[slot]!;
      this.#heads[slot] = at;
    });
  }

  /** Calls a function with each longest part of at least five letters that is also in another text. */
  forEachRun({ values: other }: Letters, found: (run: CommonRun) => void): void {
    const own = this.#values;
    forEachGram(other, (gram, atOther) => {
      let at = this.#heads[this.#slotOf(gram)]!;
      for (let count = 0; at >= 0 && count < MAXIMUM_PLACES; count++, at = this.#next[at]!) {
        // A part that begins earlier was found at its beginning.
        if (at > 0 && atOther > 0 && own[at - 1] === other[atOther - 1]) continue;
        let length = 0;
        while (at + length < own.length && own[at + length] === other[atOther + length]) length++;
        if (length >= GRAM) found({ at, atOther, length });
      }
    });
  }

  #slotOf(gram: number): number {
    return (Math.imul(gram, 0x9e3779b1) >>> 8) & this.#mask;
  }
}

function forEachGram(values: Uint8Array, visit: (gram: number, at: number) => void): void {
  let gram = 0;
  for (let end = 0; end < values.length; end++) {
    gram = (gram % HIGHEST) * ALPHABET + values[end]!;
    if (end >= GRAM - 1) visit(gram, end - GRAM + 1);
  }
}
