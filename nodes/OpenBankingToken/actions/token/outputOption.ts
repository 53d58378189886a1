import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { textOptions, type OperationInput } from '../operation';

/** How much of a token set is put out. */
export type Output = 'everything' | 'header' | 'consent';

const everything: INodePropertyOptions = {
  name: 'Everything',
  value: 'everything',
  description: 'The token response, with authorization and expires_at first',
};

const header: INodePropertyOptions = {
  name: 'Header Only',
  value: 'header',
  description: 'For the next request: authorization, expires_at and the consent',
};

const consentOnly: INodePropertyOptions = {
  name: 'Consent Only',
  value: 'consent',
  description: 'No token at all: consent, consent_id and expires_at',
};

/** "Output" under "Options". @param description what it says beside the choices */
function outputOption(options: INodePropertyOptions[], description: string): INodeProperties {
  return {
    displayName: 'Output',
    name: 'output',
    type: 'options',
    options,
    default: 'everything',
    description,
  };
}

/** For an operation that puts out the tokens of a stored consent. */
export const storedOutputOption = outputOption(
  [consentOnly, everything, header],
  'Which fields the item has. Fewer fields keep tokens out of what comes after this node.',
);

/** For an operation whose tokens are lost if they are neither stored nor put out. */
export const receivedOutputOption = outputOption(
  [consentOnly, everything, header],
  'Which fields the item has. All but "Everything" leave the refresh token out, and need "Keep for Consent".',
);

/** For the token of the application, which belongs to no consent. */
export const applicationOutputOption = outputOption(
  [everything, header],
  'Which fields the item has. Fewer fields keep tokens out of what comes after this node.',
);

/**
 * What "Output" is set to.
 *
 * @throws OpenBankingError `setting-malformed`
 */
export function chosenOutput(input: OperationInput): Output {
  const { output = 'everything' } = textOptions(input);
  switch (output) {
    case 'everything':
    case 'header':
    case 'consent':
      return output;
    default:
      throw new OpenBankingError('setting-malformed', { message: '"Output" has an unknown value' });
  }
}

/**
 * Refuses to leave out a refresh token that is stored nowhere: it would be lost.
 *
 * @throws OpenBankingError `setting-malformed`
 */
export function assertNotLost(output: Output, isStored: boolean): void {
  if (output === 'everything' || isStored) return;
  throw new OpenBankingError('setting-malformed', {
    message: '"Output" leaves the refresh token out, and the tokens are not stored',
    description:
      'Fill in "Keep for Consent" under "Options", so that the refresh token is not lost, or set "Output" to "Everything". Nothing was sent.',
  });
}

/** What a person looks at first. */
const FIRST = [
  ...['authorization', 'consent', 'consent_id', 'expires_at', 'obtained_at'],
  ...['refresh_token_rotated', 'token_type', 'scope', 'expires_in'],
];

/** What fills a panel. */
const LAST = ['access_token', 'refresh_token', 'id_token'];

const shown: Record<Exclude<Output, 'everything'>, readonly string[]> = {
  header: ['authorization', 'consent', 'consent_id', 'expires_at'],
  consent: ['consent', 'consent_id', 'expires_at'],
};

/**
 * A token set as an item: short and useful fields first, long ones last.
 *
 * @param tokens the token set, and what is known of its consent
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
