import { OpenBankingError } from '../../errors/OpenBankingError';
import type { HttpResponse } from '../../transport/send';
import { bankError, describeBody, unusableBody } from '../messages/errorResponse';
import { displayText } from '../../lib/displayText';
import { isJsonObject, parseJson } from '../../lib/json';

/** A token response (RFC 6749 §5.1) with at least one token. */
export interface TokenResponse {
  /** The parameters as the bank sent them, not changed. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly receivedAt: Date;
  /** The first rule that the response breaks. The tokens are stored anyway, because the bank may not send them again. */
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
  const parameters = parseJson(response.body);
  if (!isJsonObject(parameters)) {
    if (parameters === undefined) throw unusableBody(response, secrets);
    throw new OpenBankingError('response-invalid', {
      problem: 'body',
      values: { status, body: describeBody(response, secrets) },
      status,
    });
  }
  if (!isToken(parameters.access_token) && !isToken(parameters.refresh_token)) {
    // Some servers send an error with a success status.
    if (parameters.error !== undefined) throw bankError(response, secrets);
    throw new OpenBankingError('response-invalid', { problem: 'noToken', status });
  }
  const broken = brokenRule(parameters);
  return {
    parameters,
    receivedAt: response.receivedAt,
    violation:
      broken && new OpenBankingError('response-invalid', { problem: broken, outcome: 'received' }),
    remarks: remarksOf(response, secrets),
  };
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

/** The rule that a response breaks. The ID token is not checked here: it is verified after the tokens are stored. */
function brokenRule(parameters: Readonly<Record<string, unknown>>) {
  const {
    access_token: accessToken,
    token_type: tokenType,
    expires_in: expiresIn,
    refresh_token: refreshToken,
    scope,
  } = parameters;
  if (!isToken(accessToken)) return 'accessToken';
  if (typeof tokenType !== 'string' || !/^(?:bearer|dpop)$/i.test(tokenType)) {
    return 'tokenType';
  }
  if (expiresIn !== undefined && !isLifetime(expiresIn)) return 'lifetime';
  if (refreshToken !== undefined && !isToken(refreshToken)) return 'refreshToken';
  return scope === undefined || typeof scope === 'string' ? undefined : 'scope';
}

/** Whether a value is a number of seconds. RFC 6749 §5.1 requires a number; some banks send its digits as text. */
function isLifetime(value: unknown): boolean {
  if (typeof value === 'string') return /^\d{1,10}$/.test(value);
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
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
