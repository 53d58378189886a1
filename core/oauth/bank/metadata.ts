import { OpenBankingError } from '../../errors/OpenBankingError';
import { displayText } from '../../lib/displayText';
import { secretHider } from '../../lib/hiddenSecrets';
import { isJsonObject, withoutEmpty } from '../../lib/json';
import type { Endpoint, EndpointFault, Endpoints, OptionalEndpoint } from '../../profile/endpoints';
import { bankOffersIn } from '../../profile/bankOffers';
import { offeredAlgorithms } from '../../profile/offeredAlgorithms';
import { httpsUrl } from '../../profile/url';
import { isInternalHost, type Reach } from '../../transport/reach';

/** Maximum number of characters of a value in a message. */
const SHOWN = 200;

/** Maximum number of characters of an address. Messages name addresses, and servers accept hardly more. */
const LONGEST_ADDRESS = 2048;

/** Minimum characters of a secret that no host contains by chance. */
const LONG_SECRET = 12;

/** The members that name endpoints (OpenID Connect Discovery 1.0 §3, RFC 8414 §2, RFC 9126 §5). */
const MEMBERS = {
  authorization: 'authorization_endpoint',
  pushedAuthorizationRequest: 'pushed_authorization_request_endpoint',
  jwks: 'jwks_uri',
  revocation: 'revocation_endpoint',
  introspection: 'introspection_endpoint',
  arrangementRevocation: 'cdr_arrangement_revocation_endpoint',
} satisfies Record<OptionalEndpoint, string>;

/** The origin of metadata. */
export interface MetadataSource {
  readonly issuer: string;
  /** The addresses that the endpoints may be at. */
  readonly reach: Reach;
  /** Values of the request that no message may show. */
  readonly secrets: readonly string[];
}

/** A value in metadata, with the name of its member. */
interface Member {
  readonly name: string;
  readonly value: unknown;
}

/**
 * The endpoints that the metadata of an issuer names. For requests of this client the aliases for mutual TLS come first (RFC 8705 §5).
 *
 * An endpoint that is missing or cannot be used is one of `faults`: only what needs it fails. The token endpoint is always needed.
 *
 * @throws OpenBankingError `discovery-failed`
 */
export function endpointsIn(
  metadata: Readonly<Record<string, unknown>>,
  source: MetadataSource,
): Endpoints {
  const { mtls_endpoint_aliases: named } = metadata;
  const aliases = isJsonObject(named) ? withoutEmpty(named) : {};
  const member = (name: string): Member =>
    aliases[name] === undefined
      ? { name, value: metadata[name] }
      : { name: `mtls_endpoint_aliases.${name}`, value: aliases[name] };
  const token = endpointOf(member('token_endpoint'), source);
  if ('shown' in token) throw unusableMember(token);
  const ofClient = (kind: OptionalEndpoint) => endpointOf(member(MEMBERS[kind]), source);
  // These have no alias. The customer's browser has no client certificate.
  const ofAll = (kind: OptionalEndpoint): Member => {
    const name = MEMBERS[kind];
    return { name, value: metadata[name] };
  };
  const found: Record<OptionalEndpoint, Endpoint | EndpointFault> = {
    authorization: browserEndpoint(ofAll('authorization'), source),
    jwks: endpointOf(ofAll('jwks'), source),
    pushedAuthorizationRequest: ofClient('pushedAuthorizationRequest'),
    revocation: ofClient('revocation'),
    introspection: ofClient('introspection'),
    arrangementRevocation: ofClient('arrangementRevocation'),
  };
  const usable = (kind: OptionalEndpoint) => {
    const endpoint = found[kind];
    return 'shown' in endpoint ? undefined : endpoint;
  };
  const hide = secretHider(source.secrets);
  return {
    issuer: source.issuer,
    namesIssuer: metadata.authorization_response_iss_parameter_supported === true,
    token,
    refresh: token,
    authorization: usable('authorization')?.url,
    pushedAuthorizationRequest: usable('pushedAuthorizationRequest'),
    revocation: usable('revocation'),
    introspection: usable('introspection'),
    arrangementRevocation: usable('arrangementRevocation'),
    jwks: usable('jwks'),
    algorithms: offeredAlgorithms(metadata, hide),
    offers: bankOffersIn(metadata, hide),
    faults: Object.fromEntries(Object.entries(found).filter(([, endpoint]) => 'shown' in endpoint)),
  };
}

function endpointOf(
  { name, value }: Member,
  { reach, secrets }: MetadataSource,
): Endpoint | EndpointFault {
  try {
    const url = httpsUrl(typeof value === 'string' ? value : '', name);
    if (url.length > LONGEST_ADDRESS) {
      const shown = `an address of more than ${LONGEST_ADDRESS} characters`;
      return { member: name, shown, isAbsent: false };
    }
    if (isSecretShown(new URL(url).host, secrets)) {
      const shown = 'an address whose host contains a secret of the credential';
      return { member: name, shown, isAbsent: false };
    }
    return { url, source: `"${name}" in the metadata of the bank`, reach };
  } catch {
    const isAbsent = value === undefined || value === null || value === '';
    return { member: name, shown: shownValue(value, secrets), isAbsent };
  }
}

/** Whether a host contains a secret. Every message about a connection names the host. A short value may be a word of any host. */
function isSecretShown(host: string, secrets: readonly string[]): boolean {
  const long = secrets.filter(({ length }) => length >= LONG_SECRET);
  return secretHider(long)(host) !== host;
}

/** The address for the customer's browser. This client sends nothing there, so its address is checked here. */
function browserEndpoint(given: Member, source: MetadataSource): Endpoint | EndpointFault {
  const endpoint = endpointOf(given, source);
  const { reach, secrets } = source;
  if (
    'shown' in endpoint ||
    reach !== 'public' ||
    !isInternalHost(new URL(endpoint.url).hostname)
  ) {
    return endpoint;
  }
  const shown = `${shownValue(endpoint.url, secrets)}, in a private network where the issuer is not`;
  return { member: given.name, shown, isAbsent: false };
}

/** A value as a message shows it. */
function shownValue(value: unknown, secrets: readonly string[]): string {
  if (value === undefined) return 'missing';
  if (value === '') return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `"${displayText(value, secrets).slice(0, SHOWN)}"`;
  return isJsonObject(value) ? 'an object' : JSON.stringify(value);
}

function unusableMember({ member, shown }: EndpointFault): OpenBankingError {
  return new OpenBankingError('discovery-failed', {
    problem: 'endpoint',
    values: { name: member, value: shown },
    outcome: 'not-sent',
  });
}
