import { bankOf, type Profile } from '../profile/profile';
import { LeastRecentlyUsed } from '../lib/leastRecentlyUsed';
import type { EncryptionKey, EncryptionKeys } from './records/encryptionKeys';
import { decrypt, encrypt, keyOf } from './records/envelope';
import { digest } from '../lib/digest';
import type { AuthorizationDetail } from '../oauth/authorization/authorizationDetails';
import { signatureAskedFor } from '../oauth/authorization/redirectSignature';
import type { RedirectExpectations } from '../oauth/authorization/verifiedRedirect';
import type { LogInClaim } from '../oauth/jwt/idTokenClaims';
import type { TokenStore } from '../store/store';

/** How a request names a consent: in the claim `openbanking_intent_id`, in the scope, or not at all. */
export type ConsentNaming = 'claim' | 'scope' | 'nothing';

/** An authorization request with which a customer was sent to the bank. The bank's answer is compared with it. */
export interface PendingAuthorization {
  state: string;
  /** Only if an ID token was requested. */
  nonce?: string;
  /** The PKCE verifier (RFC 7636), if PKCE is used. */
  codeVerifier?: string;
  /** The bank's ID of the consent that the customer is to authorize. */
  consentId?: string;
  /** How the request names that consent. Earlier versions named it in the claim, and did not store this. */
  consentNamedBy?: ConsentNaming;
  /** The scope that names the consent. */
  consentScope?: string;
  /** The name under which the tokens are to be stored, if the bank has no ID of the consent. */
  consentName?: string;
  /** The name of the stored consent that is renewed: its tokens are replaced once the new ones have passed. */
  consent?: string;
  /** Accepted authentication contexts (`acr`): the request asked for one of them. */
  acrValues?: readonly string[];
  /** Maximum seconds since the customer logged in. */
  maxAge?: number;
  /** Claims that ID tokens must have because the request asked for them. */
  requiredClaims?: readonly LogInClaim[];
  /** The details that the request asked for (RFC 9396). */
  authorizationDetails?: readonly AuthorizationDetail[];
  /** Whether the answer has to name the bank (`iss`, RFC 9207), whatever its metadata says. */
  namesIssuer?: boolean;
  /** When the request was made, in seconds since the epoch. `maxAge` counts from then. */
  requestedAt?: number;
  redirectUri: string;
  /** `response_type` of the request. */
  responseType: string;
  /** `response_mode` of the request, if it had one. With `jwt` in it, the answer must be signed (JARM). */
  responseMode?: string;
}

/** The values that the answer to a request is compared with. */
export function expectationsOf(pending: PendingAuthorization): RedirectExpectations {
  const { state, nonce, consentNamedBy = 'claim', consentScope, namesIssuer } = pending;
  const { acrValues, maxAge, requestedAt, requiredClaims } = pending;
  const consentId = consentNamedBy === 'claim' ? pending.consentId : undefined;
  const signature = signatureAskedFor(pending.responseType, pending.responseMode);
  return {
    ...{ state, nonce, consentId, consentScope, signature, namesIssuer },
    ...{ acrValues, maxAge, requestedAt, requiredClaims },
  };
}

/** The consent of an authorization request: the name under which its tokens are to be stored, and the bank's ID. */
export function consentOf({ consent, consentName, consentId }: PendingAuthorization): {
  consent?: string;
  consentId?: string;
} {
  const name = consent ?? consentName ?? consentId;
  return { ...(name && { consent: name }), ...(consentId && { consentId }) };
}

/** Maximum milliseconds until a request is answered, and again until the answer is exchanged: the longest life of a code. */
const LIFETIME = 10 * 60 * 1000;

/** The authorization requests of one client at one bank whose codes are not exchanged yet. */
export class PendingAuthorizations {
  /** The authorizations that were used up, by state and answer. They stay here as long as a code may live. */
  readonly #taken = new LeastRecentlyUsed<Promise<PendingAuthorization | undefined>>(2000);

  constructor(
    private readonly profile: Profile,
    private readonly store: TokenStore,
    private readonly keys: EncryptionKeys,
  ) {}

  /** Stores an authorization for ten minutes, encrypted and bound to its state. @throws OpenBankingError those of the store */
  async keep(pending: PendingAuthorization): Promise<void> {
    const name = this.#nameOf(pending.state, this.keys[0]);
    await this.store.storePending(name, encrypt(pending, Buffer.from(name), this.keys), LIFETIME);
  }

  /**
   * Finds the authorization of a state. It is not used up, so that the answer can be checked first.
   *
   * @param answer the whole input of an exchange; an authorization that the same answer took is found again, see {@link take}
   * @returns `undefined` if the state is not known here or too old; `used` if another answer took it
   * @throws OpenBankingError `encryption-key-wrong`, `record-damaged`, and those of the store
   */
  async find(state: string, answer?: string): Promise<PendingAuthorization | 'used' | undefined> {
    const taken = answer === undefined ? undefined : this.#taken.get(takenName(state, answer));
    if (taken) return taken;
    const found = await this.#find(state);
    return found?.isTaken ? 'used' : this.#opened(found);
  }

  /**
   * Finds the authorization of a state that waits for its answer.
   *
   * @returns `undefined` if the state is not known here or too old, or if its answer was received before
   * @throws OpenBankingError as {@link find}
   */
  async findWaiting(state: string): Promise<PendingAuthorization | undefined> {
    const found = await this.#find(state);
    return isWaiting(found) ? this.#opened(found) : undefined;
  }

  /**
   * Marks the authorization of a state as answered. It then waits ten more minutes for the exchange. The caller has verified the answer.
   *
   * @returns whether this is its first answer, and it is not too old
   * @throws OpenBankingError those of the store
   */
  async receive(state: string): Promise<boolean> {
    const found = await this.#find(state);
    return found !== undefined && this.store.receivePending(found.name, LIFETIME);
  }

  /**
   * Marks that an error was reported for a state which the bank did not sign. The error may be forged, so the authorization still waits for
   * its answer.
   *
   * @returns whether this is the first such report, and the authorization waits for its answer
   * @throws OpenBankingError those of the store
   */
  async receiveUnsignedError(state: string): Promise<boolean> {
    const found = await this.#find(state);
    if (!isWaiting(found)) return false;
    // A row of its own, so that the one of the authorization does not change.
    const name = digest(JSON.stringify([found.name, 'unsigned error']));
    await this.store.storePending(name, new Uint8Array(), LIFETIME);
    return this.store.receivePending(name, LIFETIME);
  }

  /**
   * Uses up the authorization of a state for the exchange of one answer.
   *
   * The same answer may take the authorization again in this process, because n8n runs a node again if "Retry On Fail" is set.
   * `UsedGrants` sends the code only once.
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
    const name = (await this.#find(state))?.name;
    const envelope = name && (await this.store.takePending(name));
    return envelope ? this.#opened({ name, envelope }) : undefined;
  }

  /** The record of a state that belongs to one of the keys. A record of another owner does not count. */
  async #find(state: string) {
    for (const key of [...this.keys, undefined]) {
      const name = this.#nameOf(state, key);
      const found = await this.store.findPending(name);
      if (found && (key || keyOf(found.envelope, this.keys))) return { ...found, name };
    }
    return undefined;
  }

  #opened(
    found: { readonly name: string; readonly envelope: Uint8Array } | undefined,
  ): PendingAuthorization | undefined {
    if (!found) return undefined;
    const { name, envelope } = found;
    return decrypt(envelope, Buffer.from(name), this.keys, {
      what: 'The pending authorization',
      description: 'Send the customer to the bank again, with a new authorization URL.',
    }) as PendingAuthorization;
  }

  /**
   * The name of a record. It hides the state: a reader of the store who knows the state could answer in the customer's place.
   *
   * @param key the key that encrypts it, so that each owner of a key has records of its own; earlier versions made names without it
   */
  #nameOf(state: string, key: EncryptionKey | undefined): string {
    const { clientId } = this.profile;
    const id = key ? [key.id.toString('base64url')] : [];
    return digest(JSON.stringify(['pending', bankOf(this.profile), clientId, state, ...id]));
  }
}

function isWaiting<Found extends { readonly isTaken: boolean; readonly isReceived: boolean }>(
  found: Found | undefined,
): found is Found {
  return found !== undefined && !found.isTaken && !found.isReceived;
}

function takenName(state: string, answer: string): string {
  return digest(JSON.stringify([state, answer]));
}
