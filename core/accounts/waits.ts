import type { ErrorCode } from '../errors/catalogue';
import type { OpenBankingError } from '../errors/OpenBankingError';
import { askedPause } from '../oauth/messages/retryAfter';
import type { HttpResponse } from '../transport/send';
import { pauseIn } from './apiPause';

/** Maximum number of times that one request waits because the bank asks for it. */
const MAXIMUM_WAITS = 3;

/** Minimum milliseconds of such a pause, whatever the bank says. */
const SHORTEST = 1000;

/** Pauses before repeats after 429, in milliseconds, if the bank does not say how long. */
const OWN_WAITS = [5_000, 20_000, 60_000] as const;

/** Pauses before repeats of a request without an answer, in milliseconds. */
const REPEATS = [1_000, 5_000] as const;

/** Failures after which a GET is sent again: no answer came. */
const unanswered = new Set<ErrorCode>(['connection-lost', 'timeout', 'host-unreachable']);

/** Bytes of a body in which words about a pause are looked for. */
const LOOKED_AT = 4096;

/** Decides for one request how long to wait before it is sent again. */
export class Waits {
  #waits = 0;

  #waited = 0;

  #repeats = 0;

  /** @param maximum milliseconds that the request waits in all because the bank asks for it */
  constructor(private readonly maximum: number) {}

  /** How often the request was sent, and how long it has waited because of a limit; empty if it was sent once. */
  get repeatsSentence(): string {
    const sent = 1 + this.#waits + this.#repeats;
    if (sent === 1) return '';
    const seconds = Math.round(this.#waited / 1000);
    const pauses = this.#waits === 0 ? '' : `, with pauses of ${seconds} seconds in all`;
    return `The request was sent ${sent} times${pauses}.`;
  }

  /** The pause after an answer that is no success, in milliseconds; `undefined` if the request is not sent again. */
  afterAnswer(response: HttpResponse): number | undefined {
    const { status } = response;
    if (status !== 429 && status !== 503) {
      return isUnavailable(status) ? this.#repeat() : undefined;
    }
    const asked = askedPause(response) ?? unreadablePause(response);
    if (asked !== undefined) return this.#wait(Math.max(asked, SHORTEST));
    if (status === 503) return this.#repeat();
    const own = OWN_WAITS[this.#waits];
    // Words only prevent an early repeat: a limit for a day would be tried again in seconds.
    const said = pauseIn(response, response.body.toString('utf8', 0, LOOKED_AT));
    return this.#wait(own && Math.max(own, said?.milliseconds ?? 0));
  }

  /** The pause after a failure of the transport, in milliseconds; `undefined` if the request is not sent again. */
  afterFailure({ code }: OpenBankingError): number | undefined {
    return unanswered.has(code) ? this.#repeat() : undefined;
  }

  #wait(pause: number | undefined): number | undefined {
    if (pause === undefined || this.#waits === MAXIMUM_WAITS) return undefined;
    if (this.#waited + pause > this.maximum) return undefined;
    this.#waits++;
    this.#waited += pause;
    return pause;
  }

  #repeat(): number | undefined {
    const pause = REPEATS[this.#repeats];
    if (pause !== undefined) this.#repeats++;
    return pause;
  }
}

/** Whether the bank failed, perhaps only for the moment. 501 and 505 stay (RFC 9110 §15.6). */
function isUnavailable(status: number): boolean {
  return status >= 500 && status <= 599 && status !== 501 && status !== 505;
}

/** A `Retry-After` with a time that has passed: a negative number. */
function unreadablePause({ headers }: HttpResponse): number | undefined {
  return /^-\d+$/.test(headers['retry-after']?.trim() ?? '') ? 0 : undefined;
}
