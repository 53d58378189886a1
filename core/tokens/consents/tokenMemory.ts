import { LeastRecentlyUsed } from '../../lib/leastRecentlyUsed';
import { deadline, isPast, momentNow, type Deadline } from '../../lib/moment';
import { isAlive, isFresh, timesOf, type TokenTimes } from '../records/tokenTimes';
import type { ConsentToken } from './refreshContext';

/** Milliseconds for which memory is used without a look into the store. Other processes may store newer tokens in this time. */
export const UNSEEN = 5_000;

/** Tokens of a consent. */
type ConsentTokenSet = Omit<ConsentToken, 'remarks'>;

interface Remembered {
  readonly token: ConsentToken;
  readonly times: TokenTimes;
  /** Until when the memory is used without a look into the store. */
  readonly unseenUntil: Deadline;
}

/** The tokens that this process used last, by record name. */
export class TokenMemory {
  readonly #remembered = new LeastRecentlyUsed<Remembered>(10_000);

  /** Remembers tokens in place of earlier ones. Tokens without `authorization` cannot be used, and are not remembered. */
  remember(name: string, { tokens, consentId, grant }: ConsentTokenSet): void {
    this.#remembered.forget(name);
    if (!tokens.authorization) return;
    const token = { tokens, remarks: [], grant, ...(consentId && { consentId }) };
    this.#remembered.obtain(name, () => ({
      token,
      times: timesOf(tokens),
      unseenUntil: deadline(momentNow(), UNSEEN),
    }));
  }

  /** Forgets the tokens of a record. */
  forget(name: string): void {
    this.#remembered.forget(name);
  }

  /** Tokens that were remembered less than five seconds ago, and that need no refresh, see `isFresh`. */
  recent(name: string, margin: number): ConsentToken | undefined {
    const known = this.#remembered.get(name);
    return known && !isPast(known.unseenUntil) && isFresh(known.times, margin)
      ? known.token
      : undefined;
  }

  /** Tokens whose access token has not expired, for use while the store is unavailable. */
  living(name: string): ConsentToken | undefined {
    const known = this.#remembered.get(name);
    return known && isAlive(known.times) ? known.token : undefined;
  }
}
