import { OpenBankingError } from '../errors/OpenBankingError';
import { send, type HttpResponse } from '../transport/send';
import type { Endpoints } from './endpoints';
import type { Profile } from './profile';

/** Milliseconds that keys are taken from memory for, even where a key ID is unknown. */
const FRESH = 60 * 1000;

interface KnownKeys {
  response: Promise<HttpResponse>;
  fetchedAt: number;
}

const known = new WeakMap<Profile, KnownKeys>();

/**
 * Makes sure that the keys which the bank signs ID tokens with (RFC 7517 §5) are at hand,
 * before a code or a refresh token is used up: afterwards it would be too late to find that they are not.
 *
 * @throws OpenBankingError `jwks-missing`, `jwks-unreachable`, and those of the transport, whose outcome is `not-sent`
 */
export async function ensureBankKeys(profile: Profile, endpoints: Endpoints): Promise<void> {
  if (!endpoints.jwks) {
    throw new OpenBankingError('jwks-missing', {
      message: 'Where the bank publishes the keys of its ID tokens is not known',
      outcome: 'not-sent',
    });
  }
  await fetchBankKeys(profile, endpoints.jwks, Infinity);
}

/**
 * The bank's key set, fetched again where it is older than a minute; where that fails, the last known one.
 *
 * @throws OpenBankingError as {@link ensureBankKeys}, where none is known
 */
export function refreshBankKeys(profile: Profile, url: string): Promise<HttpResponse> {
  return fetchBankKeys(profile, url, FRESH);
}

async function fetchBankKeys(
  profile: Profile,
  url: string,
  maximumAge: number,
): Promise<HttpResponse> {
  const last = known.get(profile);
  if (last && Date.now() - last.fetchedAt <= maximumAge) return last.response;
  const fetched = { response: request(profile, url), fetchedAt: Date.now() };
  known.set(profile, fetched);
  try {
    return await fetched.response;
  } catch (error) {
    if (known.get(profile) === fetched) {
      if (last) known.set(profile, last);
      else known.delete(profile);
    }
    if (last) return last.response;
    throw error;
  }
}

async function request(profile: Profile, url: string): Promise<HttpResponse> {
  const response = await send(
    { method: 'GET', url, headers: { Accept: 'application/json, application/jwk-set+json' } },
    profile.identity,
    profile.timeouts,
  ).catch((error: OpenBankingError) => {
    // Of a token request nothing was sent, whatever became of this one.
    throw error.with({ outcome: 'not-sent' });
  });
  if (response.status !== 200) {
    throw new OpenBankingError('jwks-unreachable', {
      message: `The keys of the bank's ID tokens could not be fetched: it answered with status ${response.status}`,
      outcome: 'not-sent',
    });
  }
  return response;
}
