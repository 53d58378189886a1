import { OpenBankingError } from '../../errors/OpenBankingError';
import { send, type HttpRequest, type HttpResponse } from '../../transport/send';
import { clientAssertion } from '../jwt/clientAssertion';
import { endpointsOf } from '../bank/discovery';
import type { Endpoint } from '../../profile/endpoints';
import { bankError } from '../messages/errorResponse';
import {
  assertionParameters,
  formRequest,
  type ClientAuthentication,
} from '../messages/formRequest';
import { isSuccess, jsonAnswer } from '../messages/jsonAnswer';
import type { Profile } from '../../profile/profile';
import { explainedByServer } from '../messages/wrongServer';

/** A token that is asked about, or revoked. */
export interface ManagedToken {
  token: string;
  /** Helps the server to find it (RFC 7009 §2.1). */
  hint?: 'access_token' | 'refresh_token';
}

/** The request of a revocation or introspection (RFC 7009 §2.1, RFC 7662 §2.1). */
export function managementRequest(
  endpoint: Endpoint,
  { token, hint = 'access_token' }: ManagedToken,
  authentication: ClientAuthentication,
): HttpRequest {
  return formRequest(endpoint, [
    ['token', token],
    ['token_type_hint', hint],
    ['client_id', authentication.clientId],
    ...assertionParameters(authentication),
  ]);
}

/**
 * Revokes a token: with a refresh token most banks end the access tokens, too. A token that the bank does not know counts as revoked.
 *
 * @throws OpenBankingError `token-missing`, `endpoint-missing`, and where the bank refused
 */
export async function revokeToken(profile: Profile, managed: ManagedToken): Promise<void> {
  const { response, secrets, endpoint } = await ask(profile, 'revocation', managed);
  if (!isSuccess(response)) throw explainedByServer(bankError(response, secrets), endpoint);
}

/**
 * What the bank tells about a token (RFC 7662 §2.2), as it sent it.
 *
 * @throws OpenBankingError `token-missing`, `endpoint-missing`, `introspection-response-invalid`, `response-not-json`, and where the bank refused
 */
export async function introspectToken(
  profile: Profile,
  managed: ManagedToken,
): Promise<Record<string, unknown>> {
  const { response, secrets, endpoint } = await ask(profile, 'introspection', managed);
  const answer = jsonAnswer(response, secrets, endpoint);
  if (typeof answer.active !== 'boolean') {
    const { status } = response;
    throw new OpenBankingError('introspection-response-invalid', {
      message: `The bank answered an introspection with status ${status} and without "active"`,
      status,
    });
  }
  return answer;
}

async function ask(
  profile: Profile,
  kind: 'revocation' | 'introspection',
  managed: ManagedToken,
): Promise<{ response: HttpResponse; secrets: string[]; endpoint: Endpoint }> {
  const token = managed.token.trim();
  if (!token) {
    throw new OpenBankingError('token-missing', { message: '"Token" is empty' });
  }
  const endpoints = await endpointsOf(profile);
  const endpoint = endpoints[kind];
  if (!endpoint) {
    throw new OpenBankingError('endpoint-missing', {
      message: `No ${kind} endpoint is known of this bank`,
    });
  }
  const { signer, clientId, identity, timeouts } = profile;
  const audience = profile.audience(endpoints, endpoint.url);
  const assertion = signer && (await clientAssertion(signer, clientId, audience));
  const request = managementRequest(endpoint, { ...managed, token }, { clientId, assertion });
  const response = await send(request, identity, timeouts);
  return { response, secrets: [token, ...(assertion ? [assertion] : [])], endpoint };
}
