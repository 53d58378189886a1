import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { HttpResponse } from '../../transport/send';
import { displayText } from '../../lib/displayText';
import { meaningOf, meaningOfDescription, meaningOfGatewayCode } from './knownPhrases';
import { isJsonObject, parseJson } from '../../lib/json';
import { retryAfter } from './retryAfter';

/**
 * The error for an answer that is not a success: an OAuth error with any status and challenge (RFC 6749 §5.2),
 * a refusal of WSO2's API gateway, a web page, or an empty body. With status 429 and 503 it says how long a pause the bank asks for.
 *
 * @param secrets values of the request that must not be shown
 */
export function bankError(response: HttpResponse, secrets: readonly string[]): OpenBankingError {
  const error = refusal(response, secrets);
  const pause = retryAfter(response);
  if (pause === undefined) return error;
  const description = `The bank asks for a pause of ${Math.ceil(pause / 1000)} seconds. ${error.description}`;
  return error.with({ retryAfter: pause, ...(pause > 0 && { description }) });
}

function refusal(response: HttpResponse, secrets: readonly string[]): OpenBankingError {
  const { status } = response;
  const json = parseJson(response.body);
  const refused = isJsonObject(json)
    ? (oauthError(json, status, secrets) ?? gatewayError(json, status, secrets))
    : undefined;
  if (refused) return refused;
  const code = meaningOfStatus(response, secrets);
  if (code === 'response-empty' || code === 'response-unexpected') {
    return unusableBody(response, secrets).with({ outcome: 'refused' });
  }
  return new OpenBankingError(code, {
    values: {
      sender: 'The bank',
      answer: `with status ${status} and ${describeBody(response, secrets)}`,
    },
    status,
    outcome: status >= 500 ? 'unknown' : 'refused',
  });
}

/** The error `response-empty` or `response-unexpected` for an answer whose body is no answer of an authorization server. */
export function unusableBody(response: HttpResponse, secrets: readonly string[]): OpenBankingError {
  const { status } = response;
  if (response.body.length === 0) {
    return new OpenBankingError('response-empty', { values: { status }, status });
  }
  const values = { status, body: describeBody(response, secrets) };
  return new OpenBankingError('response-unexpected', { problem: 'body', values, status });
}

/**
 * The error for an OAuth error. It comes in a response or in a redirect.
 *
 * @param json its parameters
 * @param status of the HTTP response, if it came with one
 * @returns `undefined` if it is no OAuth error
 */
export function oauthError(
  json: Record<string, unknown>,
  status: number | undefined,
  secrets: readonly string[],
): OpenBankingError | undefined {
  const error = displayText(json.error, secrets);
  const description = displayText(json.error_description, secrets);
  if (error === '' && description === '') return undefined;
  // With this status nothing was processed, whatever the body says (RFC 6585 §4).
  const code = status === 429 ? 'too-many-requests' : meaningOf(error, description);
  const answer = [error && `"${error}"`, description].filter(Boolean).join(': ');
  return new OpenBankingError(code, {
    values: { sender: 'The bank', answer },
    status,
    // A server that failed may still have processed the request.
    outcome: code === 'server-error' || (status ?? 0) >= 500 ? 'unknown' : 'refused',
  });
}

/** The error for `{errors: [{code, message, description}]}`, `{code, message, description}` or `{fault: {code, message, description}}`. */
function gatewayError(
  json: Record<string, unknown>,
  status: number,
  secrets: readonly string[],
): OpenBankingError | undefined {
  const inner = Array.isArray(json.errors) ? (json.errors[0] as unknown) : (json.fault ?? json);
  if (!isJsonObject(inner)) return undefined;
  const code = displayText(inner.code, secrets);
  const message = displayText(inner.message, secrets);
  const description = displayText(inner.description, secrets);
  if (!code && !message) return undefined;
  return new OpenBankingError(gatewayMeaning(status, code, `${message} ${description}`), {
    values: { sender: "The bank's gateway", answer: joined([code, message, description]) },
    status,
    outcome: status >= 500 ? 'unknown' : 'refused',
  });
}

/** The parts that are not empty, separated by dashes. Only the last one may end with a full stop. */
function joined(texts: string[]): string {
  const parts = texts.filter(Boolean);
  return parts
    .map((part, index) => (index < parts.length - 1 ? part.replace(/[\s.]+$/, '') : part))
    .join(' – ');
}

function gatewayMeaning(status: number, code: string, words: string): ErrorCode {
  if (status === 429) return 'too-many-requests';
  if (status >= 500) return 'server-error';
  return meaningOfDescription(words) ?? meaningOfGatewayCode(code);
}

/** The error code for an answer that contains no error in JSON. */
function meaningOfStatus(response: HttpResponse, secrets: readonly string[]): ErrorCode {
  const { status, body } = response;
  if (status >= 500) return 'server-error';
  if (status === 429) return 'too-many-requests';
  // Some filters in front of the token endpoint answer in plain text.
  const known = meaningOfDescription(displayText(body.toString('utf8'), secrets));
  if (known) return known;
  if (body.length === 0) return status === 401 ? 'invalid-client' : 'response-empty';
  return 'response-unexpected';
}

/** Number of bytes that are read from a body to find its kind and its title. */
const BEGINNING = 4096;

/** Describes a body that is no OAuth response in a few words. A web page is described by its title. */
export function describeBody(response: HttpResponse, secrets: readonly string[]): string {
  if (response.body.length === 0) return 'an empty body';
  const text = response.body.toString('utf8', 0, BEGINNING).trimStart();
  const type = response.headers['content-type'] ?? '';
  if (text.startsWith('<') || type.includes('html')) {
    const title = displayText(/<title[^>]*>([^<]{1,200})/i.exec(text)?.[1], secrets);
    return `a web page${title && ` titled "${title}"`}`;
  }
  if (parseJson(response.body) !== undefined) return 'JSON that is no OAuth response';
  const words = displayText(text, secrets);
  return meaningOfDescription(words) ? `the words "${words}"` : 'a body that is not JSON';
}
