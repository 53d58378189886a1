import { OpenBankingError } from '../../errors/OpenBankingError';
import {
  applicationForbidden,
  applicationScope,
  applicationTokenUnusable,
  consentDatesRefused,
  consentRefused,
  createdPerhaps,
  endedPerhaps,
  noConsentsHere,
  permissionsRefused,
} from '../../errors/rows/apiErrors';
import { secretHider } from '../../lib/hiddenSecrets';
import type { HttpResponse } from '../../transport/send';
import { apiError, withInteraction, withInteractionOf } from '../apiError';
import { apiWords, type ApiWords } from '../apiErrorWords';
import { obieMeaning } from '../obieCodes';
import type { ConsentMethod } from './consentRequest';
import { lackingPermission } from './permissionRules';

/** A request for consents, as far as messages about its answer need it. */
export interface AskedConsent {
  readonly method: ConsentMethod;
  /** Absolute. */
  readonly url: string;
  /** The `x-fapi-interaction-id` that was sent. */
  readonly interactionId: string;
  /** Values that must not be shown: the access tokens of the request and of its repeat, and values of its headers. */
  readonly secrets: readonly string[];
  /** Those of them that must not be in data. */
  readonly secretsInData?: readonly string[];
  /** `undefined` if a consent is created. */
  readonly consentId?: string;
  /** The permissions of a consent that is created. */
  readonly permissions?: readonly string[];
}

/** The error for an answer that is no success. Status and codes decide what it means, as in `apiError`. */
export function consentError(response: HttpResponse, asked: AskedConsent): OpenBankingError {
  const { url, interactionId, secrets } = asked;
  const request = { url, interactionId, secrets };
  const general = apiError(response, {
    ...request,
    ...{ authorizedBy: 'token', wasRefreshed: false, hasPeriod: false },
  });
  const words = apiWords(response, secretHider(secrets), interactionId);
  const special = specialError(general, words, asked);
  return special === general ? general : withInteractionOf(special, general);
}

/** The error of a request whose answer did not arrive. */
export function unansweredConsent(
  failure: OpenBankingError,
  asked: AskedConsent,
): OpenBankingError {
  const { outcome, status = 0 } = failure;
  if (outcome === 'not-sent') return failure;
  // A redirect is an answer, and nothing was done.
  const isAnswered = status >= 300 && status < 400;
  const error = asked.method === 'GET' || isAnswered ? failure : outcomeUnknown(failure, asked);
  return withInteraction(error, asked.interactionId);
}

/** The error of a success that cannot be read, after a request that created a consent. */
export function unreadableConsent(
  failure: OpenBankingError,
  asked: AskedConsent,
): OpenBankingError {
  const { description } = failure;
  const error =
    asked.method === 'POST'
      ? failure.with({ description: `The bank may have created a consent. ${description}` })
      : failure;
  return withInteraction(error, asked.interactionId);
}

/** Whether the bank says that it has no such consent: by a code, because status 404 may also come from a gateway. */
export function saysUnknown(response: HttpResponse, asked: AskedConsent): boolean {
  const { codes } = apiWords(response, secretHider(asked.secrets), asked.interactionId);
  const isNotFound = (code: string) => obieMeaning(code) === 'resource.notfound';
  return response.status < 500 && codes.some(isNotFound);
}

function specialError(
  general: OpenBankingError,
  words: ApiWords,
  asked: AskedConsent,
): OpenBankingError {
  const { code, status, outcome } = general;
  switch (code) {
    case 'api-address-wrong':
      if (asked.consentId === undefined) return advised(general, noConsentsHere);
      return status === 405 ? general : unknownConsentOf(asked.consentId, general, words);
    case 'consent-not-accepted':
    case 'reauthentication-needed':
    case 'permission-missing':
    case 'period-refused':
    case 'api-refused':
      return new OpenBankingError('consent-refused', {
        ...refusal(asked, words.answer),
        description: refusedAdvice(general, words, asked),
        ...{ status, outcome },
      });
    case 'token-not-accepted':
    case 'application-token-refused':
      return advised(general, applicationTokenUnusable);
    case 'scope-missing':
      return advised(general, applicationScope);
    case 'api-limit-reached':
      return advised(general, 'Run the node again later. Nothing was done.');
    case 'api-unavailable':
      return asked.method === 'GET' ? general : outcomeUnknown(general, asked);
    default:
      return general;
  }
}

function advised(error: OpenBankingError, description: string): OpenBankingError {
  return error.with({ description });
}

function unknownConsentOf(
  consentId: string,
  { status, outcome }: OpenBankingError,
  { answer }: ApiWords,
): OpenBankingError {
  const values = { consentId, answer };
  return new OpenBankingError('bank-consent-unknown', { values, status, outcome });
}

function refusal({ method, consentId = '' }: AskedConsent, answer: string) {
  if (method === 'POST') return { problem: 'create', values: { answer } } as const;
  const problem = method === 'GET' ? ('get' as const) : ('end' as const);
  return { problem, values: { consentId, answer } };
}

function refusedAdvice(
  { status }: OpenBankingError,
  { codes, places, said }: ApiWords,
  { method, permissions = [] }: AskedConsent,
): string {
  if (status === 403 || method !== 'POST') return applicationForbidden;
  const lacking = lackingPermission(permissions);
  if (lacking) return `The likelier cause: ${lacking} The other one: ${lowerFirst(consentRefused)}`;
  const named = [...places, said].join(' ');
  if (codes.some((code) => obieMeaning(code) === 'field.invaliddate')) return consentDatesRefused;
  if (/permission/i.test(places.join(' '))) return permissionsRefused;
  if (/DateTime/i.test(places.join(' '))) return consentDatesRefused;
  // The bank's words choose the order of the advice alone.
  return /\bRead[A-Z]\w+|permission/i.test(named) ? permissionsRefused : consentRefused;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Nobody knows whether the bank did what was asked. It is never asked again by itself. */
function outcomeUnknown(failure: OpenBankingError, asked: AskedConsent): OpenBankingError {
  const { consentId = '' } = asked;
  const { sentence: reason, status } = failure;
  const common = { status, outcome: 'unknown' } as const;
  return asked.method === 'POST'
    ? new OpenBankingError('consent-outcome-unknown', {
        ...{ problem: 'create', values: { reason }, description: createdPerhaps },
        ...common,
      })
    : new OpenBankingError('consent-outcome-unknown', {
        ...{ problem: 'end', values: { consentId, reason }, description: endedPerhaps },
        ...common,
      });
}
