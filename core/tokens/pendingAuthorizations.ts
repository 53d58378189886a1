import { bankOf, type Profile } from '../profile/profile';
import { LeastRecentlyUsed } from '../lib/leastRecentlyUsed';
import type { EncryptionKeys } from './records/encryptionKeys';
import { decrypt, encrypt } from './records/envelope';
import { digest } from './records/record';
import type { TokenStore } from '../store/store';

/** An authorization request that a customer was sent to the bank with. The bank's answer is compared with it. */
export interface PendingAuthorization {
  state: string;
  /** Only if an ID token was requested. */
  nonce?: string;
  /** The PKCE verifier (RFC 7636), if PKCE is used. */
  codeVerifier?: string;
  /** The bank's ID of the consent that the customer is to authorise. */
  consentId?: string;
  /** Authentication contexts, one of which was demanded. */
  acrValues?: readonly string[];
  /** Maximum seconds since the customer logged in. */
  maxAge?: number;
  /** When the request was made, in seconds since the epoch. `maxAge` counts from then. */
  requestedAt?: number;
  redirectUri: string;
  /** `response_type` of the request. */
  responseType: string;
  /** `response_mode` of the request, if it had one. With `jwt` in it, the answer must be signed (JARM). */
  responseMode?: string;
}

/** Milliseconds that a pending authorization waits for its answer, and the answer for its exchange: the longest life of a code. */
const LIFETIME = 10 * 60 * 1000;

/** The authorization requests of one client at one bank whose codes are not exchanged yet. */
export class PendingAuthorizations {
  /** By state and answer, for as long as a code may live. */
  readonly #taken = new LeastRecentlyUsed<Promise<PendingAuthorization | undefined>>(2000);

  constructor(
    private readonly profile: Profile,
    private readonly store: TokenStore,
    private readonly keys: EncryptionKeys,
  ) {}

  /** Stores an authorization for ten minutes, encrypted and bound to its state. @throws OpenBankingError those of the store */
  async keep(pending: PendingAuthorization): Promise<void> {
    const name = this.#nameOf(pending.state);
    await this.store.storePending(name, encrypt(pending, Buffer.from(name), this.keys), LIFETIME);
  }

  /**
   * Finds the authorization of a state and does not change it, so that an answer can be checked before the authorization is used up.
   *
   * @param answer the whole input of an exchange: the same answer finds an authorization that it has taken, see {@link take}
   * @returns `undefined` if the state is not known here or too old; `used` if another answer took it
   * @throws OpenBankingError `encryption-key-wrong`, `record-damaged`, and those of the store
   */
  async find(state: string, answer?: string): Promise<PendingAuthorization | 'used' | undefined> {
    const taken = answer === undefined ? undefined : this.#taken.get(takenName(state, answer));
    if (taken) return taken;
    const name = this.#nameOf(state);
    const found = await this.store.findPending(name);
    return found?.isTaken ? 'used' : this.#opened(name, found?.envelope);
  }

  /**
   * Marks the authorization of a state as answered. It then waits ten more minutes for the exchange.
   *
   * @returns whether this is its first answer, and it is not too old
   * @throws OpenBankingError those of the store
   */
  async receive(state: string): Promise<boolean> {
    return this.store.receivePending(this.#nameOf(state), LIFETIME);
  }

  /**
   * Uses up the authorization of a state for the exchange of one answer. The same answer may take it again in this process, because n8n
   * runs a node again if "Retry On Fail" is set. `UsedGrants` sends its code once.
   *
   * @param answer the whole input of the exchange
   * @returns whether the authorization is for this answer
   * @throws OpenBankingError as {@link find}
   */
  async take(state: string, answer: string): Promise<boolean> {
    const name = takenName(state, answer);
    let isFirst = false;
    const taking = this.#taken.obtain(name, () => {
      isFirst = true;
      return this.#take(state);
    });
    if (!isFirst) return (await taking) !== undefined;
    let isTaken = false;
    try {
      isTaken = (await taking) !== undefined;
      return isTaken;
    } finally {
      this.#taken.deleteAfter(name, taking, isTaken ? LIFETIME : 0);
    }
  }

  async #take(state: string): Promise<PendingAuthorization | undefined> {
    const name = this.#nameOf(state);
    return this.#opened(name, await this.store.takePending(name));
  }

  #opened(name: string, envelope: Uint8Array | undefined): PendingAuthorization | undefined {
    if (!envelope) return undefined;
    return decrypt(envelope, Buffer.from(name), this.keys, {
      what: 'The pending authorization',
      description: 'Send the customer to the bank again, with a new authorization URL.',
    }) as PendingAuthorization;
  }

  /** The name hides the state: with it, a reader of the store could answer in the customer's place. */
  #nameOf(state: string): string {
    const { clientId } = this.profile;
    return digest(JSON.stringify(['pending', bankOf(this.profile), clientId, state]));
  }
}

function takenName(state: string, answer: string): string {
  return digest(JSON.stringify([state, answer]));
}
