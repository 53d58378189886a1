import type { HttpRequest } from '../../transport/send';
import type { Endpoint } from '../../profile/endpoints';

/** Parameters of a form, in the order in which they are sent. Those with an empty value are not sent. */
export type Parameters = [name: string, value: string][];

/** The proof of the client's identity, in addition to its certificate. It has at most one of the three (RFC 6749 §2.3). */
export interface ClientAuthentication {
  clientId: string;
  /** The assertion (`private_key_jwt`). */
  assertion?: string;
  /** The secret for the form (`client_secret_post`). */
  secret?: string;
  /** The header `Authorization` with client ID and secret (`client_secret_basic`). */
  authorization?: string;
}

/** The parameters that prove who the client is (RFC 7523 §2.2, RFC 6749 §2.3.1). There are none if the certificate or a header does. */
export function proofParameters({ assertion, secret }: ClientAuthentication): Parameters {
  if (secret) return [['client_secret', secret]];
  if (!assertion) return [];
  return [
    ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
    ['client_assertion', assertion],
  ];
}

/** The parameter `client_id`. It is left out if a header names the client: some servers take it for a second way of authentication. */
export function clientIdParameters(authentication: ClientAuthentication): Parameters {
  const { clientId, authorization } = authentication;
  return authorization === undefined ? [['client_id', clientId]] : [];
}

/** A POST request with a form (RFC 6749, appendix B) to an endpoint of the authorization server. */
export function formRequest({ url, source, reach }: Endpoint, parameters: Parameters): HttpRequest {
  return {
    method: 'POST',
    url,
    source,
    reach,
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
