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
  /** Called right before the request is sent. If it throws, the request is not sent. */
  readonly beforeSend?: () => void;
}

/**
 * Sends a POST to an endpoint of the bank, once, with a new client assertion (RFC 7523 §2.2).
 *
 * @throws OpenBankingError as `send`, and the errors of `beforeSend`
 */
export async function authenticatedPost(
  { signer, clientId, audience, identity, timeouts }: Profile,
  endpoints: Endpoints,
  { endpoint, request, beforeSend }: AuthenticatedPost,
): Promise<HttpResponse> {
  const assertion =
    signer && (await clientAssertion(signer, clientId, audience(endpoints, endpoint.url)));
  const authenticated = request({ clientId, assertion });
  beforeSend?.();
  return send(authenticated, identity, timeouts);
}
