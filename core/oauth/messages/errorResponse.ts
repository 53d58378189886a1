import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { HttpResponse } from '../../transport/send';
import { decodedText } from '../../lib/decodedText';
import { displayText, plainText } from '../../lib/displayText';
import { secretHider, type SecretHider } from '../../lib/hiddenSecrets';
import { isJsonObject } from '../../lib/json';
import { withoutPartsOfTokens } from '../../lib/tokenWords';
import { isSuccessStatus } from '../../transport/oddAnswer';
import { answerBody, type AnswerBody } from './answerBody';
import { bankWords, type BankWords } from './bankWords';
import { joinedWords } from './joinedWords';
import {
  meaningOf,
  meaningOfCode,
  meaningOfDescription,
  meaningOfGatewayCode,
} from './knownPhrases';
import { askedPause, pauseSentence, retryAfter } from './retryAfter';

/**
 * The error for an answer that is not a success: an OAuth error with any status and challenge (RFC 6749 §5.2), a refusal of WSO2's API
 * gateway, words in JSON or XML of any other dialect, a text, a web page, or an empty body. With status 429 and 503 it says how long a pause
 * the bank asks for.
 *
 * @param secrets values of the request that must not be shown
 */
export function bankError(response: HttpResponse, secrets: readonly string[]): OpenBankingError {
  const body = shownBody(response);
  const error = refusal(response, body, hiderFor(response, [...secrets, ...tokensIn(body)]));
  const asked = askedPause(response);
  if (asked === undefined) return error;
  const description = `${pauseSentence(asked)} ${error.description}`;
  return error.with({ retryAfter: retryAfter(response), ...(asked > 0 && { description }) });
}

/** Tokens that a refusal carries although it is one. Its words may repeat them. */
function tokensIn(body: AnswerBody): string[] {
  const value = body.kind === 'data' && isJsonObject(body.value) ? body.value : {};
  const tokens = [value.access_token, value.refresh_token, value.id_token];
  return tokens.filter((token): token is string => typeof token === 'string');
}

function refusal(response: HttpResponse, body: AnswerBody, hide: SecretHider): OpenBankingError {
  const { status } = response;
  if (body.kind === 'data') {
    const { value } = body;
    const refused =
      (isJsonObject(value) &&
        (oauthRefusal(value, status, hide) ?? gatewayRefusal(value, status, hide))) ||
      dialectRefusal(value, status, hide);
    if (refused) return refused;
  }
  const code = meaningOfStatus(status, body);
  if (code === 'response-empty' || code === 'response-unexpected') {
    return unusableBody(response, hide).with({ outcome: 'refused' });
  }
  return refusalWith(code, status, `with status ${status} and ${described(body, hide)}`);
}

/** The error `response-empty` or `response-unexpected` for an answer whose body is no answer of an authorization server. */
export function unusableBody(
  response: HttpResponse,
  secrets: readonly string[] | SecretHider,
): OpenBankingError {
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
  return oauthRefusal(json, status, hiderFor(undefined, secrets));
}

function oauthRefusal(
  json: Record<string, unknown>,
  status: number | undefined,
  hide: SecretHider,
): OpenBankingError | undefined {
  const { error: given, error_description: description, ...others } = json;
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  if (!isText(given) && !isText(description)) return undefined;
  const error = isText(given) ? displayText(given, hide) : '';
  // Some servers put an error of another dialect into the description.
  const words = bankWords([{ description }, others], status);
  const unnamed = words.all.filter((word) => word !== given);
  const said = joinedWords(unnamed, hide);
  const code =
    status === 429
      ? 'too-many-requests'
      : meaningOf({
          error: plainText(given),
          description: plainText(unnamed.join(' ')),
          codes: words.codes,
          status,
        });
  return refusalWith(code, status, [error && `"${error}"`, said].filter(Boolean).join(': '));
}

/** The error for `{errors: [{code, message, description}]}`, `{code, message, description}` or `{fault: {code, message, description}}`. */
function gatewayRefusal(
  json: Record<string, unknown>,
  status: number,
  hide: SecretHider,
): OpenBankingError | undefined {
  const inner = Array.isArray(json.errors) ? (json.errors[0] as unknown) : (json.fault ?? json);
  if (!isJsonObject(inner)) return undefined;
  const { message, description } = inner;
  const code = typeof inner.code === 'number' ? String(inner.code) : asText(inner.code);
  // Codes of WSO2's gateway have six digits. In a fault and in the format of Open Banking it may give the status.
  const isGateways = /^9\d{5}$/.test(code);
  const isStatus = /^\d{3}$/.test(code) && typeof description === 'string';
  if (!isGateways && !isStatus) return undefined;
  const said = joinedWords([code, message, description], hide);
  return refusalWith(
    gatewayMeaning(status, code, `${asText(message)} ${asText(description)}`),
    status,
    said,
    "The bank's gateway",
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function gatewayMeaning(status: number, code: string, words: string): ErrorCode {
  return (
    meaningOfStatusAlone(status) ??
    meaningOfDescription(plainText(words)) ??
    meaningOfGatewayCode(code)
  );
}

/** The error for words in another dialect; `undefined` if there are no words. */
function dialectRefusal(
  value: unknown,
  status: number,
  hide: SecretHider,
): OpenBankingError | undefined {
  const words = bankWords(value, status);
  if (words.all.length === 0) return undefined;
  const said = joinedWords(words.all, hide);
  // Numbers alone give no reason.
  const isReason = /\p{L}/u.test(said);
  const code = isReason
    ? dialectMeaning(words, status)
    : (meaningOfStatusAlone(status) ?? 'response-unexpected');
  if (code === 'response-unexpected') {
    const values = { status, body: `the words "${said}"` };
    return new OpenBankingError(code, { problem: 'body', values, status, outcome: 'refused' });
  }
  return refusalWith(code, status, `with status ${status}: ${said}`);
}

/** The meaning of words that do not come from an OAuth error. */
function dialectMeaning({ all, codes }: BankWords, status: number): ErrorCode {
  const ofStatus = meaningOfStatusAlone(status);
  if (ofStatus) return ofStatus;
  const known = meaningOfDescription(plainText(all.join(' '))) ?? meaningOfCode(codes);
  if (known) return known;
  // RFC 9110 §15.5.2. At these endpoints only the client logs in.
  if (status === 401) return 'invalid-client';
  return NOT_THERE.has(status) ? 'response-unexpected' : 'bank-refused';
}

/** The meaning of a status with which the words do not matter. */
function meaningOfStatusAlone(status: number): ErrorCode | undefined {
  if (status === 429) return 'too-many-requests';
  return status >= 500 ? 'server-error' : undefined;
}

/** Statuses of a server that has no such endpoint. */
const NOT_THERE = new Set([404, 405, 410, 415, 501]);

/** The error code for an answer whose body has no error in JSON or XML. */
function meaningOfStatus(status: number, body: AnswerBody): ErrorCode {
  const ofStatus = meaningOfStatusAlone(status);
  if (ofStatus) return ofStatus;
  // Some filters in front of the token endpoint answer in plain text.
  const said = body.kind === 'text' ? plainText(body.text) : '';
  const known = meaningOfDescription(said) ?? meaningOfCode([said]);
  if (known) return known;
  if (body.kind === 'empty') return status === 401 ? 'invalid-client' : 'response-empty';
  return 'response-unexpected';
}

function refusalWith(
  code: ErrorCode,
  status: number | undefined,
  answer: string,
  sender = 'The bank',
): OpenBankingError {
  return new OpenBankingError(code as 'bank-refused', {
    values: { sender, answer },
    status,
    // A server that failed may still have processed the request. With 429 nothing was processed, whatever the body says (RFC 6585 §4).
    outcome: code === 'server-error' || (status ?? 0) >= 500 ? 'unknown' : 'refused',
  });
}

/** Describes a body that is no OAuth response: by its words, or by the title of a web page. */
export function describeBody(
  response: HttpResponse,
  secrets: readonly string[] | SecretHider,
): string {
  return described(shownBody(response), hiderFor(response, secrets));
}

/**
 * Hides secrets in the words of an answer. A success may hold new tokens under any name, as may a refusal that names a token, and a redirect
 * may hold a code: only plain words of them are shown.
 *
 * @param response `undefined` for a redirect
 */
function hiderFor(
  response: HttpResponse | undefined,
  secrets: readonly string[] | SecretHider,
): SecretHider {
  const hide = typeof secrets === 'function' ? secrets : secretHider(secrets);
  const mayHoldMore =
    response === undefined ||
    isSuccessStatus(response.status) ||
    TOKEN_NAME.test(response.body.toString('latin1', 0, LONGEST_SHOWN));
  return mayHoldMore ? (text) => withoutPartsOfTokens(hide(text)) : hide;
}

/** The name of a token in a token response, also in capitals. */
const TOKEN_NAME = /(?:access|refresh|id)[_-]?token/i;

/** Characters of a text that are looked at. `displayText` shows fewer. */
const LONGEST_SHOWN = 16_384;

/** A token response, whole or damaged: the name of a token, or signs as between the members of JSON. */
const TOKEN_RESPONSE =
  /(?:access|refresh|id)[_-]?token[^\w\s]{0,8}\s?[:=]|"\s*[:,]\s*["{[\d]|[{[]\s*"/i;

/** One word, as some servers give for a reason. */
const ONE_WORD = /^[a-z]+(?:[_.:-][a-z\d]{1,20})*[.!]?$/i;

/**
 * The body of an answer, without a text that may be a damaged token response: it may hold new tokens. Of JSON, XML and forms, only
 * members are shown later whose names mean a reason.
 */
function shownBody(response: HttpResponse): AnswerBody {
  const body = answerBody(response);
  const isHidden =
    body.kind === 'text' && (isSuccessStatus(response.status) || mayHoldTokens(body.text));
  return isHidden ? { kind: 'binary' } : body;
}

/** Whether a text may be a token response, also an escaped one. Only the beginning of a text is shown. */
function mayHoldTokens(text: string): boolean {
  // Reasons are words with spaces, or one word.
  if (!/\s/.test(text) && !ONE_WORD.test(text)) return true;
  return TOKEN_RESPONSE.test(decodedText(text.slice(0, LONGEST_SHOWN)).text);
}

/** The words of a body in JSON, a form or XML; empty if it has none. */
export function wordsOf(response: HttpResponse, hide: SecretHider): string {
  const body = shownBody(response);
  return body.kind === 'data'
    ? joinedWords(bankWords(body.value).all, hiderFor(response, hide))
    : '';
}

function described(body: AnswerBody, hide: SecretHider): string {
  switch (body.kind) {
    case 'empty':
      return 'an empty body';
    case 'binary':
      return 'a body that is not JSON';
    case 'page': {
      const title = displayText(body.title, hide);
      return `a web page${title && ` titled "${title}"`}`;
    }
    case 'text':
      return `the words "${withoutPartsOfTokens(displayText(body.text, hide))}"`;
    case 'data': {
      const said = joinedWords(bankWords(body.value).all, hide);
      return said ? `the words "${said}"` : `${body.format} that is no OAuth response`;
    }
  }
}
