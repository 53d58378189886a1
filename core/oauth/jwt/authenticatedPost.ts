import type { Endpoint, Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import { send, type HttpRequest, type HttpResponse } from '../../transport/send';
import type { ClientAuthentication } from '../messages/formRequest';
import { clientAssertion } from './clientAssertion';

/**
 * A POST in which the client authenticates itself. Token requests, revocation, introspection and pushed authorization requests require
 * this.
 */
export interface AuthenticatedPost {
  readonly endpoint: Endpoint;
  /** Makes the request from the client ID and a new client assertion. */
  readonly request: (authentication: ClientAuthentication) => HttpRequest;
}

/**
 * Sends a POST to an endpoint of the bank, once, with a new client assertion (RFC 7523 §2.2) and the extra headers of the credential.
 *
 * @throws OpenBankingError as `send`
 */
export async function authenticatedPost(
  { signer, clientId, audience, identity, timeouts, extraHeaders }: Profile,
  endpoints: Endpoints,
  { endpoint, request }: AuthenticatedPost,
): Promise<HttpResponse> {
  const assertion =
    signer && (await clientAssertion(signer, clientId, audience(endpoints, endpoint.url)));
  const made = request({ clientId, assertion });
  const headers = { ...extraHeaders, ...made.headers };
  return send({ ...made, headers }, identity, timeouts);
}
