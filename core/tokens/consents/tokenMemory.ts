import type { TokenSet } from '../../oauth/grants/tokenSet';
import { LeastRecentlyUsed } from '../../lib/leastRecentlyUsed';
import { livesOn, type TokenTimes } from '../records/record';

/** Milliseconds for which memory is used without a look into the store. Other processes may store newer tokens in this time. */
export const UNSEEN = 5_000;

interface Remembered {
  readonly tokens: TokenSet;
  readonly times: TokenTimes;
  readonly rememberedAt: number;
}

/** The tokens that this process used last, by record name. */
export class TokenMemory {
  readonly #remembered = new LeastRecentlyUsed<Remembered>(10_000);

  /** Remembers tokens in place of earlier ones. Tokens without `authorization` cannot be used, and are not remembered. */
  remember(name: string, tokens: TokenSet): void {
    this.#remembered.forget(name);
    if (!tokens.authorization) return;
    const times = {
      obtainedAt: Date.parse(tokens.obtained_at),
      ...(tokens.expires_at && { expiresAt: Date.parse(tokens.expires_at) }),
    };
    this.#remembered.obtain(name, () => ({ tokens, times, rememberedAt: Date.now() }));
  }

  /** Forgets the tokens of a record. */
  forget(name: string): void {
    this.#remembered.forget(name);
  }

  /** Tokens that were remembered less than five seconds ago and live longer than `margin` milliseconds. */
  recent(name: string, margin: number): TokenSet | undefined {
    const known = this.#remembered.get(name);
    return known && Date.now() - known.rememberedAt < UNSEEN && livesOn(known.times, margin)
      ? known.tokens
      : undefined;
  }

  /** Tokens that live longer than `margin` milliseconds, for use while the store is unavailable. */
  any(name: string, margin: number): TokenSet | undefined {
    const known = this.#remembered.get(name);
    return known && livesOn(known.times, margin) ? known.tokens : undefined;
  }
}
