import { OpenBankingError } from '../../errors/OpenBankingError';
import { metadataAdvice } from '../../errors/rows/responseErrors';
import { Expiring, type Held } from '../../lib/expiring';
import { isJsonObject, parseJson, withoutEmpty } from '../../lib/json';
import { deadline, isPast, momentNow, type Deadline } from '../../lib/moment';
import { secretsForBank } from '../../profile/clientAuthentication';
import type { Endpoint, Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import { send } from '../../transport/send';
import { describeBody } from '../messages/errorResponse';
import { getRequest } from '../messages/getRequest';

/** Maximum number of keys in a key set. The largest key sets of directories have a few dozen. */
const MAXIMUM_KEYS = 1000;

/** Milliseconds for which keys are used. */
const LIFETIME = 5 * 60 * 1000;

/** Milliseconds for which the last keys are used if they could not be fetched again. */
const RETRY = 60 * 1000;

/**
 * Minimum milliseconds between two fetches because of an unknown `kid` or a signature that no key verifies, so that forged JWTs cannot
 * flood the bank.
 */
const UNKNOWN_KEY_PAUSE = 60 * 1000;

/**
 * Maximum age of keys, in milliseconds, that verify a redirect. Without it, an attacker who blocks the JWKS endpoint could keep a revoked
 * key trusted.
 */
export const MAXIMUM_AGE_BEFORE_SENDING = 60 * 60 * 1000;

/** A key as a bank publishes it (RFC 7517 §4), without members that are `null` or empty. */
export type BankKey = Readonly<Record<string, unknown>>;

/** The key set of a bank (RFC 7517 §5). The object is the same until the keys are fetched again. */
export interface BankKeys {
  readonly keys: readonly BankKey[];
}

/** The keys of a bank, fetched when they are needed. */
export class KeySet {
  #endpoint?: Endpoint;
  #keys!: Expiring<BankKeys>;
  /** Until when an unknown `kid` or signature causes no fetch. */
  #pause: Deadline | undefined;

  constructor(private readonly profile: Profile) {}

  /**
   * Makes sure that keys are in memory, however old they are.
   *
   * @throws OpenBankingError as `Bank.ensureKeys`
   */
  async ensure(endpoint: Endpoint): Promise<void> {
    await this.#at(endpoint).any();
  }

  /**
   * The keys to verify a signature with, not older than five minutes. If no key has the key ID, they are fetched again once (OIDC Core
   * §10.1.1). If they cannot be fetched, the last keys are returned.
   *
   * @throws OpenBankingError as `Bank.keysFor`
   */
  async keysFor(
    endpoint: Endpoint,
    keyId: string | undefined,
    maximumAge = Infinity,
  ): Promise<BankKeys> {
    const { value, obtainedAt, failure } = await this.#with(keyId, this.#at(endpoint));
    if (failure && isPast(deadline(obtainedAt, maximumAge))) throw failure as OpenBankingError;
    return value;
  }

  /**
   * The keys after no key verified a signature: a bank may publish a new key under a known key ID, or under none. They are fetched again
   * if they are not new.
   *
   * @throws OpenBankingError as `Bank.keysFor`
   */
  async renewed(endpoint: Endpoint): Promise<BankKeys> {
    const keys = this.#at(endpoint);
    const current = await keys.current();
    const isNew = !isPast(deadline(current.obtainedAt, UNKNOWN_KEY_PAUSE));
    return isNew ? current.value : (await this.#renew(keys)).value;
  }

  async #with(keyId: string | undefined, keys: Expiring<BankKeys>): Promise<Held<BankKeys>> {
    const current = await keys.current();
    const known = current.value.keys.map(({ kid }) => kid);
    // Keys without an ID may have any: they are only fetched again if none verifies the signature.
    const isKnown = known.includes(keyId) || known.every((kid) => kid === undefined);
    return keyId === undefined || isKnown ? current : this.#renew(keys);
  }

  async #renew(keys: Expiring<BankKeys>): Promise<Held<BankKeys>> {
    // Waits for the fetch that another caller has just caused.
    if (this.#pause && !isPast(this.#pause)) return keys.current();
    this.#pause = deadline(momentNow(), UNKNOWN_KEY_PAUSE);
    return keys.renew();
  }

  /** The keys at an address. If metadata names another address later, the keys of the former address are not used. */
  #at(endpoint: Endpoint): Expiring<BankKeys> {
    const { url, reach } = endpoint;
    if (url !== this.#endpoint?.url || reach !== this.#endpoint.reach) {
      this.#endpoint = endpoint;
      this.#pause = undefined;
      this.#keys = new Expiring(
        async () => ({ value: await fetchKeys(this.profile, endpoint), lifetime: LIFETIME }),
        () => RETRY,
      );
    }
    return this.#keys;
  }
}

/**
 * The address of the keys of a bank.
 *
 * @throws OpenBankingError `jwks-unusable`
 */
export function jwksEndpoint({ jwks, faults }: Endpoints): Endpoint {
  if (jwks) return jwks;
  if (!faults?.jwks) {
    throw new OpenBankingError('jwks-unusable', { problem: 'unknown', outcome: 'not-sent' });
  }
  const { member, shown: value } = faults.jwks;
  throw new OpenBankingError('jwks-unusable', {
    problem: 'metadata',
    values: { member, value },
    description: metadataAdvice,
    outcome: 'not-sent',
  });
}

async function fetchKeys(profile: Profile, endpoint: Endpoint): Promise<BankKeys> {
  const response = await send(
    getRequest(endpoint, 'application/json, application/jwk-set+json', profile),
    profile.identity,
    profile.timeouts,
  ).catch((error: OpenBankingError) => {
    if (error.code === 'response-too-large') {
      throw new OpenBankingError('jwks-unusable', { problem: 'tooLarge', outcome: 'not-sent' });
    }
    // The outcome is that of the token request, which was not sent.
    throw error.with({ outcome: 'not-sent' });
  });
  const keySet = parseJson(response.body);
  const keys: unknown = isJsonObject(keySet) ? keySet.keys : undefined;
  // A web page with status 200 is not a key set. With it, every signature would look forged.
  if (response.status !== 200 || !Array.isArray(keys)) {
    throw new OpenBankingError('jwks-unusable', {
      problem: 'answer',
      values: {
        status: response.status,
        body: describeBody(response, secretsForBank(profile)),
      },
      outcome: 'not-sent',
    });
  }
  if (keys.length > MAXIMUM_KEYS) {
    throw new OpenBankingError('jwks-unusable', {
      problem: 'tooMany',
      values: { count: keys.length },
      outcome: 'not-sent',
    });
  }
  // An entry that is no key does not spoil the others (RFC 7517 §5).
  return { keys: keys.filter(isJsonObject).map(withoutEmpty) };
}
