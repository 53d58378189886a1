import { catalogue } from '../errors/catalogue';
import {
  afterRefresh,
  gatewayAdvice,
  headerAdvice,
  listForbidden,
  maybeGateway,
  noTokenSeen,
  periodPossible,
  silentForbidden,
  withoutRefreshToken,
} from '../errors/rows/apiErrors';
import { HOUR } from '../lib/time';
import type { HttpResponse } from '../transport/send';
import type { AskedFor } from './apiError';
import type { RefusalCode } from './apiErrorMeaning';
import type { ApiWords } from './apiErrorWords';
import { obieMeaning } from './obieCodes';

interface Refusal {
  readonly response: HttpResponse;
  readonly words: ApiWords;
  readonly asked: AskedFor;
}

/** Days that nearly every bank gives without a new log-in of the customer: 90, and one for time zones. */
const DAYS = 89;

/** The advice for a refusal: that of the catalogue, or another one if the request or the answer shows more. */
export function adviceFor(code: RefusalCode, refusal: Refusal): string {
  const { words } = refusal;
  const usual = catalogue[code].advice;
  switch (code) {
    case 'token-not-accepted':
      return words.codes.includes('900902') ? noTokenSeen : usual;
    case 'consent-not-accepted':
      return consentAdvice(refusal) ?? usual;
    case 'permission-missing':
      return forbiddenAdvice(refusal, usual);
    case 'period-refused':
      return `${usual} ${firstDay(refusal)}`;
    case 'api-refused':
      return refusedAdvice(refusal) ?? usual;
    default:
      return usual;
  }
}

/** The advice for status 403 that may have several causes. @param usual the advice if the bank says why */
function forbiddenAdvice(refusal: Refusal, usual: string): string {
  const { words, asked } = refusal;
  const ofAccount = words.said === '' ? silentForbidden : usual;
  const parts = [
    asked.accountId === undefined ? listForbidden : ofAccount,
    asked.hasPeriod ? `${periodPossible} ${firstDay(refusal)}` : '',
    words.said !== '' && words.codes.length === 0 ? maybeGateway : '',
  ];
  return parts.filter(Boolean).join(' ');
}

/** The advice if the token of a stored consent was refused; `undefined` if the bank says that the consent has ended. */
function consentAdvice({ response, words, asked }: Refusal): string | undefined {
  if (words.codes.includes('900902')) return noTokenSeen;
  if (response.status !== 401 || words.codes.some((code) => isConsentCode(code))) return undefined;
  return asked.wasRefreshed
    ? afterRefresh
    : asked.authorizedBy === 'consent'
      ? withoutRefreshToken
      : undefined;
}

function isConsentCode(code: string): boolean {
  return (
    catalogue['consent-not-accepted'].dialectCodes?.includes(code.toUpperCase()) === true ||
    obieMeaning(code) === 'resource.invalidconsentstatus'
  );
}

function refusedAdvice({ response, words, asked }: Refusal): string | undefined {
  if (words.codes.some((code) => obieMeaning(code)?.startsWith('header.'))) return headerAdvice;
  if (response.status === 403) return gatewayAdvice;
  if (asked.hasPeriod && words.codes.some((code) => obieMeaning(code) === 'field.invalid')) {
    return `${catalogue['api-refused'].advice} ${periodPossible}`;
  }
  return undefined;
}

function firstDay({ response }: Refusal): string {
  const day = new Date(response.receivedAt.getTime() - DAYS * 24 * HOUR).toISOString().slice(0, 10);
  return `Try "From" ${day} or later.`;
}
