import type { TokenSet } from '../../oauth/grants/tokenSet';
import { LeastRecentlyUsed } from '../../lib/leastRecentlyUsed';
import { livesOn, type TokenTimes } from '../records/record';

/** Milliseconds for which what is in memory is used without a look into the store, where another process may have changed it. */
const UNSEEN = 5_000;

interface Remembered {
  readonly tokens: TokenSet;
  readonly times: TokenTimes;
  readonly rememberedAt: number;
}

/** Tokens that this process handed out last. */
export class TokenMemory {
  readonly #remembered = new LeastRecentlyUsed<Remembered>(10_000);

  /** Remembers tokens that may be handed out; those without `authorization` may not. */
  remember(name: string, tokens: TokenSet): void {
    this.#remembered.forget(name);
    if (!tokens.authorization) return;
    const times = {
      obtainedAt: Date.parse(tokens.obtained_at),
      ...(tokens.expires_at && { expiresAt: Date.parse(tokens.expires_at) }),
    };
    this.#remembered.obtain(name, () => ({ tokens, times, rememberedAt: Date.now() }));
  }

  forget(name: string): void {
    this.#remembered.forget(name);
  }

  /** Tokens that live on for so many milliseconds, and that were remembered a moment ago. */
  recent(name: string, margin: number): TokenSet | undefined {
    const known = this.#remembered.peek(name);
    return known && Date.now() - known.rememberedAt < UNSEEN && livesOn(known.times, margin)
      ? known.tokens
      : undefined;
  }

  /** Tokens that live on for so many milliseconds, for want of a store that could tell of others. */
  any(name: string, margin: number): TokenSet | undefined {
    const known = this.#remembered.peek(name);
    return known && livesOn(known.times, margin) ? known.tokens : undefined;
  }
}
