import { OpenBankingError } from '../errors/OpenBankingError';
import type { Reach } from '../transport/reach';
import type { BankOffers } from './bankOffers';
import type { OfferedAlgorithms } from './offeredAlgorithms';
import type { BankSettings } from './settings';
import { endpointOnHost, httpsUrl } from './url';

/** An address of the bank. */
export interface Endpoint {
  readonly url: string;
  /** The setting that the address comes from, for messages: `"Host" in the credential`. */
  readonly source: string;
  /** WSO2: the server that has the endpoint. */
  readonly server?: 'identityServer' | 'apiGateway';
  /** The addresses that it may be at; any if the address is from the credential. */
  readonly reach?: Reach;
}

/** Name and addresses of an authorization server. */
export interface Endpoints {
  /** `iss` of its ID tokens. */
  readonly issuer: string;
  /** Whether its redirects always contain `iss` (RFC 9207 §3); `undefined` if there is no metadata. */
  readonly namesIssuer?: boolean;
  /** Exchanges codes and issues application tokens. */
  readonly token: Endpoint;
  /** Refreshes tokens. */
  readonly refresh: Endpoint;
  /** Address to which the customer's browser is sent (RFC 6749 §3.1). */
  readonly authorization?: string;
  /** Accepts pushed authorization requests (RFC 9126). */
  readonly pushedAuthorizationRequest?: Endpoint;
  /** Publishes the keys of its ID tokens (RFC 7517 §5). */
  readonly jwks?: Endpoint;
  /** Revokes tokens (RFC 7009). */
  readonly revocation?: Endpoint;
  /** Introspects tokens (RFC 7662). */
  readonly introspection?: Endpoint;
  /** Ends a consent in Australia (Consumer Data Standards, CDR Arrangement Revocation endpoint). */
  readonly arrangementRevocation?: Endpoint;
  /** Signature algorithms that its metadata lists; `undefined` if there is no metadata. */
  readonly algorithms?: OfferedAlgorithms;
  /** Further offers of its metadata; `undefined` if there is no metadata. */
  readonly offers?: BankOffers;
  /** The reasons why endpoints are `undefined`, if there is metadata. */
  readonly faults?: Readonly<Partial<Record<OptionalEndpoint, EndpointFault>>>;
}

/** The endpoints that only some operations need. */
export type OptionalEndpoint =
  | 'authorization'
  | 'pushedAuthorizationRequest'
  | 'jwks'
  | 'revocation'
  | 'introspection'
  | 'arrangementRevocation';

/** The reason why the metadata of a bank names no usable endpoint. */
export interface EndpointFault {
  /** The member of the metadata. */
  readonly member: string;
  /** Its value, as a message shows it. */
  readonly shown: string;
  /** Whether it is missing, `null` or empty. */
  readonly isAbsent: boolean;
}

/** The names of endpoints in messages. */
const NAMES: Readonly<Record<OptionalEndpoint, string>> = {
  authorization: 'authorization endpoint',
  pushedAuthorizationRequest: 'pushed authorization request endpoint',
  jwks: 'JWKS URL',
  revocation: 'revocation endpoint',
  introspection: 'introspection endpoint',
  arrangementRevocation: 'CDR arrangement revocation endpoint',
};

/**
 * An endpoint that an operation needs.
 *
 * @throws OpenBankingError `endpoint-missing`, or `discovery-failed` if metadata names it and it cannot be used
 */
export function requiredEndpoint<Kind extends OptionalEndpoint>(
  endpoints: Endpoints,
  kind: Kind,
): NonNullable<Endpoints[Kind]> {
  const { [kind]: endpoint, faults } = endpoints;
  if (endpoint !== undefined) return endpoint;
  const name = NAMES[kind];
  const fault = faults?.[kind];
  if (!fault) {
    throw new OpenBankingError('endpoint-missing', {
      problem: 'unknown',
      values: { endpoint: name },
    });
  }
  const { member, shown: value, isAbsent } = fault;
  if (isAbsent) {
    throw new OpenBankingError('endpoint-missing', {
      problem: 'metadata',
      values: { endpoint: name, member, value },
    });
  }
  throw new OpenBankingError('discovery-failed', {
    problem: 'endpoint',
    values: { name: member, value },
    outcome: 'not-sent',
  });
}

/**
 * The endpoints of a bank whose settings need no discovery.
 *
 * WSO2: tokens are exchanged and refreshed at `https://<host>:9446/oauth2/token`. If `refreshAt` is the gateway, they are refreshed at
 * `https://<gateway host>:8243/token`; gateways from WSO2 API Manager 4.0 on have no token endpoint. The issuer is the URL of the token
 * endpoint unless the settings name another one.
 *
 * @throws OpenBankingError `field-missing`, `url-malformed`, `field-malformed`
 */
export function knownEndpoints(settings: BankSettings): Endpoints {
  switch (settings.bank || 'wso2') {
    case 'wso2': {
      const url = endpointOnHost(settings.host, 'Host', 9446, '/oauth2/token');
      const onHost = (path: string): Endpoint => ({
        url: new URL(path, url).href,
        source: inCredential('Host'),
        server: 'identityServer',
      });
      const token = { ...onHost('/oauth2/token'), url };
      return {
        issuer: settings.issuer?.trim() ? httpsUrl(settings.issuer, 'Issuer') : url,
        token,
        refresh: refreshesAtGateway(settings) ? gatewayToken(settings) : token,
        authorization: onHost('/oauth2/authorize').url,
        pushedAuthorizationRequest: onHost('/oauth2/par'),
        jwks: onHost('/oauth2/jwks'),
        revocation: onHost('/oauth2/revoke'),
        introspection: onHost('/oauth2/introspect'),
      };
    }
    case 'custom': {
      const token = given(settings.tokenEndpoint, 'Token Endpoint');
      return {
        issuer: httpsUrl(settings.issuer, 'Issuer'),
        token,
        refresh: optional(settings.refreshEndpoint, 'Refresh Endpoint') ?? token,
        authorization: optional(settings.authorizationEndpoint, 'Authorization Endpoint')?.url,
        pushedAuthorizationRequest: optional(
          settings.pushedAuthorizationRequestEndpoint,
          'Pushed Authorization Request Endpoint',
        ),
        jwks: optional(settings.jwksUri, 'JWKS URL'),
        revocation: optional(settings.revocationEndpoint, 'Revocation Endpoint'),
        introspection: optional(settings.introspectionEndpoint, 'Introspection Endpoint'),
      };
    }
    default:
      throw new OpenBankingError('field-malformed', {
        problem: 'unknownValue',
        values: { field: 'Bank' },
      });
  }
}

function refreshesAtGateway({ refreshAt }: BankSettings): boolean {
  switch (refreshAt || 'identityServer') {
    case 'identityServer':
      return false;
    case 'apiGateway':
      return true;
    default:
      throw new OpenBankingError('field-malformed', {
        problem: 'unknownValue',
        values: { field: 'Refresh At' },
      });
  }
}

function gatewayToken({ gatewayHost }: BankSettings): Endpoint {
  if (!gatewayHost?.trim()) {
    throw new OpenBankingError('field-missing', {
      problem: 'gatewayHost',
      description:
        'Fill in "API Gateway Host" in the credential, for example "api.bank.example:8243", or set "Refresh At" to "Identity Server".',
    });
  }
  return {
    url: endpointOnHost(gatewayHost, 'API Gateway Host', 8243, '/token'),
    source: inCredential('API Gateway Host'),
    server: 'apiGateway',
  };
}

function given(url: string | undefined, label: string): Endpoint {
  return { url: httpsUrl(url, label), source: inCredential(label) };
}

function optional(url: string | undefined, label: string): Endpoint | undefined {
  return url?.trim() ? given(url, label) : undefined;
}

function inCredential(label: string): string {
  return `"${label}" in the credential`;
}
