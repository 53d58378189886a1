import { digest } from '../../lib/digest';
import { UNSEEN } from './tokenMemory';

/** Maximum number of tokens of an index that was not read for a while. */
const MAXIMUM = 10_000;

/** An index that finds the consent of a stored refresh token. It holds digests of the tokens, not the tokens. */
export class RefreshTokenIndex {
  #consents = new Map<string, string>();
  #readAt = -Infinity;

  /** Adds the digest of a refresh token that this process has just stored. */
  add(token: string, consent: string): void {
    // The next look-up reads the store in any case. Until then an old index would only grow.
    if (this.#isFresh || this.#consents.size < MAXIMUM) this.#consents.set(token, consent);
  }

  /** Empties the index: the next look-up reads the store. */
  clear(): void {
    this.#consents = new Map();
    this.#readAt = -Infinity;
  }

  /**
   * The consent that a refresh token is or was stored for; `undefined` if there is none. If the store cannot be read, a token that this
   * process knows is still found: it must not be sent without its lease.
   *
   * @param readAll reads the digests of all stored and former refresh tokens, with their consents; called at most once in five seconds
   */
  async consentOf(
    refreshToken: string,
    readAll: () => Promise<(readonly [token: string, consent: string])[]>,
  ): Promise<string | undefined> {
    if (!this.#isFresh) {
      try {
        this.#consents = new Map(await readAll());
        this.#readAt = performance.now();
      } catch (error) {
        if (!this.#consents.has(digest(refreshToken))) throw error;
      }
    }
    return this.#consents.get(digest(refreshToken));
  }

  get #isFresh(): boolean {
    return performance.now() - this.#readAt < UNSEEN;
  }
}
