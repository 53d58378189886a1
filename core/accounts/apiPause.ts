import { HOUR, MINUTE } from '../lib/time';
import { askedPause } from '../oauth/messages/retryAfter';
import type { HttpResponse } from '../transport/send';

/** The pause that a bank asks for. */
export interface Pause {
  /** The time from which on it may be asked again, in UTC and without fractions of a second. */
  readonly until: string;
  readonly milliseconds: number;
  /** Whether only words say so. They prevent an early repeat, and cause none. */
  readonly isInWords: boolean;
}

/** The longest pause that is believed. */
const MAXIMUM = 366 * 24 * HOUR;

/** Words that name a pause: "Please try again in 85092 seconds". */
const WORDS =
  /\b(?:again|retry|wait)\b[^.\d]{0,40}?\b(\d{1,7}) ?(s|sec|m|min|h|seconds?|minutes?|hours?)\b/i;

/** The pause of an answer, by `Retry-After` or, without it, by its words. @param said its words */
export function pauseIn(response: HttpResponse, said: string): Pause | undefined {
  const asked = askedPause(response);
  const pause = asked ?? pauseInWords(said);
  if (pause === undefined || pause <= 0) return undefined;
  const milliseconds = Math.min(pause, MAXIMUM);
  const until = new Date(response.receivedAt.getTime() + milliseconds);
  return {
    until: until.toISOString().replace(/\.\d+/, ''),
    milliseconds,
    isInWords: asked === undefined,
  };
}

function pauseInWords(said: string): number | undefined {
  const [, count, unit = ''] = WORDS.exec(said) ?? [];
  if (count === undefined) return undefined;
  const [first = 's'] = unit.toLowerCase();
  return Number(count) * ({ s: 1000, m: MINUTE, h: HOUR }[first] ?? 1000);
}
