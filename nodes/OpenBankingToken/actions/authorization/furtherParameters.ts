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
 * The option "Further Parameters"; none if it was not added.
 *
 * @throws OpenBankingError `input-missing`, `field-malformed`
 */
export function furtherParameters({ options }: FieldSource): FurtherParameters {
  const { furtherParameters: given } = options;
  const { parameter: rows = [] } = (given ?? {}) as ParameterRows;
  return furtherParametersOf(
    rows.map(({ name, value }) => ({
      name: textOf(name, 'Further Parameters → Name'),
      value: textOf(value, 'Further Parameters → Value'),
    })),
  );
}
