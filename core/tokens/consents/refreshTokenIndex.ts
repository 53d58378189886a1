import { digest } from '../../lib/digest';

/** Milliseconds for which the index is used without a look into the store. Other processes may store other tokens in this time. */
const UNSEEN = 5_000;

/** An index that finds the consent of a stored refresh token. It holds digests of the tokens, not the tokens. */
export class RefreshTokenIndex {
  #consents = new Map<string, string>();
  #readAt = -Infinity;

  /** Adds the digest of a refresh token that this process has just stored. */
  add(token: string, consent: string): void {
    // An old index is not extended: the next look-up reads the store in any case, and until then the index would only grow.
    if (this.#isFresh) this.#consents.set(token, consent);
  }

  /** Empties the index: the next look-up reads the store. */
  clear(): void {
    this.#consents = new Map();
    this.#readAt = -Infinity;
  }

  /**
   * The consent that a refresh token is or was stored for; `undefined` if there is none.
   *
   * @param readAll reads the digests of all stored and former refresh tokens, with their consents; called at most once in five seconds
   */
  async consentOf(
    refreshToken: string,
    readAll: () => Promise<(readonly [token: string, consent: string])[]>,
  ): Promise<string | undefined> {
    if (!this.#isFresh) {
      this.#consents = new Map(await readAll());
      this.#readAt = performance.now();
    }
    return this.#consents.get(digest(refreshToken));
  }

  get #isFresh(): boolean {
    return performance.now() - this.#readAt < UNSEEN;
  }
}
