import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { OpenBankingError } from '../errors/OpenBankingError';

/** Maximum number of bytes of a body, as received and unpacked: 1 MiB. */
export const MAXIMUM_BODY = 1024 * 1024;

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const decoders: Partial<Record<string, Decoder>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  // RFC 9110 §8.4.1.2: some servers send it without the zlib header, whose low bits are 8.
  deflate: (body, options) =>
    (body[0]! & 0x0f) === 8
      ? promisify(inflate)(body, options)
      : promisify(inflateRaw)(body, options),
  br: promisify(brotliDecompress),
};

/**
 * Undoes `Content-Encoding` (RFC 9110 §8.4). A server may compress without being asked.
 *
 * @throws OpenBankingError `response-too-large`; `response-unexpected` if the encoding is unknown or the body is damaged
 */
export async function decodeBody(body: Buffer, contentEncoding: string): Promise<Buffer> {
  const encodings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'identity');
  // Each further encoding multiplies the size that a small body can unpack to, and no server needs two.
  if (encodings.length > 1) throw undecodable();
  const [encoding] = encodings;
  if (encoding === undefined || body.length === 0) return body;
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (!decode) throw undecodable();
  try {
    return await decode(body, { maxOutputLength: MAXIMUM_BODY });
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
