import { encodingNames, encodings, type EncodingName } from './encodings';
import type { Mark } from './marks';

/** Something that is searched. */
export interface Place {
  name: string;
  content: Buffer;
  /** Whether it contains the output of nodes as n8n stores it, so that only marks are searched for that no output may have. */
  hasOutputs?: boolean;
}

/** A mark that was found. */
export interface Hit {
  mark: string;
  encoding: EncodingName;
  place: string;
  /** The text around it. */
  context: string;
}

interface Needle {
  mark: Mark;
  encoding: EncodingName;
  bytes: Buffer;
}

/** Bytes at the beginning of a needle by which it is found. */
const HEAD = 8;
const BITS = 22;

/** Finds many needles in one walk over a content. The case of letters does not matter. */
export class Search {
  /** The needles by the hash of their first bytes. */
  readonly #needles = new Map<number, Needle[]>();
  readonly #heads = new Uint8Array(1 << BITS);
  /** How many needles there are. */
  readonly size: number;

  constructor(marks: readonly Mark[]) {
    const known = new Set<string>();
    for (const mark of marks) {
      for (const encoding of encodingNames) {
        for (const form of encodings[encoding](mark.bytes)) {
          const bytes = folded(Buffer.from(form, 'latin1'));
          // Several forms of a secret may be the same.
          if (bytes.length < HEAD || known.has(form)) continue;
          known.add(form);
          this.#add({ mark, encoding, bytes });
        }
      }
    }
    this.size = known.size;
  }

  #add(needle: Needle): void {
    const hash = hashOf(needle.bytes.readUInt32LE(0), needle.bytes.readUInt32LE(4));
    this.#heads[hash] = 1;
    const others = this.#needles.get(hash);
    if (others) others.push(needle);
    else this.#needles.set(hash, [needle]);
  }

  /** The marks in a place; each mark once in each form. */
  in({ name, content, hasOutputs = false }: Place): Hit[] {
    const text = folded(content);
    // Read once: private members are slow in compiled tests.
    const [heads, needles] = [this.#heads, this.#needles];
    const hits = new Map<Needle, Hit>();
    let [low, high] = [0, 0];
    for (let at = 0; at < text.length; at++) {
      // The eight bytes that end here.
      low = (low >>> 8) | ((high & 0xff) << 24);
      high = (high >>> 8) | (text[at]! << 24);
      if (!heads[hashOf(low, high)]) continue;
      const start = at - HEAD + 1;
      for (const needle of needles.get(hashOf(low, high)) ?? []) {
        if (hits.has(needle) || (hasOutputs && needle.mark.isHandedOut)) continue;
        const end = start + needle.bytes.length;
        if (
          start < 0 ||
          end > text.length ||
          text.compare(needle.bytes, 0, undefined, start, end)
        ) {
          continue;
        }
        const context = content.subarray(Math.max(0, start - 60), end + 20).toString('latin1');
        hits.set(needle, {
          mark: needle.mark.name,
          encoding: needle.encoding,
          place: name,
          context,
        });
      }
    }
    return [...hits.values()];
  }
}

function hashOf(low: number, high: number): number {
  return (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> (32 - BITS);
}

/** A copy with small letters. */
function folded(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 0; at < copy.length; at++) {
    const byte = copy[at]!;
    if (byte >= 0x41 && byte <= 0x5a) copy[at] = byte | 0x20;
  }
  return copy;
}
