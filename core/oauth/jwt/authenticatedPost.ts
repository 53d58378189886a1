import type { Endpoint, Endpoints } from '../../profile/endpoints';
import { basicAuthorization } from '../../profile/clientAuthentication';
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
  /** Makes the request from the client ID and a new proof of who the client is. Its header `Authorization` is added later. */
  readonly request: (authentication: ClientAuthentication) => HttpRequest;
}

/** An answer, and what a message about it needs of the request. */
export interface AnsweredPost {
  readonly response: HttpResponse;
  readonly sent: SentRequest;
}

/**
 * Sends a POST to an endpoint of the bank, once, with the proof of who the client is and the extra headers of the credential.
 *
 * @throws OpenBankingError as `send`
 */
export async function authenticatedPost(
  profile: Profile,
  endpoints: Endpoints,
  { endpoint, request: requestWith }: AuthenticatedPost,
): Promise<AnsweredPost> {
  const { signer, identity, timeouts, extraHeaders } = profile;
  const audience = signer && profile.audience(endpoints, endpoint.url);
  const authentication = await authenticate(profile, audience);
  const { authorization } = authentication;
  const made = requestWith(authentication);
  const headers = {
    ...extraHeaders,
    ...made.headers,
    ...(authorization !== undefined && { Authorization: authorization }),
  };
  const request = { ...made, headers };
  const response = await send(request, identity, timeouts);
  return { response, sent: sentRequest(profile, endpoints, { endpoint, request, audience }) };
}

/** The proof of who the client is. An assertion is new for each request. @param audience of an assertion; `undefined` if there is none */
async function authenticate(
  { authentication: { method, secret }, signer, clientId }: Profile,
  audience: string | undefined,
): Promise<ClientAuthentication> {
  switch (method) {
    case 'client_secret_basic':
      return { clientId, authorization: basicAuthorization(clientId, secret) };
    case 'client_secret_post':
      return { clientId, secret };
    default: {
      if (!signer || audience === undefined) return { clientId };
      return { clientId, assertion: await clientAssertion(signer, clientId, audience) };
    }
  }
}
