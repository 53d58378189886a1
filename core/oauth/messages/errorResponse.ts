import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { HttpResponse } from '../../transport/send';
import { bankText } from '../../lib/bankText';
import { meaningOf, meaningOfDescription, meaningOfGatewayCode } from './bankWords';
import { isJsonObject, parseJson } from '../../lib/json';

/**
 * What an answer other than a success means: an OAuth error whatever its status and challenge (RFC 6749 §5.2),
 * a gateway's refusal (WSO2's three formats), a web page, or nothing.
 *
 * @param secrets values of the request that must not be shown
 */
export function bankError(response: HttpResponse, secrets: readonly string[]): OpenBankingError {
  const { status } = response;
  const json = parseJson(response.body);
  const refused = isJsonObject(json)
    ? (oauthError(json, status, secrets) ?? gatewayError(json, status, secrets))
    : undefined;
  if (refused) return refused;
  const what = describeBody(response, secrets);
  if (status >= 500) {
    return new OpenBankingError('server-error', {
      message: `The bank answered with status ${status} and ${what}`,
      status,
      outcome: 'unknown',
    });
  }
  return new OpenBankingError(unexplained(status, response, secrets), {
    message: `The bank refused with status ${status} and ${what}`,
    status,
    outcome: 'refused',
  });
}

/**
 * An OAuth error, also one that came with a redirect.
 *
 * @param json its parameters
 * @param status where it came with an HTTP response
 */
export function oauthError(
  json: Record<string, unknown>,
  status: number | undefined,
  secrets: readonly string[],
): OpenBankingError | undefined {
  const error = bankText(json.error, secrets);
  const description = bankText(json.error_description, secrets);
  if (error === '' && description === '') return undefined;
  const code = meaningOf(error, description);
  return new OpenBankingError(code, {
    message: `The bank answered${error && ` "${error}"`}${description && `: ${description}`}`,
    status,
    // After a fault of its own a server may have done what it was asked to.
    outcome: code === 'server-error' || (status ?? 0) >= 500 ? 'unknown' : 'refused',
  });
}

/** `{errors: [{code, message, description}]}`, `{code, message, description}` and `{fault: {code, message, description}}`. */
function gatewayError(
  json: Record<string, unknown>,
  status: number,
  secrets: readonly string[],
): OpenBankingError | undefined {
  const inner = Array.isArray(json.errors) ? (json.errors[0] as unknown) : (json.fault ?? json);
  if (!isJsonObject(inner)) return undefined;
  const [code, message, description] = [inner.code, inner.message, inner.description].map((text) =>
    bankText(text, secrets),
  );
  if (!code && !message) return undefined;
  return new OpenBankingError(gatewayMeaning(status, code!, `${message} ${description}`), {
    message: `The bank's gateway answered ${joined([code!, message!, description!])}`,
    status,
    outcome: status >= 500 ? 'unknown' : 'refused',
  });
}

/** The parts that say something, those in the middle without a full stop. */
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

function unexplained(
  status: number,
  response: HttpResponse,
  secrets: readonly string[],
): ErrorCode {
  if (status === 429) return 'too-many-requests';
  // Some filters in front of the token endpoint answer with nothing but their words.
  const known = meaningOfDescription(bankText(response.body.toString('utf8'), secrets));
  if (known) return known;
  if (response.body.length === 0)
    return status === 401 ? 'client-refused-silently' : 'response-empty';
  return parseJson(response.body) === undefined ? 'response-not-json' : 'bank-refused';
}

/** Bytes of a body in which its kind and its title are looked for. */
const BEGINNING = 4096;

/** What a body is that is no JSON, in a few words; of a web page its title. */
export function describeBody(response: HttpResponse, secrets: readonly string[]): string {
  if (response.body.length === 0) return 'an empty body';
  const text = response.body.toString('utf8', 0, BEGINNING).trimStart();
  const type = response.headers['content-type'] ?? '';
  if (text.startsWith('<') || type.includes('html')) {
    const title = bankText(/<title[^>]*>([^<]{1,200})/i.exec(text)?.[1], secrets);
    return `a web page${title && ` titled "${title}"`}`;
  }
  if (parseJson(response.body) !== undefined) return 'JSON that is no OAuth response';
  const words = bankText(text, secrets);
  return meaningOfDescription(words) ? `the words "${words}"` : 'a body that is not JSON';
}
