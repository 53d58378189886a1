import type { IDataObject } from 'n8n-workflow';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { OperationInput } from '../operation';
import { textOption } from '../../../parameters';

/** The part of a token set that an item gets. */
export type Output = 'everything' | 'header' | 'consent';

/**
 * The value of "Output".
 *
 * @throws OpenBankingError `field-malformed`, `input-missing`
 */
export function chosenOutput(input: OperationInput): Output {
  const output = textOption(input, 'output', 'Output') ?? 'everything';
  switch (output) {
    case 'everything':
    case 'header':
    case 'consent':
      return output;
    default:
      throw new OpenBankingError('field-malformed', {
        problem: 'unknownValue',
        values: { field: 'Output' },
      });
  }
}

/**
 * Makes sure that a refresh token that is not stored is in the item: otherwise it would be lost.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function assertNotLost(output: Output, isStored: boolean): void {
  if (output === 'everything' || isStored) return;
  throw new OpenBankingError('field-malformed', {
    problem: 'tokenLost',
    description:
      'Fill in "Keep for Consent" under "Options", so that the refresh token is not lost, or set "Output" to "Everything". Nothing was sent.',
  });
}

/** Fields that a person looks at first. */
const FIRST = [
  ...['authorization', 'consent', 'consent_id', 'expires_at', 'obtained_at'],
  ...['refresh_token_rotated', 'token_type', 'scope', 'authorization_details', 'expires_in'],
];

/** Fields so long that they fill a panel. */
const LAST = ['access_token', 'refresh_token', 'id_token'];

const shown: Record<Exclude<Output, 'everything'>, readonly string[]> = {
  header: ['authorization', 'consent', 'consent_id', 'authorization_details', 'expires_at'],
  consent: ['consent', 'consent_id', 'authorization_details', 'expires_at'],
};

/**
 * A token set as an item: short and useful fields first, long ones last.
 *
 * @param tokens the token set, with the fields of its consent
 */
export function tokenItem(tokens: IDataObject, output: Output): IDataObject {
  const others = Object.keys(tokens).filter((name) => !FIRST.includes(name));
  const names =
    output === 'everything'
      ? [...FIRST, ...others.filter((name) => !LAST.includes(name)), ...LAST]
      : shown[output];
  const known = names.filter((name) => tokens[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, tokens[name]]));
}

/** Adds fields to an item, before the long ones. */
export function withFields(item: IDataObject, fields: IDataObject): IDataObject {
  const long = LAST.filter((name) => name in item);
  const short = Object.entries(item).filter(([name]) => !long.includes(name));
  return {
    ...Object.fromEntries(short),
    ...fields,
    ...Object.fromEntries(long.map((name) => [name, item[name]])),
  };
}
