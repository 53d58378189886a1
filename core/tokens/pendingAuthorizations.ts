import type { Profile } from '../profile/profile';
import { LeastRecentlyUsed } from '../lib/leastRecentlyUsed';
import type { EncryptionKeys } from './records/encryptionKeys';
import { decrypt, encrypt } from './records/envelope';
import { bankOf, digest } from './records/record';
import type { TokenStore } from '../store/store';

/** A customer who was sent to the bank, and whose answer has to be compared with this. */
export interface PendingAuthorization {
  state: string;
  /** Where the bank was asked for an ID token. */
  nonce?: string;
  /** Of PKCE (RFC 7636), where it is used. */
  codeVerifier?: string;
  /** The consent that the customer is to authorise, as the bank names it. */
  consentId?: string;
  /** Authentication contexts of which one was demanded. */
  acrValues?: readonly string[];
  /** Seconds that the customer may have logged in ago. */
  maxAge?: number;
  /** When the request was made, in seconds since the epoch: `maxAge` counts from then. */
  requestedAt?: number;
  redirectUri: string;
  /** `response_type` of the request. */
  responseType: string;
  /** `response_mode` of the request, where it had one: with `jwt` in it, an answer that is not signed is none (JARM). */
  responseMode?: string;
}

/** Milliseconds that a pending authorization waits for its answer, and the answer for its exchange: as long as codes live. */
const LIFETIME = 10 * 60 * 1000;

/** The authorizations of one client at one bank that are not exchanged yet. */
export class PendingAuthorizations {
  /** By state and answer, each for as long as its code may live. */
  readonly #taken = new LeastRecentlyUsed<Promise<PendingAuthorization | undefined>>(2000);

  constructor(
    private readonly profile: Profile,
    private readonly store: TokenStore,
    private readonly keys: EncryptionKeys,
  ) {}

  /** Keeps an authorization for ten minutes, encrypted and sealed to its state. @throws OpenBankingError those of the store */
  async keep(pending: PendingAuthorization): Promise<void> {
    const name = this.#nameOf(pending.state);
    await this.store.storePending(name, encrypt(pending, Buffer.from(name), this.keys), LIFETIME);
  }

  /**
   * The authorization of a state, without a change to it: what is wrong with an answer is found before the authorization is used up.
   *
   * @param answer what an exchange was given, whole: it is found for the same answer again after it was taken, see {@link take}
   * @returns nothing where the state is not known here or too old; `used` where another answer took it
   * @throws OpenBankingError `encryption-key-wrong`, `record-damaged`, and those of the store
   */
  async find(state: string, answer?: string): Promise<PendingAuthorization | 'used' | undefined> {
    const taken = answer === undefined ? undefined : this.#taken.peek(takenName(state, answer));
    if (taken) return taken;
    const name = this.#nameOf(state);
    const found = await this.store.findPending(name);
    return found?.isTaken ? 'used' : this.#opened(name, found?.envelope);
  }

  /**
   * Marks the authorization of a state as answered, for the redirect that comes first. It then waits ten minutes more, to be taken by
   * the exchange.
   *
   * @returns whether this was the first one, and the authorization is not too old
   * @throws OpenBankingError those of the store
   */
  async receive(state: string): Promise<boolean> {
    return this.store.receivePending(this.#nameOf(state), LIFETIME);
  }

  /**
   * Uses the authorization of a state up, for the exchange of one answer. The same answer may do so again in this process, where n8n runs
   * a node anew ("Retry On Fail"): `onlyOnce` sees to it that its code is not sent twice.
   *
   * @param answer what the exchange was given, whole
   * @returns whether it is for this answer
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
    const forget = () => this.#taken.delete(name, taking);
    try {
      const isTaken = (await taking) !== undefined;
      if (isTaken) setTimeout(forget, LIFETIME).unref();
      else forget();
      return isTaken;
    } catch (error) {
      forget();
      throw error;
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

  /** The state itself is not stored in the clear: whoever reads the store could answer in the customer's place. */
  #nameOf(state: string): string {
    const { clientId } = this.profile;
    return digest(JSON.stringify(['pending', bankOf(this.profile), clientId, state]));
  }
}

function takenName(state: string, answer: string): string {
  return digest(JSON.stringify([state, answer]));
}
