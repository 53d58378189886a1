import type { HttpRequest } from '../transport/send';

/** What a token is asked for with. */
export type Grant =
  | { type: 'authorization_code'; code: string; redirectUri: string; scope: string }
  | { type: 'refresh_token'; refreshToken: string }
  | { type: 'client_credentials'; scope: string };

/** How the client says who it is, beside its certificate. */
export interface ClientAuthentication {
  clientId: string;
  /** Nothing for `tls_client_auth`. */
  assertion?: string;
}

/**
 * The token request of a grant (RFC 6749 §4.1.3, §6, §4.4.2; RFC 7523 §2.2), with the parameters in the order of WSO2's documents.
 * An empty scope is left out.
 */
export function tokenRequest(
  endpoint: string,
  grant: Grant,
  { clientId, assertion }: ClientAuthentication,
): HttpRequest {
  const authentication: Parameters = assertion
    ? [
        ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
        ['client_assertion', assertion],
      ]
    : [];
  const client: Parameters = [['client_id', clientId]];
  const parameters: Parameters = [['grant_type', grant.type]];
  switch (grant.type) {
    case 'authorization_code':
      parameters.push(...authentication, ['code', grant.code], ['scope', grant.scope]);
      parameters.push(['redirect_uri', grant.redirectUri], ...client);
      break;
    case 'refresh_token':
      parameters.push(['refresh_token', grant.refreshToken], ...client, ...authentication);
      break;
    case 'client_credentials':
      parameters.push(['scope', grant.scope], ...client, ...authentication);
      break;
  }
  return {
    method: 'POST',
    url: endpoint,
    headers: {
      'Cache-Control': 'no-cache',
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
    },
    body: parameters
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&'),
  };
}

type Parameters = [name: string, value: string][];
