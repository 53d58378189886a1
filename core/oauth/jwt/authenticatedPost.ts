import type { Endpoint, Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import { send, type HttpRequest, type HttpResponse } from '../../transport/send';
import type { ClientAuthentication } from '../messages/formRequest';
import { clientAssertion } from './clientAssertion';

/** A POST in which the client authenticates itself: the token endpoint, revocation, introspection and pushed requests take no other. */
export interface AuthenticatedPost {
  readonly endpoint: Endpoint;
  /** Makes the request, given the client ID and a new client assertion. */
  readonly request: (authentication: ClientAuthentication) => HttpRequest;
  /** Called right before the request is sent. If it throws, nothing is sent. */
  readonly beforeSend?: () => void;
}

/**
 * Sends a POST to an endpoint of the bank, once, with a client assertion of its own (RFC 7523 §2.2).
 *
 * @throws OpenBankingError as `send`, and what `beforeSend` throws
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
