import { OpenBankingError } from '../../errors/OpenBankingError';
import { requiredEndpoint, type Endpoint, type Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { HttpRequest } from '../../transport/send';
import { authenticatedPost, type AnsweredPost } from '../jwt/authenticatedPost';
import { formRequest, proofParameters, type ClientAuthentication } from '../messages/formRequest';
import { jsonAnswer } from '../messages/jsonAnswer';
import { textParameters, type AuthorizationParameters } from './authorizationRequest';

/** A pushed authorization request: the URI that the bank gave to it, and its expiry. */
export interface PushedRequest {
  readonly requestUri: string;
  /** Time until which a customer can be sent to the bank. */
  readonly expiresAt: Date;
}

/** The HTTP request that pushes an authorization request (RFC 9126 §2.1; with a request object §3). */
export function pushedRequest(
  endpoint: Endpoint,
  parameters: AuthorizationParameters,
  authentication: ClientAuthentication,
): HttpRequest {
  return formRequest(endpoint, [
    // It is a parameter of the authorization request, too, so it also comes beside a header that names the client.
    ['client_id', authentication.clientId],
    ...textParameters(parameters).filter(([name]) => name !== 'client_id'),
    ...proofParameters(authentication),
  ]);
}

/**
 * Pushes an authorization request to the bank (RFC 9126).
 *
 * @param parameters the request, or `request` with a signed request object
 * @throws OpenBankingError `endpoint-missing`, `response-invalid`, `response-unexpected`, and the bank's refusal; always with the
 *   outcome `not-sent`
 */
export async function pushAuthorizationRequest(
  profile: Profile,
  endpoints: Endpoints,
  parameters: AuthorizationParameters,
): Promise<PushedRequest> {
  const endpoint = requiredEndpoint(endpoints, 'pushedAuthorizationRequest');
  try {
    const answered = await authenticatedPost(profile, endpoints, {
      endpoint,
      request: (authentication) => pushedRequest(endpoint, parameters, authentication),
    });
    return readPushedResponse(answered);
  } catch (error) {
    if (!(error instanceof OpenBankingError)) throw error;
    // The request has no code and no refresh token, so the bank cannot use one up.
    throw error.with({ outcome: 'not-sent' });
  }
}

/** Reads the answer of the endpoint (RFC 9126 §2.2). */
function readPushedResponse({ response, sent }: AnsweredPost): PushedRequest {
  const { status, receivedAt } = response;
  const answer = jsonAnswer(response, sent);
  const { request_uri: requestUri } = answer;
  // Printable ASCII without spaces, as URIs are (RFC 3986 §2), and with a scheme.
  if (typeof requestUri !== 'string' || !/^[a-z][a-z\d+.-]*:[\x21-\x7e]+$/i.test(requestUri)) {
    throw invalid(status, 'request_uri');
  }
  const lifetime = Number(answer.expires_in);
  if (!(lifetime > 0 && lifetime < 1e9)) throw invalid(status, 'expires_in');
  return { requestUri, expiresAt: new Date(receivedAt.getTime() + lifetime * 1000) };
}

function invalid(status: number, parameter: string): OpenBankingError {
  return new OpenBankingError('response-invalid', {
    problem: 'pushedRequest',
    values: { status, parameter },
    status,
  });
}
