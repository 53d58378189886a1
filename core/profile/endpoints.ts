import { OpenBankingError } from '../errors/OpenBankingError';
import type { OfferedAlgorithms } from './offeredAlgorithms';
import type { BankSettings } from './settings';
import { endpointOnHost, httpsUrl } from './url';

/** An address of the bank. */
export interface Endpoint {
  readonly url: string;
  /** Where the address is from, for messages: `"Host" in the credential`. */
  readonly source: string;
  /** WSO2: which of its servers has the endpoint. */
  readonly server?: 'identityServer' | 'apiGateway';
}

/** Where an authorization server is asked, and how it calls itself. */
export interface Endpoints {
  /** `iss` of its ID tokens. */
  readonly issuer: string;
  /** Whether its redirects always carry `iss` (RFC 9207 §3); not known where the metadata is not. */
  readonly namesIssuer?: boolean;
  /** Exchanges codes and hands out application tokens. */
  readonly token: Endpoint;
  /** Refreshes tokens. */
  readonly refresh: Endpoint;
  /** Where the customer's browser is sent to (RFC 6749 §3.1). */
  readonly authorization?: string;
  /** Takes authorization requests beforehand (RFC 9126). */
  readonly pushedAuthorizationRequest?: Endpoint;
  /** The keys of its ID tokens (RFC 7517 §5). */
  readonly jwks?: Endpoint;
  /** Revokes tokens (RFC 7009). */
  readonly revocation?: Endpoint;
  /** Tells about tokens (RFC 7662). */
  readonly introspection?: Endpoint;
  /** Where they are known from metadata. */
  readonly algorithms?: OfferedAlgorithms;
}

/**
 * The endpoints that the settings alone tell.
 *
 * WSO2: tokens at `https://<host>:9446/oauth2/token`. Refreshing is done there, too, unless `refreshAt` says otherwise: gateways before
 * WSO2 API Manager 4.0 refresh at `https://<gateway host>:8243/token`, later ones have no token endpoint. The issuer is the URL of the
 * token endpoint unless it was configured otherwise.
 *
 * @throws OpenBankingError `host-missing`, `url-missing`, `url-malformed`, `url-insecure`, `setting-malformed`
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
      throw new OpenBankingError('setting-malformed', { message: '"Bank" has an unknown value' });
  }
}

function refreshesAtGateway({ refreshAt }: BankSettings): boolean {
  switch (refreshAt || 'identityServer') {
    case 'identityServer':
      return false;
    case 'apiGateway':
      return true;
    default:
      throw new OpenBankingError('setting-malformed', {
        message: '"Refresh At" has an unknown value',
      });
  }
}

function gatewayToken({ gatewayHost }: BankSettings): Endpoint {
  if (!gatewayHost?.trim()) {
    throw new OpenBankingError('host-missing', {
      message: '"API Gateway Host" is empty, and "Refresh At" names the API gateway',
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
