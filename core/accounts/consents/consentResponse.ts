import { OpenBankingError } from '../../errors/OpenBankingError';
import { isJsonObject, isNestedDeeper } from '../../lib/json';
import type { ApiAnswer } from '../apiAnswer';
import { resourceOf } from '../apiError';
import { parseExactly } from '../exactJson';
import { dateOf } from '../simplified/dates';
import { describedMembers, notJson } from '../unreadablePage';
import { consentStatus, type ConsentStatus } from './consentStatus';

/** A consent as the bank has it. Times are ISO 8601, in the bank's own text. */
export interface BankConsent {
  readonly consentId: string;
  /** The bank's own word if it is not known here. */
  readonly status: ConsentStatus | (string & {});
  readonly statusChangedAt?: string;
  /** `undefined` if it has no end. */
  readonly expiresAt?: string;
  /** Earliest and latest booking time that may be read; `undefined` if there is no limit. */
  readonly transactionsFrom?: string;
  readonly transactionsTo?: string;
  readonly permissions: readonly string[];
  readonly createdAt?: string;
  /** The whole answer. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Maximum levels of lists and objects: n8n could not store an answer that is nested very deep. */
const MAXIMUM_LEVELS = 100;

/**
 * Reads a consent (`OBReadConsentResponse1` of v3.1 and v4.0).
 *
 * @param now milliseconds since the epoch
 * @throws OpenBankingError `data-missing`
 */
export function readConsent(answer: ApiAnswer, now = Date.now()): BankConsent {
  const asked = resourceOf(answer.url);
  const raw = contentOf(answer, asked);
  const { Data: data } = raw;
  if (!isJsonObject(data)) throw missing(answer, asked, 'Data', raw);
  const id = data.ConsentId;
  if (typeof id !== 'string' || id.trim() === '') {
    throw missing(answer, asked, 'Data.ConsentId', data);
  }
  const expiresAt = timeIn(data, 'ExpirationDateTime');
  const optional = {
    statusChangedAt: timeIn(data, 'StatusUpdateDateTime'),
    expiresAt,
    transactionsFrom: timeIn(data, 'TransactionFromDateTime'),
    transactionsTo: timeIn(data, 'TransactionToDateTime'),
    createdAt: timeIn(data, 'CreationDateTime'),
  };
  return {
    consentId: id.trim(),
    status: consentStatus(textIn(data, 'Status'), expiresAt, now),
    permissions: textsIn(data, 'Permissions'),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    raw,
  };
}

function contentOf(answer: ApiAnswer, asked: string): Record<string, unknown> {
  const { body, headers, secrets, secretsInData = secrets } = answer;
  let value: unknown;
  try {
    ({ value } = parseExactly(body, headers['content-type'], secretsInData));
  } catch (error) {
    if (error instanceof SyntaxError) throw notJson(answer, asked);
    throw error;
  }
  if (!isJsonObject(value)) throw missing(answer, asked, 'Data', value);
  if (!isNestedDeeper(value, MAXIMUM_LEVELS)) return value;
  throw new OpenBankingError('data-missing', {
    problem: 'tooDeep',
    values: { asked, limit: MAXIMUM_LEVELS },
  });
}

function missing(
  { secrets = [] }: ApiAnswer,
  asked: string,
  member: string,
  value: unknown,
): OpenBankingError {
  const values = { asked, member, members: describedMembers(value, secrets) };
  return new OpenBankingError('data-missing', { problem: 'noData', values });
}

function textIn(data: Record<string, unknown>, name: string): string {
  const { [name]: value } = data;
  return typeof value === 'string' ? value : '';
}

/** A time; `undefined` if it is absent, or a placeholder such as the year 9999: some banks write a consent without an end so. */
function timeIn(data: Record<string, unknown>, name: string): string | undefined {
  return dateOf(data[name])?.text;
}

function textsIn(data: Record<string, unknown>, name: string): string[] {
  const { [name]: value } = data;
  return [value].flat().filter((entry) => typeof entry === 'string');
}
