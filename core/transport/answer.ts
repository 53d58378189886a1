import { displayText } from '../lib/displayText';
import { parseJson, isJsonObject } from '../lib/json';
import { OpenBankingError } from '../errors/OpenBankingError';
import { decodeBody, encodingsOf } from './body';
import type { RawAnswer } from './exchange';
import { isSuccessStatus, readOddAnswer } from './oddAnswer';
import { readOddBody, type FoundObject, type IsWanted } from './oddBody';

/** An answer with any status. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Unpacked: at most 1 MiB, and 16 MiB if it is a page of data. */
  readonly body: Buffer;
  /** When the answer was complete. */
  readonly receivedAt: Date;
  /** How the answer breaks the rules, a sentence for each; `undefined` if it does not. */
  readonly remarks?: readonly string[];
}

/**
 * Unpacks the body of a complete answer.
 *
 * A JSON object is also found if the body does not agree with its label. If the status is no success, it says enough: then a body that cannot
 * be unpacked is returned as it is.
 *
 * @param isPrecious whether a JSON object is also looked for in a body that seems to be in order
 * @throws OpenBankingError `response-too-large`; `response-unexpected` if the status is a success and the body cannot be unpacked
 */
export function openAnswer(
  { status, headers, body }: RawAnswer,
  isPrecious: boolean,
): HttpResponse {
  const flat = flatten(headers);
  const response = { status, headers: flat, receivedAt: new Date() };
  const encodings = encodingsOf(flat['content-encoding']);
  let unpacked = body;
  let failure: OpenBankingError | undefined;
  try {
    unpacked = decodeBody(body, encodings);
    if ((beginsAsJson(unpacked) && !isPrecious) || isAnyObject(unpacked)) {
      return { ...response, body: unpacked };
    }
  } catch (error) {
    if (!(error instanceof OpenBankingError)) throw error;
    failure = error;
  }
  const found = readOddBody(body, encodings, isAnyObject);
  if (found) return { ...response, body: found.body, remarks: remarksOn(found, encodings) };
  if (failure === undefined) return { ...response, body: unpacked };
  if (failure.code === 'response-too-large' || isSuccessStatus(status)) throw failure;
  const remark = `The bank's answer could not be unpacked (${labelOf(encodings)}).`;
  return { ...response, body, remarks: [remark] };
}

/**
 * Reads an answer of which undici reported an error, or one that may be longer than its headers say.
 *
 * @param received what the server sent
 * @param remark says what is odd about it
 * @returns `undefined` if it has no success status or no wanted JSON object
 */
export function rescueAnswer(
  received: Buffer,
  isWanted: IsWanted,
  remark: string,
): HttpResponse | undefined {
  const answer = readOddAnswer(received, isWanted);
  if (!answer) return undefined;
  const { status, headers, encodings, body } = answer;
  const remarks = [remark, ...remarksOn(answer, encodings)];
  return { status, headers, body, receivedAt: new Date(), remarks };
}

/** Whether a body is JSON of any kind. */
export function isJson(body: Buffer): boolean {
  return parseJson(body) !== undefined;
}

function isAnyObject(body: Buffer): boolean {
  return isJsonObject(parseJson(body));
}

/** Whether a body begins with a brace or bracket in UTF-8. */
function beginsAsJson([first, second]: Buffer): boolean {
  return (first === 0x7b || first === 0x5b) && second !== 0;
}

function remarksOn({ packings, isEmbedded }: FoundObject, encodings: readonly string[]): string[] {
  const remarks = [];
  // The packing that was done last is the label that stands last.
  const actual = packings.toReversed().map((packing) => packing.replace('raw ', ''));
  const claimed = encodings.map((encoding) => encoding.replace('x-gzip', 'gzip'));
  if (String(actual) !== String(claimed)) {
    const fact = actual.length > 0 ? `is compressed (${actual.join(', ')})` : 'is not compressed';
    remarks.push(
      `The bank's answer ${fact}, and its label says otherwise (${labelOf(encodings)}).`,
    );
  } else if (actual.length > 1) {
    remarks.push("The bank's answer is compressed more than once.");
  } else if (actual.length > 0 && !isEmbedded) {
    remarks.push("The bank's answer is compressed, and damaged or cut off at its end.");
  }
  if (isEmbedded) {
    remarks.push("The bank's answer has more text than its JSON, or is not in UTF-8.");
  }
  return remarks;
}

/** The label of a body, for a message. */
export function labelOf(encodings: readonly string[]): string {
  if (encodings.length === 0) return 'no "Content-Encoding"';
  return `"Content-Encoding: ${displayText(encodings.join(', '), []).slice(0, 100)}"`;
}

/** One text for each name. */
export function flatten(headers: RawAnswer['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
