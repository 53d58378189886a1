import { OpenBankingError } from '../../errors/OpenBankingError';
import type { HttpResponse } from '../../transport/send';
import { bankError, describeBody, unusableBody, wordsOf } from '../messages/errorResponse';
import { displayText } from '../../lib/displayText';
import { secretHider, type SecretHider } from '../../lib/hiddenSecrets';
import { isJsonObject, parseJson } from '../../lib/json';
import { typedParameters, usableParameters, withoutEchoes } from './tokenParameters';

/** A token response (RFC 6749 §5.1) with at least one token. */
export interface TokenResponse {
  /** The parameters of the bank that can be used, see `usableParameters` and `typedParameters`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly receivedAt: Date;
  /** Without an access token a response cannot be used. It is stored anyway, because the bank may not send its refresh token again. */
  readonly violation?: OpenBankingError;
  /** Warnings about broken rules that do no harm. */
  readonly remarks: readonly string[];
}

/**
 * Reads the answer of a token endpoint.
 *
 * @param secrets values of the request that no message may show
 * @throws OpenBankingError if no token came: of the stage `authorization-server`, or `response-empty`, `response-unexpected`,
 *   `response-invalid`
 */
export function readTokenResponse(
  response: HttpResponse,
  secrets: readonly string[],
): TokenResponse {
  const { status } = response;
  if (status < 200 || status > 299) throw bankError(response, secrets);
  const answer = parseJson(response.body);
  if (!isJsonObject(answer)) {
    if (answer === undefined) throw unusableBody(response, secrets);
    throw new OpenBankingError('response-invalid', {
      problem: 'body',
      values: { status, body: describeBody(response, secrets) },
      status,
    });
  }
  const received = [answer.access_token, answer.refresh_token, answer.id_token].filter(isToken);
  const hideAll = secretHider([...secrets, ...received]);
  const usable = usableParameters(answer, hideAll);
  const withoutRequest = withoutEchoes(usable, secretHider(secrets));
  const { parameters, remarks } = typedParameters(withoutRequest, hideAll);
  const { access_token: accessToken, refresh_token: refreshToken } = parameters;
  if (!isToken(accessToken) && !isToken(refreshToken)) {
    // Some servers send an error with a success status.
    if (answer.error) throw bankError(response, secrets);
    throw withoutToken(response, hideAll);
  }
  return {
    parameters,
    receivedAt: response.receivedAt,
    ...(!isToken(accessToken) && {
      violation: new OpenBankingError('response-invalid', {
        problem: 'accessToken',
        outcome: 'received',
      }),
    }),
    remarks: [...remarksOf(response, secrets), ...remarks],
  };
}

/** The error for a success without a token. Some banks refuse like this, with the reason in the body. */
function withoutToken(response: HttpResponse, hide: SecretHider): OpenBankingError {
  const { status } = response;
  const words = wordsOf(response, hide);
  return words
    ? new OpenBankingError('response-invalid', {
        problem: 'noTokenSaid',
        values: { words },
        status,
      })
    : new OpenBankingError('response-invalid', { problem: 'noToken', status });
}

/** Whether a body is a JSON object with a token. */
export function holdsToken(body: Buffer): boolean {
  const parameters = parseJson(body);
  if (!isJsonObject(parameters)) return false;
  return isToken(parameters.access_token) || isToken(parameters.refresh_token);
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function remarksOf(response: HttpResponse, secrets: readonly string[]): string[] {
  const { status, headers } = response;
  const remarks = [...(response.remarks ?? [])];
  if (status !== 200) remarks.push(`The bank sent tokens with status ${status} instead of 200.`);
  const type = headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) {
    const label = type ? `as "${displayText(type, secrets)}"` : 'without a content type';
    remarks.push(`The bank sent tokens ${label} instead of "application/json".`);
  }
  return remarks;
}
