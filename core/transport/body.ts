import {
  brotliDecompressSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';
import { OpenBankingError } from '../errors/OpenBankingError';

/** Bytes of a MiB. */
export const MEBIBYTE = 1024 * 1024;

/** Maximum number of bytes of a body, as received and unpacked: 1 MiB. */
export const MAXIMUM_BODY = MEBIBYTE;

/** Maximum number of bytes of a page of data, as received and unpacked: 16 MiB. */
export const MAXIMUM_PAGE = 16 * MEBIBYTE;

/** Maximum number of bytes of an answer of the account API that is no success. The rest is not read: 1 MiB has all words. */
export const MAXIMUM_REFUSAL = MEBIBYTE;

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Buffer;

// They wait for the result, because the connection may be used again afterwards. That takes some milliseconds for a megabyte.
const decoders: Partial<Record<string, Decoder>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: (body, options) =>
    isDeflatedRaw(body) ? inflateRawSync(body, options) : inflateSync(body, options),
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/** Whether a body with the encoding `deflate` has no zlib header, whose low bits are 8: some servers leave it out (RFC 9110 §8.4.1.2). */
export function isDeflatedRaw([first = 0]: Buffer): boolean {
  return (first & 0x0f) !== 8;
}

/** The encodings in a `Content-Encoding` header, in lower case, without `identity`, which means none. */
export function encodingsOf(contentEncoding = ''): string[] {
  return contentEncoding
    .toLowerCase()
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'identity');
}

/**
 * Undoes `Content-Encoding` (RFC 9110 §8.4). A server may compress without being asked.
 *
 * @param encodings see {@link encodingsOf}
 * @throws OpenBankingError `response-too-large`; `response-unexpected` if the encoding is unknown or the body is damaged
 */
export function decodeBody(body: Buffer, encodings: readonly string[]): Buffer {
  // Each further encoding multiplies the size that a small body can unpack to, and no server needs two.
  if (encodings.length > 1) throw undecodable();
  const [encoding] = encodings;
  if (encoding === undefined || body.length === 0) return body;
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (!decode) throw undecodable();
  try {
    return decode(body, { maxOutputLength: MAXIMUM_BODY });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge()
      : undecodable();
  }
}

/** The failure of a body that is larger than {@link MAXIMUM_BODY}. */
export function tooLarge(): OpenBankingError {
  return new OpenBankingError('response-too-large', { problem: 'body' });
}

function undecodable(): OpenBankingError {
  return new OpenBankingError('response-unexpected', { problem: 'encoding' });
}
