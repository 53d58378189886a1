/** Number of letters by which equal parts of two texts are found. */
const GRAM = 5;

/** Number of different letters: a to z whatever their case, and the digits. */
const ALPHABET = 36;

const HIGHEST = ALPHABET ** (GRAM - 1);

/** Stands after each text of an index. It is no letter. */
const END = 255;

/** Maximum places that are looked at for one gram. Only texts that repeat themselves have more. */
const MAXIMUM_PLACES = 16;

/** Number of letters of a common part that is surely hidden, and of its end that is compared again: another part may go on there. */
const LONG_RUN = { letters: 60, end: 30 };

/** The letters and digits of a text, each as a number, and their places in it. Everything else is left out. */
export interface Letters {
  readonly values: Uint8Array;
  /** The place of each letter; at the end, the length of the text. */
  readonly places: Int32Array;
}

/** A part of a text whose letters are also in an indexed text. */
export interface CommonRun {
  /** Its first letter. */
  readonly at: number;
  /** Its first letter in the index. */
  readonly atOwn: number;
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

/** The places of all grams of some texts. It is made once, and any number of other texts are compared with it. */
export class LetterIndex {
  /** The letters of the texts, one text after another, each with an end. */
  readonly #values: Uint8Array;
  /** The place of each letter and end. */
  readonly #places: Int32Array;
  readonly #mask: number;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;

  /** @param texts in the order in which they are looked at */
  constructor(texts: readonly Letters[]) {
    const total = texts.reduce((sum, { places }) => sum + places.length, 0);
    this.#values = new Uint8Array(total).fill(END);
    this.#places = new Int32Array(total);
    let begin = 0;
    let place = 0;
    for (const { values, places } of texts) {
      this.#values.set(values, begin);
      for (let at = 0; at < places.length; at++) this.#places[begin + at] = place + places[at]!;
      begin += places.length;
      place += places.at(-1)! + 1;
    }
    const size = 2 ** Math.max(8, Math.ceil(Math.log2(total + 1)) + 1);
    this.#mask = size - 1;
    this.#heads = new Int32Array(size).fill(-1);
    this.#next = new Int32Array(total);
    // From the end: the first place of a gram is looked at first. The common part is longest there if a text repeats itself.
    for (let at = total - 1, gram = 0, known = 0; at >= 0; at--) {
      const value = this.#values[at]!;
      known = value === END ? 0 : known + 1;
      gram = value === END ? 0 : Math.floor(gram / ALPHABET) + value * HIGHEST;
      if (known < GRAM) continue;
      const slot = this.#slotOf(gram);
      this.#next[at] = this.#heads[slot]!;
      this.#heads[slot] = at;
    }
  }

  /** Whether a text may have a part in common with an indexed one. It needs no memory: most texts have none. */
  mayShare(text: string): boolean {
    let gram = 0;
    let count = 0;
    for (let place = 0; place < text.length; place++) {
      const value = valueOf(text.charCodeAt(place));
      if (value < 0) continue;
      gram = (gram % HIGHEST) * ALPHABET + value;
      if (++count >= GRAM && this.#heads[this.#slotOf(gram)]! >= 0) return true;
    }
    return false;
  }

  /**
   * Calls a function with the parts of at least five letters that a text shares with an indexed one, in the order of the text. Long parts are
   * not compared again and again: of others that overlap them, the beginning may be missing.
   */
  forEachRun({ values: other }: Letters, found: (run: CommonRun) => void): void {
    const own = this.#values;
    /** Whether all parts that include the letter before were found. */
    let isComplete = false;
    for (let at = 0; at + GRAM <= other.length; at++) {
      let longest = 0;
      let count = 0;
      let atOwn = this.#heads[this.#slotOf(gramAt(other, at))]!;
      for (; atOwn >= 0 && count < MAXIMUM_PLACES; count++, atOwn = this.#next[atOwn]!) {
        // A part that begins earlier was found at its beginning.
        if (isComplete && atOwn > 0 && own[atOwn - 1] === other[at - 1]) continue;
        const length = commonLength(own, atOwn, other, at);
        if (length >= GRAM) found({ at, atOwn, length });
        longest = Math.max(longest, length);
      }
      isComplete = atOwn < 0;
      if (longest < LONG_RUN.letters) continue;
      at += longest - LONG_RUN.end - 1;
      isComplete = false;
    }
  }

  /** Whether a part is the whole of an indexed text. */
  isWhole({ atOwn, length }: CommonRun): boolean {
    const isFirst = atOwn === 0 || this.#values[atOwn - 1] === END;
    return isFirst && this.#values[atOwn + length] === END;
  }

  /** Length of a part in the indexed text. Characters that are no letters count: those in the part, and those next to it. */
  sizeOf({ atOwn, length }: CommonRun): number {
    const before = atOwn > 0 ? this.#places[atOwn - 1]! : -1;
    return this.#places[atOwn + length]! - before - 1;
  }

  #slotOf(gram: number): number {
    return (Math.imul(gram, 0x9e3779b1) >>> 8) & this.#mask;
  }
}

function gramAt(values: Uint8Array, at: number): number {
  let gram = 0;
  for (let offset = 0; offset < GRAM; offset++) gram = gram * ALPHABET + values[at + offset]!;
  return gram;
}

function commonLength(own: Uint8Array, atOwn: number, other: Uint8Array, at: number): number {
  let length = 0;
  while (at + length < other.length && own[atOwn + length] === other[at + length]) length++;
  return length;
}
