import { promisify } from 'node:util';
import {
  brotliDecompress,
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  zstdDecompress,
  type InputType,
} from 'node:zlib';
import { OpenBankingError } from '../errors/OpenBankingError';
import { flatten, labelOf, type HttpResponse } from './answer';
import { encodingsOf, isDeflatedRaw, MAXIMUM_BODY, MAXIMUM_REFUSAL } from './body';
import type { RawAnswer } from './exchange';
import { isSuccessStatus } from './oddAnswer';
import { unpackedBeginning } from './unpackedBeginning';

/** The limit on the size of a page. */
export interface BodyLimit {
  /** Maximum number of bytes of the body, as received and unpacked. */
  readonly maximumBody: number;
  /** Makes the failure of a larger page. The end of a larger refusal is left out instead: the refusal is the cause. */
  readonly tooLarge: () => OpenBankingError;
}

/** Maximum number of bytes of a packed body that is unpacked at once, without another thread: that takes few milliseconds. */
const SMALL = 64 * 1024;

/** Bytes that a thread unpacks before it reports. */
const PART = 256 * 1024;

interface DecoderOptions {
  readonly maxOutputLength: number;
  readonly chunkSize?: number;
}

type Decoder = (body: Buffer, options: DecoderOptions) => Promise<Buffer>;

type Callback = (error: Error | null, result: Buffer) => void;

const inThread = (
  decode: (body: InputType, options: DecoderOptions, done: Callback) => void,
): Decoder => promisify(decode);

const deflated = [inThread(inflate), inThread(inflateRaw)] as const;

const gzipped = inThread(gunzip);

const decoders: Partial<Record<string, Decoder>> = {
  gzip: gzipped,
  'x-gzip': gzipped,
  deflate: (body, options) => deflated[isDeflatedRaw(body) ? 1 : 0](body, options),
  br: inThread(brotliDecompress),
  // Node.js 20 does not have it.
  ...(zstdDecompress && { zstd: inThread(zstdDecompress) }),
};

/**
 * Unpacks a page of data. A large one is unpacked in another thread, so that everything else goes on.
 *
 * A body that begins as JSON although its label says that it is packed, and one that is gzip without a label, are read with a remark. If the
 * status is no success, a body that cannot be unpacked is returned as it is, and the end of a large one is left out.
 *
 * @throws OpenBankingError that of the limit, while it is unpacked; `response-unexpected` if the status is a success and the body cannot be
 *   unpacked
 */
export async function openLargeAnswer(
  { status, headers, body, isCut = false }: RawAnswer,
  { maximumBody, tooLarge }: BodyLimit,
): Promise<HttpResponse> {
  const flat = flatten(headers);
  const response = { status, headers: flat, body, receivedAt: new Date() };
  const labels = encodingsOf(flat['content-encoding']);
  const encodings = labels.length === 0 && isGzip(body) ? ['gzip'] : labels;
  if (encodings.length === 0 || body.length === 0) return response;
  try {
    const remark = `The bank's answer is compressed (gzip), and its label says otherwise (${labelOf(labels)}).`;
    return {
      ...response,
      body: await unpacked(body, encodings, maximumBody),
      ...(encodings !== labels && { remarks: [remark] }),
    };
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === TOO_LARGE;
    if (isTooLarge && isSuccessStatus(status)) throw tooLarge();
    if (isTooLarge || isCut) {
      const beginning = await unpackedBeginning(body, encodings, MAXIMUM_REFUSAL);
      if (beginning.length > 0) return { ...response, body: beginning };
    }
    if (beginsAsJson(body)) {
      const remark = `The bank's answer is not compressed, and its label says otherwise (${labelOf(labels)}).`;
      return { ...response, remarks: [remark] };
    }
    if (isSuccessStatus(status)) {
      throw new OpenBankingError('response-unexpected', { problem: 'encoding', status });
    }
    const remark = `The bank's answer could not be unpacked (${labelOf(labels)}).`;
    return { ...response, remarks: [remark] };
  }
}

/** The code of Node.js for a result that is larger than `maxOutputLength`. */
const TOO_LARGE = 'ERR_BUFFER_TOO_LARGE';

async function unpacked(
  body: Buffer,
  encodings: readonly string[],
  maximum: number,
): Promise<Buffer> {
  const [encoding = ''] = encodings;
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  // Each further encoding multiplies the size that a small body can unpack to, and no server needs two.
  if (!decode || encodings.length > 1) throw new Error('Unknown encoding');
  if (decode === gzipped && body.length <= SMALL) {
    try {
      return gunzipSync(body, { maxOutputLength: Math.min(maximum, MAXIMUM_BODY) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== TOO_LARGE) throw error;
    }
  }
  return decode(body, { maxOutputLength: maximum, chunkSize: PART });
}

/** RFC 1952 §2.3.1. */
function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/** Whether a body begins with a brace or bracket. So may one that is packed. */
function beginsAsJson([first]: Buffer): boolean {
  return first === 0x7b || first === 0x5b;
}
