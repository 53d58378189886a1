import { OpenBankingError } from '../core/errors/OpenBankingError';
import { isJsonObject, jsonValue } from '../core/lib/json';

/**
 * The JSON object of a field: a text, or an object that an expression yields.
 *
 * @param field the field as the editor shows it
 * @throws OpenBankingError `field-malformed` if it is no JSON object
 */
export function jsonObject(value: unknown, field: string): Record<string, unknown> {
  const parsed = jsonValue(value);
  if (isJsonObject(parsed)) return parsed;
  throw new OpenBankingError('field-malformed', {
    problem: 'noObject',
    values: { field },
    description:
      'Give an object in JSON, such as { "name": "value" }, or an expression that yields one. Nothing was sent.',
  });
}
