import type { HttpResponse } from '../../transport/send';

/** Maximum pause, in milliseconds. A longer one is cut. */
const MAXIMUM = 5 * 60 * 1000;

/** Statuses whose answer may ask for a pause. */
const STATUSES = [429, 503];

/** The days with which an HTTP date begins (RFC 9110 §5.6.7). `Date.parse` takes other texts for dates, too. */
const DATE = /^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? /i;

/**
 * Milliseconds, from the answer on, of the pause that a bank asks for: `Retry-After` in seconds or as a date (RFC 9110 §10.2.3).
 * A date is compared with the `Date` of the same answer, so that a wrong clock of this machine does not matter.
 *
 * @returns `undefined` if the answer has another status than 429 or 503, or does not ask for a pause
 */
export function askedPause({ status, headers, receivedAt }: HttpResponse): number | undefined {
  const asked = headers['retry-after']?.trim() ?? '';
  if (!STATUSES.includes(status)) return undefined;
  if (/^\d+$/.test(asked)) return Number(asked) * 1000;
  if (!DATE.test(asked)) return undefined;
  const sentAt = Date.parse(headers.date ?? '');
  const pause = Date.parse(asked) - (Number.isNaN(sentAt) ? receivedAt.getTime() : sentAt);
  return Number.isNaN(pause) ? undefined : Math.max(pause, 0);
}

/** A pause in a sentence. @param milliseconds more than 0 */
export function pauseSentence(milliseconds: number): string {
  return `The bank asks for a pause of ${Math.ceil(milliseconds / 1000)} seconds.`;
}

/** The pause that a bank asks for, in milliseconds; at most five minutes. */
export function retryAfter(response: HttpResponse): number | undefined {
  const pause = askedPause(response);
  return pause === undefined ? undefined : Math.min(pause, MAXIMUM);
}
