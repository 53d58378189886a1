import { OpenBankingError } from '../../errors/OpenBankingError';
import { plainText } from '../../lib/displayText';
import { Expiring, type Obtained } from '../../lib/expiring';
import { isJsonObject, parseJson, withoutNull } from '../../lib/json';
import type { Endpoint, Endpoints } from '../../profile/endpoints';
import { offeredAlgorithms } from '../../profile/offeredAlgorithms';
import type { Profile } from '../../profile/profile';
import { httpsUrl } from '../../profile/url';
import { send } from '../../transport/send';
import { describeBody } from '../messages/errorResponse';

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
  const answer = parseJson(response.body);
  if (response.status !== 200 || !isJsonObject(answer)) {
    throw new OpenBankingError('discovery-failed', {
      problem: 'answer',
      values: { status: response.status, body: describeBody(response, []) },
      outcome: 'not-sent',
    });
  }
  const metadata = withoutNull(answer);
  if (metadata.issuer !== issuer) {
    throw new OpenBankingError('discovery-issuer-mismatch', {
      values: { named: plainText(metadata.issuer), issuer },
      outcome: 'not-sent',
    });
  }
  return {
    value: endpointsIn(metadata, issuer),
    lifetime: lifetimeOf(response.headers['cache-control']),
  };
}

/**
 * The endpoints that metadata names. For requests of this client the aliases for mutual TLS come first (RFC 8705 §5).
 *
 * @throws OpenBankingError `discovery-failed`
 */
function endpointsIn(metadata: Record<string, unknown>, issuer: string): Endpoints {
  const aliases = isJsonObject(metadata.mtls_endpoint_aliases)
    ? withoutNull(metadata.mtls_endpoint_aliases)
    : {};
  const required = (name: string) => metadataEndpoint(aliases[name] ?? metadata[name], name);
  const optional = (name: string) => (metadata[name] === undefined ? undefined : required(name));
  const token = required('token_endpoint');
  const { authorization_endpoint: authorization, jwks_uri: jwks } = metadata;
  return {
    issuer,
    namesIssuer: metadata.authorization_response_iss_parameter_supported === true,
    token,
    refresh: token,
    // The customer's browser opens this address. It has no client certificate, so an alias is not used.
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

function metadataEndpoint(value: unknown, name: string): Endpoint {
  return { url: metadataUrl(value, name), source: `"${name}" in the metadata of the bank` };
}

function metadataUrl(value: unknown, name: string): string {
  try {
    return httpsUrl(typeof value === 'string' ? value : '', name);
  } catch {
    throw new OpenBankingError('discovery-failed', {
      problem: 'endpoint',
      values: { name },
      outcome: 'not-sent',
    });
  }
}
