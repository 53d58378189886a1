import type { ErrorDetails } from '../errors/OpenBankingError';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { ErrorCode } from '../errors/catalogue';
import { secretHider } from '../lib/hiddenSecrets';
import type { HttpResponse } from '../transport/send';
import { adviceFor } from './apiErrorAdvice';
import { meaningOfRefusal, type RefusalCode } from './apiErrorMeaning';
import { apiWords, type Answer, type ApiWords } from './apiErrorWords';
import { pauseIn } from './apiPause';

/** A request to the account API, as far as messages about its answer need it. */
export interface AskedFor {
  /** Absolute. Its query is not shown. */
  readonly url: string;
  /** The `x-fapi-interaction-id` that was sent. */
  readonly interactionId: string;
  readonly authorizedBy: 'consent' | 'token';
  /** Whether the token was refreshed, and the request repeated, before this answer. */
  readonly wasRefreshed: boolean;
  /** Values that must not be shown: the access tokens of the request and of its repeats. */
  readonly secrets: readonly string[];
  /** `undefined` if the list of accounts was asked for. */
  readonly accountId?: string;
  /** Whether the request has a filter of booking dates. */
  readonly hasPeriod: boolean;
}

/**
 * The error for an answer of the account API that is no success: in the dialects of Open Banking UK (v3.1 and v4.0), WSO2, the Berlin Group,
 * problem+json, Apigee and AWS, as a web page, a text, or empty. Status and codes decide what it means. The bank's words are shown.
 *
 * `retryAfter` of the error is the whole pause that the bank asks for in a header, in milliseconds.
 *
 * @returns an error of the stage `api`, or `transport-certificate-refused`
 */
export function apiError(response: HttpResponse, asked: AskedFor): OpenBankingError {
  const words = apiWords(response, secretHider(asked.secrets), asked.interactionId);
  const meaning = meaningOfRefusal(response.status, words, asked);
  const code = ofToken(meaning, asked);
  const pause = pauseIn(response, words.said);
  const error = errorWith(code, {
    ...messageOf(code, meaning, words, asked, pause?.until),
    description: adviceFor(code, { response, words, asked }),
    status: response.status,
    ...(pause && !pause.isInWords && { retryAfter: pause.milliseconds }),
    outcome: response.status >= 500 ? 'unknown' : 'refused',
  });
  return withInteraction(error, asked.interactionId, words.ids);
}

/** A stored consent whose token is refused has to be renewed: there is no other token. */
function ofToken(code: RefusalCode, { authorizedBy }: AskedFor): RefusalCode {
  const isOfConsent = code === 'token-not-accepted' && authorizedBy === 'consent';
  return isOfConsent ? 'consent-not-accepted' : code;
}

function messageOf(
  code: RefusalCode,
  meaning: RefusalCode,
  { answer }: ApiWords,
  asked: AskedFor,
  until: string | undefined,
) {
  const { origin, pathname } = new URL(asked.url);
  const address = origin + pathname;
  const values = { asked: resourceOf(asked.url), address, answer, sender: 'The bank' };
  if (code === 'consent-not-accepted') {
    const isFresh = meaning === 'token-not-accepted' && asked.wasRefreshed;
    return { problem: isFresh ? 'afterRefresh' : 'ended', values };
  }
  if (code === 'api-limit-reached' || code === 'api-unavailable') {
    return until === undefined
      ? { problem: 'noTime', values }
      : { problem: 'time', values: { ...values, time: until } };
  }
  return { values };
}

/** An error whose code is known only at run time. */
function errorWith(
  code: RefusalCode,
  details: Omit<ErrorDetails<'api-refused'>, 'problem' | 'values' | 'message'> & {
    problem?: string;
    values: Record<string, string>;
  },
): OpenBankingError {
  return new OpenBankingError<ErrorCode>(code, details as ErrorDetails<ErrorCode>);
}

/** The beginning of the sentence with the identifiers, which is the last one. */
const SUPPORT = "For the bank's support:";

/**
 * The error with the identifiers by which the bank's support finds the request in its logs.
 *
 * @param ids identifiers that the bank gave, without secrets
 */
export function withInteraction(
  error: OpenBankingError,
  interactionId: string,
  ids: readonly string[] = [],
): OpenBankingError {
  const own = ids.length > 0 ? ` The bank's own: ${ids.join(', ')}.` : '';
  const sentence = `${SUPPORT} x-fapi-interaction-id ${interactionId}.${own}`;
  if (error.description.includes(interactionId)) return error;
  return error.with({ description: `${error.description} ${sentence}` });
}

/** An error that replaces another one of the same request, with its identifiers. */
export function withInteractionOf(
  error: OpenBankingError,
  former: OpenBankingError,
): OpenBankingError {
  const start = former.description.indexOf(SUPPORT);
  if (start < 0) return error;
  return error.with({ description: `${error.description} ${former.description.slice(start)}` });
}

/** An answer in a sentence, for a place `<answer>`: `with status 400: …`. It contains no secret. */
export function answered(response: Answer, secrets: readonly string[] = []): string {
  return apiWords(response, secretHider(secrets)).answer;
}

/** The resources of the account API at the end of a path. */
const RESOURCE = /\/(?:accounts(?:\/[^/]*(?:\/[a-z-]+)?)?|account-access-consents(?:\/[^/]*)?)\/?$/;

/** The resource of an address, without its base and its query: `/accounts/A-1/transactions`. */
export function resourceOf(url: string): string {
  const { pathname } = new URL(url);
  return RESOURCE.exec(pathname)?.[0] ?? pathname;
}
