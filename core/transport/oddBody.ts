import { brotliDecompressSync, constants, inflateRawSync } from 'node:zlib';
import { isJsonObject, parseJson } from '../lib/json';
import { MAXIMUM_BODY } from './body';

/** Maximum number of times that a body may be packed: each time multiplies the size that a small body can unpack to. */
const MAXIMUM_LAYERS = 3;

/** The size of a chunk, whose size may be wrong, and a mark against execution as a script. */
const PREFIX = /^(?:[\da-f]{1,8}[ \t]*\r?\n|\)\]\}',?\s*)/i;

/** Ways in which a body can be packed, as far as its bytes or its label show. */
type Packing = 'gzip' | 'deflate' | 'raw deflate' | 'br';

/** The JSON object that was found in a body. */
export interface FoundObject {
  /** JSON in UTF-8, and nothing else. */
  readonly body: Buffer;
  /** Whether the body has text before or after it, or another character set than UTF-8. */
  readonly isEmbedded: boolean;
  /** How the body was packed, the outermost packing first. */
  readonly packings: readonly Packing[];
}

/** Decides whether a JSON object is one that the caller waits for. @param body JSON */
export type IsWanted = (body: Buffer) => boolean;

/**
 * Finds one JSON object in a body that does not agree with its label: it is packed in another way, not packed at all, or cut off or
 * damaged behind the object.
 *
 * @param body at most {@link MAXIMUM_BODY}
 * @param encodings labels of the body, in lower case
 */
export function readOddBody(
  body: Buffer,
  encodings: readonly string[],
  isWanted: IsWanted,
): FoundObject | undefined {
  const packings: Packing[] = [];
  let bytes: Buffer | undefined = body;
  while (bytes !== undefined && bytes.length > 0) {
    const object = objectIn(bytes);
    if (object && isWanted(object)) {
      return { body: object, isEmbedded: object !== bytes, packings };
    }
    const packing = packingOf(bytes, encodings);
    if (packing === undefined || packings.length === MAXIMUM_LAYERS) return undefined;
    bytes = unpacked(bytes, packing);
    packings.push(packing);
  }
  return undefined;
}

function objectIn(bytes: Buffer): Buffer | undefined {
  if (isJsonObject(parseJson(bytes))) return bytes;
  const text = textOf(bytes).trimStart().replace(PREFIX, '');
  const end = endOfObject(text);
  // A second object could be the answer to another request.
  if (end === undefined || text.includes('{', end)) return undefined;
  const object = Buffer.from(text.slice(0, end), 'utf8');
  return isJsonObject(parseJson(object)) ? object : undefined;
}

/** Decodes UTF-8 and UTF-16. The latter is recognized by its byte order mark, or by the zeros in the code of a brace. */
function textOf(bytes: Buffer): string {
  const [first, second] = bytes;
  const isLittleEndian = (first === 0xff && second === 0xfe) || (first === 0x7b && second === 0);
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second === 0x7b);
  const charset = isLittleEndian ? 'utf-16le' : isBigEndian ? 'utf-16be' : 'utf-8';
  return new TextDecoder(charset).decode(bytes);
}

/** The index behind the object with which a text begins. */
function endOfObject(text: string): number | undefined {
  if (!text.startsWith('{')) return undefined;
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') isInString = !isInString;
    else if (isInString && character === '\\') index++;
    else if (!isInString && character === '{') depth++;
    else if (!isInString && character === '}' && --depth === 0) return index + 1;
  }
  return undefined;
}

function packingOf(bytes: Buffer, encodings: readonly string[]): Packing | undefined {
  const [first = 0, second = 0] = bytes;
  // RFC 1952 §2.3.1.
  if (first === 0x1f && second === 0x8b) return 'gzip';
  // RFC 1950 §2.2: the first two bytes are a multiple of 31.
  if ((first & 0x0f) === 8 && (first * 256 + second) % 31 === 0) return 'deflate';
  // These two have no mark of their own.
  if (encodings.includes('br')) return 'br';
  return encodings.includes('deflate') ? 'raw deflate' : undefined;
}

/** Unpacks as much as there is. Checksums at the end are not compared, because they may be missing. */
function unpacked(bytes: Buffer, packing: Packing): Buffer | undefined {
  try {
    if (packing === 'br') {
      return brotliDecompressSync(bytes, {
        finishFlush: constants.BROTLI_OPERATION_FLUSH,
        maxOutputLength: MAXIMUM_BODY,
      });
    }
    const header = { gzip: gzipHeaderLength, deflate: () => 2, 'raw deflate': () => 0 }[packing];
    return inflateRawSync(bytes.subarray(header(bytes)), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MAXIMUM_BODY,
    });
  } catch {
    return undefined;
  }
}

/** The length of the header of a gzip member (RFC 1952 §2.3). */
function gzipHeaderLength(bytes: Buffer): number {
  const flags = bytes[3] ?? 0;
  let length = 10;
  if (flags & 4) length += 2 + (bytes.length < 12 ? 0 : bytes.readUInt16LE(10));
  // The original name and a comment, each with a zero at its end.
  for (const flag of [8, 16]) {
    if (flags & flag) {
      const end = bytes.indexOf(0, length);
      length = end === -1 ? bytes.length : end + 1;
    }
  }
  return flags & 2 ? length + 2 : length;
}
