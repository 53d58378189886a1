import { OpenBankingError } from '../../errors/OpenBankingError';
import { send } from '../../transport/send';
import { displayText } from '../../lib/displayText';
import { describeBody } from '../messages/errorResponse';
import type { Endpoint, Endpoints } from '../../profile/endpoints';
import { isJsonObject, parseJson } from '../../lib/json';
import { offeredAlgorithms } from '../../profile/offeredAlgorithms';
import type { Profile } from '../../profile/profile';
import { httpsUrl } from '../../profile/url';

/** Milliseconds that fetched metadata is used for where the bank does not say (`Cache-Control`), and the bounds of what it may say. */
const LIFETIME = { usual: 60 * 60 * 1000, least: 60 * 1000, most: 24 * 60 * 60 * 1000 };

/** Milliseconds after which metadata is asked for again where that failed, and the last one is used meanwhile. */
const RETRY = 60 * 1000;

interface Discovered {
  endpoints: Promise<Endpoints>;
  /** Milliseconds since the epoch. */
  until: number;
}

const discovered = new WeakMap<Profile, Discovered>();

/**
 * The endpoints of a profile's bank: as configured, or from the metadata of the issuer. It is used for as long as the bank says, an hour
 * where it says nothing; where it cannot be fetched anew, the last one is used on.
 *
 * @throws OpenBankingError `discovery-failed`, `discovery-issuer-mismatch`, and those of the transport; none was sent a token request yet
 */
export function endpointsOf(profile: Profile): Promise<Endpoints> {
  if ('endpoints' in profile.bank) return Promise.resolve(profile.bank.endpoints);
  const { discover: issuer } = profile.bank;
  const last = discovered.get(profile);
  if (last && last.until > Date.now()) return last.endpoints;
  const current: Discovered = { endpoints: renew(), until: Infinity };
  discovered.set(profile, current);
  return current.endpoints;

  async function renew(): Promise<Endpoints> {
    try {
      const { endpoints, lifetime } = await discover(profile, issuer);
      current.until = Date.now() + lifetime;
      return endpoints;
    } catch (error) {
      current.until = Date.now() + RETRY;
      // Another issuer's metadata is no reason to go on with the former one.
      const isMismatch = (error as OpenBankingError).code === 'discovery-issuer-mismatch';
      if (last && !isMismatch) return last.endpoints;
      discovered.delete(profile);
      throw error;
    }
  }
}

/** OpenID Connect Discovery 1.0 §4; for the connection, RFC 8705 §5 prefers the aliases for mutual TLS. */
async function discover(
  profile: Profile,
  issuer: string,
): Promise<{ endpoints: Endpoints; lifetime: number }> {
  const response = await send(
    {
      method: 'GET',
      url: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      source: '"Issuer" in the credential',
      headers: { Accept: 'application/json' },
    },
    profile.identity,
    profile.timeouts,
  ).catch((error: OpenBankingError) => {
    throw error.with({ outcome: 'not-sent' });
  });
  const metadata = parseJson(response.body);
  if (response.status !== 200 || !isJsonObject(metadata)) {
    throw failed(`answered with status ${response.status} and ${describeBody(response, [])}`);
  }
  if (metadata.issuer !== issuer) {
    throw new OpenBankingError('discovery-issuer-mismatch', {
      message: `The metadata of the bank names another issuer than the credential: "${displayText(metadata.issuer, [])}"`,
      outcome: 'not-sent',
    });
  }
  const aliases = isJsonObject(metadata.mtls_endpoint_aliases)
    ? metadata.mtls_endpoint_aliases
    : {};
  const token = metadataEndpoint(
    aliases.token_endpoint ?? metadata.token_endpoint,
    'token_endpoint',
  );
  const optional = (name: string) =>
    metadata[name] === undefined
      ? undefined
      : metadataEndpoint(aliases[name] ?? metadata[name], name);
  const { authorization_endpoint: authorization, jwks_uri: jwks } = metadata;
  const endpoints: Endpoints = {
    issuer,
    namesIssuer: metadata.authorization_response_iss_parameter_supported === true,
    token,
    refresh: token,
    // The customer's browser goes there, which has no client certificate: an alias is not for it (RFC 8705 §5).
    authorization:
      authorization === undefined
        ? undefined
        : metadataUrl(authorization, 'authorization_endpoint'),
    pushedAuthorizationRequest: optional('pushed_authorization_request_endpoint'),
    revocation: optional('revocation_endpoint'),
    introspection: optional('introspection_endpoint'),
    jwks: jwks === undefined ? undefined : metadataEndpoint(jwks, 'jwks_uri'),
    algorithms: offeredAlgorithms(metadata),
  };
  return { endpoints, lifetime: lifetimeOf(response.headers['cache-control']) };
}

/** @param cacheControl RFC 9111 §5.2.2 */
function lifetimeOf(cacheControl = ''): number {
  const seconds = /(?:^|[\s,])max-age="?(\d{1,10})/i.exec(cacheControl)?.[1];
  const said = seconds === undefined ? LIFETIME.usual : Number(seconds) * 1000;
  return Math.min(Math.max(said, LIFETIME.least), LIFETIME.most);
}

function metadataEndpoint(value: unknown, name: string): Endpoint {
  return { url: metadataUrl(value, name), source: `"${name}" in the metadata of the bank` };
}

function metadataUrl(value: unknown, name: string): string {
  try {
    return httpsUrl(typeof value === 'string' ? value : '', name);
  } catch {
    throw failed(`names no usable "${name}"`);
  }
}

function failed(what: string): OpenBankingError {
  return new OpenBankingError('discovery-failed', {
    message: `The metadata of the issuer ${what}`,
    outcome: 'not-sent',
  });
}
