import type { HttpResponse } from '../../transport/send';
import type { Endpoint } from '../../profile/endpoints';
import { bankError, unusableBody } from './errorResponse';
import { isJsonObject, parseJson } from '../../lib/json';
import { explainedByServer } from './wrongServer';

/** Whether the status of a response is a success (RFC 9110 §15.3). */
export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status <= 299;
}

/**
 * The JSON object in a response of an endpoint other than the token endpoint (RFC 7662 §2.2, RFC 9126 §2.2).
 *
 * @param secrets values of the request that must not be shown in a message
 * @param endpoint the endpoint that was called
 * @throws OpenBankingError `response-empty`, `response-unexpected`, `wrong-server`, and those of `bankError` if the bank refused
 */
export function jsonAnswer(
  response: HttpResponse,
  secrets: readonly string[],
  endpoint: Endpoint,
): Record<string, unknown> {
  if (!isSuccess(response)) throw explainedByServer(bankError(response, secrets), endpoint);
  const answer = parseJson(response.body);
  if (isJsonObject(answer)) return answer;
  throw unusableBody(response, secrets);
}
