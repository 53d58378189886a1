import { OpenBankingError } from '../../errors/OpenBankingError';
import { secretHider } from '../../lib/hiddenSecrets';
import { isJsonObject, parseJson } from '../../lib/json';
import { requiredEndpoint, type Endpoint } from '../../profile/endpoints';
import type { HttpRequest, HttpResponse } from '../../transport/send';
import type { Bank } from '../bank/bank';
import { authenticatedPost, type AnsweredPost } from '../jwt/authenticatedPost';
import {
  clientIdParameters,
  formRequest,
  proofParameters,
  type ClientAuthentication,
  type Parameters,
} from '../messages/formRequest';
import { isSuccess, jsonAnswer } from '../messages/jsonAnswer';
import { refusedRequest } from '../messages/sentRequest';
import { usableParameters, parametersWithout } from './tokenParameters';

/** A token to revoke or introspect. */
export interface ManagedToken {
  token: string;
  /** Helps the server to find the token (RFC 7009 §2.1); `access_token` if not given. */
  hint?: 'access_token' | 'refresh_token';
}

/** The request of a revocation or introspection (RFC 7009 §2.1, RFC 7662 §2.1). */
export function managementRequest(
  endpoint: Endpoint,
  { token, hint = 'access_token' }: ManagedToken,
  authentication: ClientAuthentication,
): HttpRequest {
  const parameters: Parameters = [
    ['token', token],
    ['token_type_hint', hint],
  ];
  return authenticatedForm(endpoint, parameters, authentication);
}

function authenticatedForm(
  endpoint: Endpoint,
  parameters: Parameters,
  authentication: ClientAuthentication,
): HttpRequest {
  return formRequest(endpoint, [
    ...parameters,
    ...clientIdParameters(authentication),
    ...proofParameters(authentication),
  ]);
}

/**
 * Revokes a token. A token that the bank does not know counts as revoked.
 *
 * @throws OpenBankingError `input-missing`, `endpoint-missing`, and the bank's refusal
 */
export async function revokeToken(bank: Bank, managed: ManagedToken): Promise<void> {
  const { response, sent } = await post(bank, 'revocation', managed);
  if (isSuccess(response) || isUnknownToken(response)) return;
  throw refusedRequest(response, sent);
}

/**
 * Ends a consent in Australia, with all its tokens (Consumer Data Standards, CDR Arrangement Revocation endpoint).
 *
 * @param arrangementId `cdr_arrangement_id` of the token response
 * @returns whether it was there; `false` if the bank knows no such arrangement, because it had ended
 * @throws OpenBankingError `endpoint-missing`, and the bank's refusal
 */
export async function endArrangement(bank: Bank, arrangementId: string): Promise<boolean> {
  const endpoints = await bank.endpoints();
  const endpoint = requiredEndpoint(endpoints, 'arrangementRevocation');
  const { response, sent } = await authenticatedPost(bank.profile, endpoints, {
    endpoint,
    request: (authentication) =>
      authenticatedForm(endpoint, [['cdr_arrangement_id', arrangementId]], authentication),
  });
  if (response.status === 422) return false;
  if (isSuccess(response)) return true;
  throw refusedRequest(response, sent);
}

/** Whether a bank refuses a revocation because it does not know the token. RFC 7009 §2.2 asks for a success then, and some banks send this. */
function isUnknownToken({ status, body }: HttpResponse): boolean {
  const json = parseJson(body);
  if (status < 400 || status > 499 || !isJsonObject(json)) return false;
  return json.error === 'invalid_token' || json.error === 'invalid_grant';
}

/**
 * Introspects a token, and returns the bank's answer (RFC 7662 §2.2), without the parameters that n8n cannot show, see `usableParameters`,
 * and without the secrets of the request that it repeats.
 *
 * @throws OpenBankingError `input-missing`, `endpoint-missing`, `response-invalid`, `response-unexpected`, and the bank's refusal
 */
export async function introspectToken(
  bank: Bank,
  managed: ManagedToken,
): Promise<Record<string, unknown>> {
  const { response, sent } = await post(bank, 'introspection', managed);
  const answer = jsonAnswer(response, sent);
  if (typeof answer.active !== 'boolean') {
    const { status } = response;
    throw new OpenBankingError('response-invalid', {
      problem: 'introspection',
      values: { status },
      status,
    });
  }
  const hide = secretHider(sent.secrets);
  return parametersWithout(usableParameters(answer, hide).parameters, hide);
}

async function post(
  bank: Bank,
  kind: 'revocation' | 'introspection',
  managed: ManagedToken,
): Promise<AnsweredPost> {
  const token = managed.token.trim();
  if (!token) {
    throw new OpenBankingError('input-missing', { problem: 'input', values: { input: 'Token' } });
  }
  const endpoints = await bank.endpoints();
  const endpoint = requiredEndpoint(endpoints, kind);
  return authenticatedPost(bank.profile, endpoints, {
    endpoint,
    request: (authentication) => managementRequest(endpoint, { ...managed, token }, authentication),
  });
}
