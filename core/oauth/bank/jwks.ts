import { OpenBankingError } from '../../errors/OpenBankingError';
import { send } from '../../transport/send';
import type { Endpoint, Endpoints } from '../../profile/endpoints';
import { describeBody } from '../messages/errorResponse';
import { isJsonObject, parseJson } from '../../lib/json';
import type { Profile } from '../../profile/profile';

/** Keys that a bank may publish at most: a directory's largest key sets have a few dozen. */
const MOST = 1000;

/** Milliseconds that keys are taken from memory for. */
const LIFETIME = 5 * 60 * 1000;

/**
 * Milliseconds in which unknown key IDs make the keys be fetched once: whoever invents key IDs must not make the bank be flooded.
 * Also those after which keys are fetched again where that failed.
 */
const RENEWAL = 60 * 1000;

/**
 * Milliseconds since keys were fetched, after which they vouch no more for what leads to something being sent: somebody who keeps the
 * bank from handing out new ones would otherwise make a key be trusted that it withdrew.
 */
export const MAXIMUM_AGE_BEFORE_SENDING = 60 * 60 * 1000;

/** The key set of a bank (RFC 7517 §5): the same object for as long as it is not fetched again. */
export interface BankKeys {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

interface FetchedKeys {
  readonly keys: BankKeys;
  /** When the bank handed them out, in milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** Why they are not newer: the last attempt to fetch them. */
  readonly failure?: OpenBankingError;
}

/** What is known of a profile's keys; times are milliseconds since the epoch. */
interface KnownKeys {
  /** They are those of this address alone: metadata may come to name another one. */
  readonly url: string;
  readonly fetched: Promise<FetchedKeys>;
  /** Until when they are not fetched again by themselves. */
  until: number;
  /** When an unknown key ID last made them be fetched. */
  renewedAt: number;
}

const known = new WeakMap<Profile, KnownKeys>();

/**
 * Makes sure that the keys which the bank signs ID tokens with (RFC 7517 §5) are at hand,
 * before a code or a refresh token is used up: afterwards it would be too late to find that they are not.
 *
 * @throws OpenBankingError `jwks-missing`, `jwks-unreachable`, `jwks-too-large`, and those of the transport, whose outcome is `not-sent`
 */
export async function ensureBankKeys(profile: Profile, endpoints: Endpoints): Promise<void> {
  if (!endpoints.jwks) {
    throw new OpenBankingError('jwks-missing', {
      message: 'Where the bank publishes the keys of its ID tokens is not known',
      outcome: 'not-sent',
    });
  }
  await bankKeys(profile, endpoints.jwks, 'any');
}

/**
 * The bank's keys to verify a signature with: those of the last five minutes, fetched again, once, where none of them has the key ID
 * (OIDC Core §10.1.1). Where the bank does not hand them out, the last known ones.
 *
 * @param keyId `kid` of the signature
 * @param maximumAge milliseconds since the bank handed them out
 * @throws OpenBankingError as {@link ensureBankKeys}, where none are known, or only older ones
 */
export async function bankKeysFor(
  profile: Profile,
  endpoint: Endpoint,
  keyId: string | undefined,
  maximumAge = Infinity,
): Promise<BankKeys> {
  const { keys, fetchedAt, failure } = await keysWith(keyId, profile, endpoint);
  if (failure && Date.now() - fetchedAt > maximumAge) throw failure;
  return keys;
}

async function keysWith(
  keyId: string | undefined,
  profile: Profile,
  endpoint: Endpoint,
): Promise<FetchedKeys> {
  const current = await bankKeys(profile, endpoint, 'current');
  if (keyId === undefined || current.keys.keys.some(({ kid }) => kid === keyId)) return current;
  const last = knownAt(endpoint.url, profile);
  const wasRenewed = last !== undefined && Date.now() - last.renewedAt <= RENEWAL;
  // What another caller has just made be fetched is waited for.
  if (wasRenewed) return last.fetched;
  const renewed = bankKeys(profile, endpoint, 'new');
  knownAt(endpoint.url, profile)!.renewedAt = Date.now();
  return renewed;
}

function knownAt(url: string, profile: Profile): KnownKeys | undefined {
  const last = known.get(profile);
  return last?.url === url ? last : undefined;
}

function bankKeys(
  profile: Profile,
  endpoint: Endpoint,
  wanted: 'any' | 'current' | 'new',
): Promise<FetchedKeys> {
  const { url } = endpoint;
  const last = knownAt(url, profile);
  if (last && wanted === 'any') return last.fetched;
  if (last && wanted === 'current' && Date.now() <= last.until) return last.fetched;
  const entry: KnownKeys = {
    url,
    fetched: fetchedOrLast(),
    until: Date.now() + LIFETIME,
    renewedAt: last?.renewedAt ?? -Infinity,
  };
  known.set(profile, entry);
  return entry.fetched;

  async function fetchedOrLast(): Promise<FetchedKeys> {
    try {
      return { keys: await request(profile, endpoint), fetchedAt: Date.now() };
    } catch (error) {
      const failure = error as OpenBankingError;
      const before = await last?.fetched.catch(() => undefined);
      if (before) {
        entry.until = Date.now() + RENEWAL;
        return { ...before, failure };
      }
      if (known.get(profile) === entry) known.delete(profile);
      throw failure;
    }
  }
}

async function request(profile: Profile, { url, source }: Endpoint): Promise<BankKeys> {
  const response = await send(
    {
      method: 'GET',
      url,
      source,
      headers: { Accept: 'application/json, application/jwk-set+json' },
    },
    profile.identity,
    profile.timeouts,
  ).catch((error: OpenBankingError) => {
    if (error.code === 'response-too-large') throw tooLarge('more than 1 MiB');
    // Of a token request nothing was sent, whatever became of this one.
    throw error.with({ outcome: 'not-sent' });
  });
  const keySet = parseJson(response.body);
  const keys: unknown = isJsonObject(keySet) ? keySet.keys : undefined;
  // A web page with a status of success is no key set either, and would make every signature look forged.
  if (response.status !== 200 || !Array.isArray(keys) || !keys.every(isJsonObject)) {
    throw new OpenBankingError('jwks-unreachable', {
      message: `The keys of the bank's ID tokens could not be fetched: it answered with status ${response.status} and ${describeBody(response, [])}`,
      outcome: 'not-sent',
    });
  }
  if (keys.length > MOST) throw tooLarge(`${keys.length} keys`);
  return { keys };
}

function tooLarge(what: string): OpenBankingError {
  return new OpenBankingError('jwks-too-large', {
    message: `The key set of the bank is too large: it has ${what}`,
    outcome: 'not-sent',
  });
}
