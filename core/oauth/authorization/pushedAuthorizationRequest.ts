import { OpenBankingError } from '../../errors/OpenBankingError';
import { send, type HttpRequest, type HttpResponse } from '../../transport/send';
import { textParameters, type AuthorizationParameters } from './authorizationRequest';
import { clientAssertion } from '../jwt/clientAssertion';
import type { Endpoint, Endpoints } from '../../profile/endpoints';
import {
  assertionParameters,
  formRequest,
  type ClientAuthentication,
} from '../messages/formRequest';
import { jsonAnswer } from '../messages/jsonAnswer';
import type { Profile } from '../../profile/profile';

/** What stands for an authorization request that the bank has taken. */
export interface PushedRequest {
  readonly requestUri: string;
  /** Until when a customer can be sent there. */
  readonly expiresAt: Date;
}

/** The request of a pushed authorization request (RFC 9126 §2.1; with a request object §3). */
export function pushedRequest(
  endpoint: Endpoint,
  parameters: AuthorizationParameters,
  authentication: ClientAuthentication,
): HttpRequest {
  return formRequest(endpoint, [
    ['client_id', authentication.clientId],
    ...textParameters(parameters).filter(([name]) => name !== 'client_id'),
    ...assertionParameters(authentication),
  ]);
}

/**
 * Gives the bank an authorization request beforehand (RFC 9126).
 *
 * @param parameters the request, or `request` with a signed request object
 * @throws OpenBankingError `endpoint-missing`, `pushed-response-invalid`, `response-not-json`, and where the bank refused; the outcome is
 *   `not-sent` in every case
 */
export async function pushAuthorizationRequest(
  profile: Profile,
  endpoints: Endpoints,
  parameters: AuthorizationParameters,
): Promise<PushedRequest> {
  const endpoint = endpoints.pushedAuthorizationRequest;
  if (!endpoint) {
    throw new OpenBankingError('endpoint-missing', {
      message: 'No pushed authorization request endpoint is known of this bank',
    });
  }
  const { signer, clientId, identity, timeouts } = profile;
  const audience = profile.audience(endpoints, endpoint.url);
  const assertion = signer && (await clientAssertion(signer, clientId, audience));
  const request = pushedRequest(endpoint, parameters, { clientId, assertion });
  const secrets = [assertion, parameters.request].filter((it) => typeof it === 'string');
  try {
    return readPushedResponse(await send(request, identity, timeouts), secrets, endpoint);
  } catch (error) {
    if (!(error instanceof OpenBankingError)) throw error;
    // No code and no refresh token is in it, whatever became of it.
    throw error.with({ outcome: 'not-sent' });
  }
}

/** Reads what the endpoint answered (RFC 9126 §2.2). */
function readPushedResponse(
  response: HttpResponse,
  secrets: readonly string[],
  endpoint: Endpoint,
): PushedRequest {
  const { status, receivedAt } = response;
  const answer = jsonAnswer(response, secrets, endpoint);
  const { request_uri: requestUri } = answer;
  // Printable ASCII without spaces, as URIs are (RFC 3986 §2), and with a scheme.
  if (typeof requestUri !== 'string' || !/^[a-z][a-z\d+.-]*:[\x21-\x7e]+$/i.test(requestUri)) {
    throw invalid(status, 'request_uri');
  }
  const lifetime = Number(answer.expires_in);
  if (!(lifetime > 0 && lifetime < 1e9)) throw invalid(status, 'expires_in');
  return { requestUri, expiresAt: new Date(receivedAt.getTime() + lifetime * 1000) };
}

function invalid(status: number, name: string): OpenBankingError {
  return new OpenBankingError('pushed-response-invalid', {
    message: `The bank answered a pushed authorization request with status ${status} and without a usable "${name}"`,
    status,
  });
}
