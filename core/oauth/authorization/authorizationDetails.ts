import { OpenBankingError } from '../../errors/OpenBankingError';
import { isJsonObject, jsonValue } from '../../lib/json';

/** One of the things that a customer is asked for (RFC 9396 §2). The bank defines its further members. */
export interface AuthorizationDetail {
  readonly type: string;
  readonly [member: string]: unknown;
}

/**
 * Reads what a customer is asked for in detail.
 *
 * @param given JSON, or the value that an expression yields. A single object is a list of one
 * @throws OpenBankingError `field-malformed`
 */
export function authorizationDetailsOf(given: unknown): AuthorizationDetail[] {
  const value = jsonValue(given);
  if (value === undefined) throw malformed('text that is not JSON');
  const details: unknown[] = Array.isArray(value) ? value : [value];
  if (details.length === 0) throw malformed('an empty list');
  return details.map((detail) => {
    if (!isJsonObject(detail)) throw malformed('something that is no object');
    const { type } = detail;
    if (typeof type !== 'string' || type === '') throw malformed('an object without "type"');
    return { ...detail, type };
  });
}

function malformed(content: string): OpenBankingError {
  return new OpenBankingError('field-malformed', {
    problem: 'foreign',
    values: { field: 'Authorization Details', content },
    description:
      'Give a list of JSON objects, each with its "type", for example [{"type": "account_information"}] (RFC 9396, section 2). The bank documents the types. Nothing was sent.',
  });
}
