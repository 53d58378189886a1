import { OpenBankingError } from '../errors/OpenBankingError';
import type { OfferedAlgorithms } from './offeredAlgorithms';
import type { BankSettings } from './settings';
import { endpointOnHost, httpsUrl } from './url';

/** Where an authorization server is asked, and how it calls itself. */
export interface Endpoints {
  /** `iss` of its ID tokens. */
  readonly issuer: string;
  /** Whether its redirects always carry `iss` (RFC 9207 §3); not known where the metadata is not. */
  readonly namesIssuer?: boolean;
  /** Exchanges codes and hands out application tokens. */
  readonly token: string;
  /** Refreshes tokens. */
  readonly refresh: string;
  /** Where the customer's browser is sent to (RFC 6749 §3.1). */
  readonly authorization?: string;
  /** Takes authorization requests beforehand (RFC 9126). */
  readonly pushedAuthorizationRequest?: string;
  /** The keys of its ID tokens (RFC 7517 §5). */
  readonly jwks?: string;
  /** Revokes tokens (RFC 7009). */
  readonly revocation?: string;
  /** Tells about tokens (RFC 7662). */
  readonly introspection?: string;
  /** Where they are known from metadata. */
  readonly algorithms?: OfferedAlgorithms;
}

/**
 * The endpoints that the settings alone tell.
 *
 * WSO2: exchange at `https://<host>:9446/oauth2/token`, refresh at `https://<gateway host>:8243/token` where a gateway is given;
 * its issuer is the URL of the token endpoint unless it was configured otherwise.
 *
 * @throws OpenBankingError `host-missing`, `url-missing`, `url-malformed`, `url-insecure`, `setting-malformed`
 */
export function knownEndpoints(settings: BankSettings): Endpoints {
  switch (settings.bank || 'wso2') {
    case 'wso2': {
      const onHost = (path: string) => endpointOnHost(settings.host, 'Host', 9446, path);
      const token = onHost('/oauth2/token');
      return {
        issuer: settings.issuer?.trim() ? httpsUrl(settings.issuer, 'Issuer') : token,
        token,
        refresh: settings.gatewayHost?.trim()
          ? endpointOnHost(settings.gatewayHost, 'API Gateway Host', 8243, '/token')
          : token,
        authorization: new URL('/oauth2/authorize', token).href,
        pushedAuthorizationRequest: new URL('/oauth2/par', token).href,
        jwks: new URL('/oauth2/jwks', token).href,
        revocation: new URL('/oauth2/revoke', token).href,
        introspection: new URL('/oauth2/introspect', token).href,
      };
    }
    case 'custom': {
      const token = httpsUrl(settings.tokenEndpoint, 'Token Endpoint');
      return {
        issuer: httpsUrl(settings.issuer, 'Issuer'),
        token,
        refresh: settings.refreshEndpoint?.trim()
          ? httpsUrl(settings.refreshEndpoint, 'Refresh Endpoint')
          : token,
        authorization: optional(settings.authorizationEndpoint, 'Authorization Endpoint'),
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

function optional(url: string | undefined, label: string): string | undefined {
  return url?.trim() ? httpsUrl(url, label) : undefined;
}
