/** Maximum number of bytes of an answer with its headers and the sizes of its chunks: 2 MiB. */
export const MAXIMUM_RECORDING = 2 * 1024 * 1024;

/**
 * The judgement of the first bytes of an answer:
 * - `enough`: they are enough for the caller, although the end of the answer may be missing;
 * - `more`: they may become enough with more bytes;
 * - `hopeless`: they cannot become enough.
 */
export type Judgement = 'enough' | 'more' | 'hopeless';

/** Judges the first bytes of an answer. */
export type Judge = (bytes: Buffer) => Judgement;

/** The bytes that a server has sent in one exchange. */
export class Recording {
  readonly #judge?: Judge;

  #chunks: Buffer[] = [];

  #size = 0;

  /** @param judge if it is not given, no bytes are stored */
  constructor(judge?: Judge) {
    this.#judge = judge;
  }

  /** Whether bytes are stored. */
  get isOn(): boolean {
    return this.#judge !== undefined;
  }

  /** Whether any bytes came. */
  get hasBegun(): boolean {
    return this.#size > 0;
  }

  /** Whether more than {@link MAXIMUM_RECORDING} came. Then no bytes are stored. */
  get isFull(): boolean {
    return this.#size > MAXIMUM_RECORDING;
  }

  /** The stored bytes in one piece. */
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** The judgement of the stored bytes. */
  get judgement(): Judgement {
    return this.#judge && !this.isFull ? this.#judge(this.bytes) : 'hopeless';
  }

  /** @param chunk is not copied */
  add(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.isFull) this.#chunks = [];
    else if (this.isOn) this.#chunks.push(chunk);
  }
}
