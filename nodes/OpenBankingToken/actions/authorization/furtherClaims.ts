import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { DAY } from '../../../../core/lib/time';
import { furtherClaimsOf } from '../../../../core/oauth/authorization/requestedClaims';
import type { RegimeRules } from '../../../../core/profile/regime';
import { jsonObject } from '../../../jsonObject';
import { itemOf, jsonOption, textOption } from '../../../parameters';
import { consentTokens, type OperationInput } from '../operation';
import type { AskedConsent } from './askedConsent';

/** Members of the parameter `claims` by their names. */
type Claims = Readonly<Record<string, unknown>>;

const LABEL = 'Further Claims';

/**
 * Members of the parameter `claims` that the regime asks for, and those of "Further Claims", which replace them.
 *
 * Australia's banks want to know for how long data is shared, and which arrangement a new consent replaces (Consumer Data Standards, "Request
 * Object").
 *
 * @throws OpenBankingError `input-missing`, `field-malformed`, and those of the store
 */
export async function furtherClaims(
  input: OperationInput,
  rules: RegimeRules,
  { renewed }: Pick<AskedConsent, 'renewed'>,
): Promise<Claims> {
  const json = jsonOption(input, 'furtherClaims', LABEL);
  const given = json === undefined ? {} : furtherClaimsOf(jsonObject(json, LABEL));
  const duration = sharingDurationOption(input);
  if (duration !== undefined && Object.hasOwn(given, 'sharing_duration')) {
    throw new OpenBankingError('field-malformed', {
      problem: 'reserved',
      values: { field: LABEL, name: 'sharing_duration' },
      description: `Remove it from "${LABEL}", or remove the option "Sharing Duration". Nothing was sent.`,
    });
  }
  const ofRegime = rules.asksSharingDuration
    ? {
        // The option and the further claims count before the item.
        ...(duration === undefined &&
          !Object.hasOwn(given, 'sharing_duration') &&
          sharingDurationIn(input)),
        ...(await arrangementOf(input, renewed)),
      }
    : {};
  return {
    ...rules.claims,
    ...ofRegime,
    ...(duration !== undefined && { sharing_duration: duration }),
    ...given,
  };
}

const LONGEST = 365;

/** The option "Sharing Duration" in seconds; `undefined` if it was not added. */
function sharingDurationOption(input: OperationInput): number | undefined {
  const field = 'Sharing Duration';
  const given = textOption(input, 'sharingDuration', field);
  if (given === undefined) return undefined;
  const days = Number(given);
  if (days >= 0 && days <= LONGEST) return Math.round((days * DAY) / 1000);
  throw new OpenBankingError('field-malformed', {
    problem: 'between',
    values: { field, minimum: 0, maximum: LONGEST },
    description:
      'Give the number of days for which data is shared, a year at most. With 0, the data can be read once. Nothing was sent.',
  });
}

/** The duration of the incoming item, which "Consent → Create" puts out. @throws OpenBankingError `field-malformed` */
function sharingDurationIn(input: OperationInput): Claims {
  const { sharing_duration: seconds } = itemOf(input);
  if (!Number.isSafeInteger(seconds)) return {};
  const maximum = (LONGEST * DAY) / 1000;
  if ((seconds as number) >= 0 && (seconds as number) <= maximum) {
    return { sharing_duration: seconds };
  }
  throw new OpenBankingError('field-malformed', {
    problem: 'between',
    values: { field: 'sharing_duration', minimum: 0, maximum },
    description:
      'The incoming item has it, in seconds, and data is shared for a year at most. Correct "Expires" of "Consent → Create", or add the option "Sharing Duration", which counts before the item. Nothing was sent.',
  });
}

/** The arrangement of the stored consent that is renewed: the bank replaces it. */
async function arrangementOf(input: OperationInput, renewed: string | undefined): Promise<Claims> {
  if (renewed === undefined) return {};
  const { cdr_arrangement_id: id } = await consentTokens(input)
    .stored(renewed)
    .catch((): Claims => ({}));
  return typeof id === 'string' ? { cdr_arrangement_id: id } : {};
}
