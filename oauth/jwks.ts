import { OpenBankingError } from '../errors/OpenBankingError';
import { send, type HttpResponse } from '../transport/send';
import type { Endpoints } from './endpoints';
import { describeBody } from './errorResponse';
import { isJsonObject, parseJson } from './json';
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

function fetchBankKeys(profile: Profile, url: string, maximumAge: number): Promise<HttpResponse> {
  const last = known.get(profile);
  if (last && Date.now() - last.fetchedAt <= maximumAge) return last.response;
  const response = request(profile, url).catch((error: unknown) => {
    if (last) return last.response;
    known.delete(profile);
    throw error;
  });
  known.set(profile, { response, fetchedAt: Date.now() });
  return response;
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
  const keySet = parseJson(response.body);
  // A web page with a status of success is no key set either, and would make every signature look forged.
  if (response.status !== 200 || !isJsonObject(keySet) || !Array.isArray(keySet.keys)) {
    throw new OpenBankingError('jwks-unreachable', {
      message: `The keys of the bank's ID tokens could not be fetched: it answered with status ${response.status} and ${describeBody(response, [])}`,
      outcome: 'not-sent',
    });
  }
  return response;
}
