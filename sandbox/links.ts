import { randomBytes } from 'node:crypto';

/** Path that short links begin with. */
export const SHORT_LINK_PATH = '/sandbox/ask/';

/** Links that are stored at most; the oldest go first. */
const CAPACITY = 1_000;

/** Short links to the bank's authorization endpoint, in memory: an authorization URL with its request object has 2,000 characters. */
export class ShortLinks {
  private readonly byId = new Map<string, string>();

  /** @param target what every address that a short link leads to begins with */
  constructor(
    private readonly identityUrl: string,
    private readonly target: string,
  ) {}

  /**
   * Stores an address.
   *
   * @returns the short link to it; undefined if the address is not one of the bank's authorization endpoint
   */
  add(address: string): string | undefined {
    if (!address.startsWith(`${this.target}?`)) return undefined;
    // 96 bits: nobody guesses the link that another customer was sent.
    const id = randomBytes(12).toString('base64url');
    this.byId.set(id, address);
    if (this.byId.size > CAPACITY) this.byId.delete(this.byId.keys().next().value!);
    return `${this.identityUrl}${SHORT_LINK_PATH}${id}`;
  }

  /** The address behind the path of a short link. */
  find(path: string): string | undefined {
    return this.byId.get(path.slice(SHORT_LINK_PATH.length));
  }
}
