import { digest } from '../../lib/digest';
import { UNSEEN } from './tokenMemory';

/** A refresh token, and the consent that it is stored for. */
export interface StoredRefreshToken {
  readonly refreshToken: string;
  readonly consent: string;
}

/** An index that finds the consent of a stored refresh token. It holds digests of the tokens, not the tokens. */
export class RefreshTokenIndex {
  #consents = new Map<string, string>();
  #readAt = -Infinity;

  /** Adds a refresh token that this process has just stored. */
  add({ refreshToken, consent }: StoredRefreshToken): void {
    // An old index is not extended: the next look-up reads the store in any case, and until then the index would only grow.
    if (this.#isFresh) this.#consents.set(digest(refreshToken), consent);
  }

  /** Empties the index: the next look-up reads the store. */
  clear(): void {
    this.#consents = new Map();
    this.#readAt = -Infinity;
  }

  /**
   * The consent that a refresh token is stored for; `undefined` if it is stored for none.
   *
   * @param readAll reads all stored refresh tokens; called at most once in five seconds
   */
  async consentOf(
    refreshToken: string,
    readAll: () => Promise<StoredRefreshToken[]>,
  ): Promise<string | undefined> {
    if (!this.#isFresh) {
      const stored = await readAll();
      this.#consents = new Map(
        stored.map((token) => [digest(token.refreshToken), token.consent] as const),
      );
      this.#readAt = performance.now();
    }
    return this.#consents.get(digest(refreshToken));
  }

  get #isFresh(): boolean {
    return performance.now() - this.#readAt < UNSEEN;
  }
}
