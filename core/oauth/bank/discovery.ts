import { OpenBankingError } from '../../errors/OpenBankingError';
import { displayText } from '../../lib/displayText';
import { Expiring, type Obtained } from '../../lib/expiring';
import { isJsonObject, parseJson } from '../../lib/json';
import { secretsForBank } from '../../profile/clientAuthentication';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { Reach } from '../../transport/reach';
import { send, type HttpResponse } from '../../transport/send';
import { describeBody } from '../messages/errorResponse';
import { getRequest } from '../messages/getRequest';
import { endpointsIn } from './metadata';

/** Milliseconds for which metadata is used: the default if the bank sends no `max-age` (`Cache-Control`), the minimum, and the maximum. */
const LIFETIME = { usual: 60 * 60 * 1000, least: 60 * 1000, most: 24 * 60 * 60 * 1000 };

/** Milliseconds for which the last metadata is used if it could not be fetched again. */
const RETRY = 60 * 1000;

/**
 * The endpoints in the metadata of an issuer. If the metadata cannot be fetched again, the last metadata is used. It is not used if the
 * issuer now sends the metadata of another issuer.
 */
export function discoveredEndpoints(profile: Profile, issuer: string): Expiring<Endpoints> {
  return new Expiring(
    () => discover(profile, issuer),
    (failure) => ((failure as OpenBankingError).code === 'discovery-issuer-mismatch' ? 0 : RETRY),
  );
}

/**
 * Fetches the metadata of an issuer (OpenID Connect Discovery 1.0 §4).
 *
 * @throws OpenBankingError `discovery-failed`, `discovery-issuer-mismatch` and those of `send`, with the outcome `not-sent`
 */
async function discover(profile: Profile, issuer: string): Promise<Obtained<Endpoints>> {
  const { response, reach } = await fetchMetadata(profile, issuer);
  const secrets = secretsForBank(profile);
  const metadata = parseJson(response.body);
  if (response.status !== 200 || !isJsonObject(metadata)) {
    throw new OpenBankingError('discovery-failed', {
      problem: 'answer',
      values: {
        status: response.status,
        body: describeBody(response, secrets),
      },
      outcome: 'not-sent',
      ...adviceFor(response.status),
    });
  }
  if (metadata.issuer !== issuer) {
    throw new OpenBankingError('discovery-issuer-mismatch', {
      values: { named: displayText(metadata.issuer, secrets), issuer },
      outcome: 'not-sent',
    });
  }
  return {
    value: endpointsIn(metadata, { issuer, reach, secrets }),
    lifetime: lifetimeOf(response.headers['cache-control']),
  };
}

/** The advice that a status gives; none for others, for which the catalogue has it. */
function adviceFor(status: number): { description?: string } {
  if (status === 404 || status === 410) {
    return {
      description:
        'The bank answers, and knows no such issuer. Compare "Issuer" in the credential with the bank\'s documents, letter by letter: the path is part of it (at Keycloak the name of the realm), and sandbox and production have issuers of their own. Otherwise set "Bank" to "Custom Endpoints".',
    };
  }
  if (status === 429 || status >= 500) {
    return {
      description:
        'The bank has a fault or too many requests at the moment, and the credential may be right. Try again in some minutes.',
    };
  }
  return {};
}

/** Metadata, and the addresses that its endpoints may be at. */
interface Fetched {
  readonly response: HttpResponse;
  readonly reach: Reach;
}

/**
 * Fetches metadata from an address of the public Internet. Its endpoints must then be there, too: metadata must not lead this client into
 * the network of n8n. If the issuer has no such address, fetches it from a private network, and its endpoints may be anywhere.
 *
 * The issuer is asked at most at one kind of address, and the addresses are checked when the connection is made: an issuer owns its name,
 * and could resolve it to another address a moment later.
 */
async function fetchMetadata(profile: Profile, issuer: string): Promise<Fetched> {
  const at = (reach: Reach) =>
    send(
      getRequest(
        {
          url: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
          source: '"Issuer" in the credential',
          reach,
        },
        'application/json',
        profile,
      ),
      profile.identity,
      profile.timeouts,
    );
  try {
    try {
      return { response: await at('public'), reach: 'public' };
    } catch (error) {
      if ((error as OpenBankingError).code !== 'address-blocked') throw error;
      return { response: await at('internal'), reach: undefined };
    }
  } catch (error) {
    throw (error as OpenBankingError).with({ outcome: 'not-sent' });
  }
}

/**
 * The time for which metadata is used.
 *
 * @param cacheControl RFC 9111 §5.2.2
 * @returns milliseconds
 */
function lifetimeOf(cacheControl = ''): number {
  const seconds = /(?:^|[\s,])max-age="?(\d{1,10})/i.exec(cacheControl)?.[1];
  const said = seconds === undefined ? LIFETIME.usual : Number(seconds) * 1000;
  return Math.min(Math.max(said, LIFETIME.least), LIFETIME.most);
}
