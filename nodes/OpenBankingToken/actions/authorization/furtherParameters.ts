import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { isJsonObject } from '../../../../core/lib/json';
import {
  furtherParametersOf,
  type FurtherParameters,
} from '../../../../core/oauth/authorization/furtherParameters';
import { textOf, type FieldSource } from '../../../parameters';

/** The option "Further Parameters". */
interface ParameterRows {
  readonly parameter?: readonly { readonly name?: unknown; readonly value?: unknown }[];
}

/**
 * The option "Further Parameters"; none if it was not added, or has no rows.
 *
 * @throws OpenBankingError `input-missing`, `field-malformed`
 */
export function furtherParameters({ options }: FieldSource): FurtherParameters {
  if (!Object.hasOwn(options, 'furtherParameters')) return {};
  const { furtherParameters: given } = options;
  if (!isJsonObject(given)) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Further Parameters' },
      description:
        'Give names and values, or fix the expression, which yields none. If you do not need the option, remove it. Nothing was sent.',
    });
  }
  const { parameter: rows = [] } = given as ParameterRows;
  return furtherParametersOf(
    rows.map(({ name, value }) => ({
      name: textOf(name, 'Further Parameters → Name'),
      value: textOf(value, 'Further Parameters → Value'),
    })),
  );
}
