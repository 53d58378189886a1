import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { isDeflatedRaw } from './body';

type Unpacker = (body: Buffer) => NodeJS.ReadWriteStream;

const unpackers: Partial<Record<string, Unpacker>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: (body) => (isDeflatedRaw(body) ? createInflateRaw() : createInflate()),
  br: () => createBrotliDecompress(),
  // Node.js 20 does not have it.
  ...(createZstdDecompress && { zstd: () => createZstdDecompress() }),
};

/**
 * Unpacks the beginning of a body, whose end may be missing.
 *
 * @param maximum number of bytes after which it stops
 * @returns an empty one if nothing can be unpacked
 */
export async function unpackedBeginning(
  body: Buffer,
  [encoding = '', ...further]: readonly string[],
  maximum: number,
): Promise<Buffer> {
  const unpacker = Object.hasOwn(unpackers, encoding) ? unpackers[encoding] : undefined;
  const parts: Buffer[] = [];
  let size = 0;
  if (!unpacker || further.length > 0) return Buffer.concat(parts);
  const stream = unpacker(body);
  stream.end(body);
  try {
    for await (const part of stream) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size >= maximum) break;
    }
  } catch {
    // The end is missing or damaged.
  }
  return Buffer.concat(parts).subarray(0, maximum);
}
