import { randomBytes } from 'node:crypto';

/** Path at which short links begin. */
export const SHORT_LINK_PATH = '/sandbox/ask/';

/** Maximum number of stored links. The oldest are removed first. */
const CAPACITY = 1_000;

/** Short links to the bank's authorization endpoint, in memory. An authorization URL with its request object has 2,000 characters. */
export class ShortLinks {
  private readonly byId = new Map<string, string>();

  /** @param target beginning of all addresses to which short links may lead */
  constructor(
    private readonly identityUrl: string,
    private readonly target: string,
  ) {}

  /**
   * Stores an address.
   *
   * @returns the short link; `undefined` if the address does not belong to the bank's authorization endpoint
   */
  add(address: string): string | undefined {
    if (!address.startsWith(`${this.target}?`)) return undefined;
    // 96 bits, so that nobody can guess the link of another customer.
    const id = randomBytes(12).toString('base64url');
    this.byId.set(id, address);
    if (this.byId.size > CAPACITY) this.byId.delete(this.byId.keys().next().value!);
    return `${this.identityUrl}${SHORT_LINK_PATH}${id}`;
  }

  /** The address to which the path of a short link leads. */
  find(path: string): string | undefined {
    return this.byId.get(path.slice(SHORT_LINK_PATH.length));
  }
}
