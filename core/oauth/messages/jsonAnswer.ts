import type { HttpResponse } from '../../transport/send';
import { unusableBody } from './errorResponse';
import { isJsonObject, parseJson } from '../../lib/json';
import { refusedRequest, type SentRequest } from './sentRequest';

/** Whether the status of a response is a success (RFC 9110 §15.3). */
export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status <= 299;
}

/**
 * The JSON object in a response of an endpoint other than the token endpoint (RFC 7662 §2.2, RFC 9126 §2.2).
 *
 * @param sent the request
 * @throws OpenBankingError `response-empty`, `response-unexpected`, and those of `refusedRequest` if the bank refused
 */
export function jsonAnswer(response: HttpResponse, sent: SentRequest): Record<string, unknown> {
  if (!isSuccess(response)) throw refusedRequest(response, sent);
  const answer = parseJson(response.body);
  if (isJsonObject(answer)) return answer;
  throw unusableBody(response, sent.secrets);
}
