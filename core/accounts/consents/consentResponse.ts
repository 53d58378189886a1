import { OpenBankingError } from '../../errors/OpenBankingError';
import { isJsonObject, isNestedDeeper } from '../../lib/json';
import type { ApiAnswer } from '../apiAnswer';
import { resourceOf } from '../apiError';
import { parseExactly } from '../exactJson';
import { dateOf } from '../simplified/dates';
import { describedMembers, notJson } from '../unreadablePage';
import type { ConsentMembers } from './consentDialect';
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
 * Reads a consent, such as `OBReadConsentResponse1` of v3.1 and v4.0.
 *
 * @param members the names of its members
 * @param now milliseconds since the epoch
 * @throws OpenBankingError `data-missing`
 */
export function readConsent(
  answer: ApiAnswer,
  members: ConsentMembers,
  now = Date.now(),
): BankConsent {
  const asked = resourceOf(answer.url);
  const raw = contentOf(answer, asked, members.data);
  const { [members.data]: data } = raw;
  if (!isJsonObject(data)) throw missing(answer, asked, members.data, raw);
  const { [members.consentId]: id } = data;
  if (typeof id !== 'string' || id.trim() === '') {
    throw missing(answer, asked, `${members.data}.${members.consentId}`, data);
  }
  const expiresAt = timeIn(data, members.expiresAt);
  const optional = {
    statusChangedAt: timeIn(data, ...members.statusChangedAt),
    expiresAt,
    transactionsFrom: timeIn(data, members.transactionsFrom),
    transactionsTo: timeIn(data, members.transactionsTo),
    createdAt: timeIn(data, members.createdAt),
  };
  return {
    consentId: id.trim(),
    status: consentStatus(textIn(data, members.status), expiresAt, now),
    permissions: textsIn(data, members.permissions),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    raw,
  };
}

function contentOf(answer: ApiAnswer, asked: string, member: string): Record<string, unknown> {
  const { body, headers, secrets, secretsInData = secrets } = answer;
  let value: unknown;
  try {
    ({ value } = parseExactly(body, headers['content-type'], secretsInData));
  } catch (error) {
    if (error instanceof SyntaxError) throw notJson(answer, asked);
    throw error;
  }
  if (!isJsonObject(value)) throw missing(answer, asked, member, value);
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

function textIn(data: Record<string, unknown>, names: readonly string[]): string {
  const value = names.map((name) => data[name]).find((one) => typeof one === 'string');
  return typeof value === 'string' ? value : '';
}

/** A time; `undefined` if it is absent, or a placeholder such as the year 9999: some banks write a consent without an end so. */
function timeIn(
  data: Record<string, unknown>,
  ...names: readonly (string | undefined)[]
): string | undefined {
  const dates = names.map((name) => (name === undefined ? undefined : dateOf(data[name])));
  return dates.find((date) => date !== undefined)?.text;
}

function textsIn(data: Record<string, unknown>, name: string): string[] {
  const { [name]: value } = data;
  return [value].flat().filter((entry) => typeof entry === 'string');
}
