import { processDiscoveryResponse } from 'oauth4webapi';
import { OpenBankingError } from '../errors/OpenBankingError';
import { send } from '../transport/send';
import { bankText } from './bankText';
import { describeBody } from './errorResponse';
import type { Endpoints } from './endpoints';
import { isJsonObject, parseJson } from './json';
import type { Profile } from './profile';
import { httpsUrl } from './url';

/** Milliseconds that fetched metadata is used for. */
const LIFETIME = 60 * 60 * 1000;

const discovered = new WeakMap<Profile, { endpoints: Promise<Endpoints>; until: number }>();

/**
 * The endpoints of a profile's bank: as configured, or from the metadata of the issuer, which is fetched once an hour.
 *
 * @throws OpenBankingError `discovery-failed`, `discovery-issuer-mismatch`, and those of the transport; none was sent a token request yet
 */
export function endpointsOf(profile: Profile): Promise<Endpoints> {
  if ('endpoints' in profile.bank) return Promise.resolve(profile.bank.endpoints);
  const known = discovered.get(profile);
  if (known && known.until > Date.now()) return known.endpoints;
  const endpoints = discover(profile, profile.bank.discover);
  discovered.set(profile, { endpoints, until: Date.now() + LIFETIME });
  endpoints.catch(() => discovered.delete(profile));
  return endpoints;
}

/** OpenID Connect Discovery 1.0 §4; for the connection, RFC 8705 §5 prefers the aliases for mutual TLS. */
async function discover(profile: Profile, issuer: string): Promise<Endpoints> {
  const response = await send(
    {
      method: 'GET',
      url: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
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
      message: `The metadata of the bank names another issuer than the credential: "${bankText(metadata.issuer, [])}"`,
      outcome: 'not-sent',
    });
  }
  await processDiscoveryResponse(new URL(issuer), new Response(response.body)).catch(() => {
    throw failed('is not valid');
  });
  const aliases = isJsonObject(metadata.mtls_endpoint_aliases)
    ? metadata.mtls_endpoint_aliases
    : {};
  const token = metadataUrl(aliases.token_endpoint ?? metadata.token_endpoint, 'token_endpoint');
  const optional = (name: string) =>
    metadata[name] === undefined ? undefined : metadataUrl(aliases[name] ?? metadata[name], name);
  return {
    issuer,
    token,
    refresh: token,
    revocation: optional('revocation_endpoint'),
    introspection: optional('introspection_endpoint'),
    jwks: metadata.jwks_uri === undefined ? undefined : metadataUrl(metadata.jwks_uri, 'jwks_uri'),
  };
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
