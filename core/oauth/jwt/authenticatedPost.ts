import type { Endpoint, Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import { send, type HttpRequest, type HttpResponse } from '../../transport/send';
import type { ClientAuthentication } from '../messages/formRequest';
import { sentRequest, type SentRequest } from '../messages/sentRequest';
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

/** An answer, and what a message about it needs of the request. */
export interface AnsweredPost {
  readonly response: HttpResponse;
  readonly sent: SentRequest;
}

/**
 * Sends a POST to an endpoint of the bank, once, with a new client assertion (RFC 7523 §2.2) and the extra headers of the credential.
 *
 * @throws OpenBankingError as `send`
 */
export async function authenticatedPost(
  profile: Profile,
  endpoints: Endpoints,
  { endpoint, request: requestWith }: AuthenticatedPost,
): Promise<AnsweredPost> {
  const { signer, clientId, identity, timeouts, extraHeaders } = profile;
  const audience = signer && profile.audience(endpoints, endpoint.url);
  const assertion =
    signer && audience !== undefined
      ? await clientAssertion(signer, clientId, audience)
      : undefined;
  const made = requestWith({ clientId, assertion });
  const request = { ...made, headers: { ...extraHeaders, ...made.headers } };
  const response = await send(request, identity, timeouts);
  return { response, sent: sentRequest(profile, endpoints, { endpoint, request, audience }) };
}
