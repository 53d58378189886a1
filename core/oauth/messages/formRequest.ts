import type { HttpRequest } from '../../transport/send';
import type { Endpoint } from '../../profile/endpoints';

/** Parameters of a form, in the order in which they are sent. Those with an empty value are not sent. */
export type Parameters = [name: string, value: string][];

/** The proof of the client's identity, in addition to its certificate. */
export interface ClientAuthentication {
  clientId: string;
  /** `undefined` for `tls_client_auth`. */
  assertion?: string;
}

/** The parameters of a client assertion (RFC 7523 §2.2). There are none for `tls_client_auth`. */
export function assertionParameters({ assertion }: ClientAuthentication): Parameters {
  if (!assertion) return [];
  return [
    ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
    ['client_assertion', assertion],
  ];
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
