import { isJsonObject } from '../../lib/json';
import { plainText } from '../../lib/displayText';
import type { AuthorizationDetail } from '../authorization/authorizationDetails';

/** Maximum number of details that a warning names. */
const SHOWN = 5;

/** Levels of objects and lists in a detail that are compared. */
const MAXIMUM_DEPTH = 10;

/**
 * Warnings if a bank granted less than was asked for in detail (RFC 9396 §7). A bank may add to what was asked for, for example the accounts
 * that the customer chose.
 *
 * @param asked `undefined` if nothing was asked for in detail
 * @param granted `authorization_details` of the token response
 */
export function narrowedDetails(
  asked: readonly AuthorizationDetail[] | undefined,
  granted: unknown,
): string[] {
  if (!asked?.length) return [];
  if (!Array.isArray(granted)) {
    return [
      'The bank does not say which "Authorization Details" it granted ("authorization_details" is missing in its answer): the API shows what these tokens are good for.',
    ];
  }
  const details: unknown[] = granted;
  const narrowed = asked.filter(
    (detail) => !details.some((one) => isCovered(detail, one, MAXIMUM_DEPTH)),
  );
  if (narrowed.length === 0) return [];
  const names = [...new Set(narrowed.map((detail) => `"${nameOf(detail, details)}"`))];
  const shown = names.slice(0, SHOWN).join(', ');
  return [
    `The bank granted less than was asked for in "Authorization Details": ${shown}${names.length > SHOWN ? ' and others' : ''}. "authorization_details" of the output says what was granted.`,
  ];
}

/** The type of a detail, with the members of it that were narrowed. */
function nameOf({ type, ...asked }: AuthorizationDetail, granted: readonly unknown[]): string {
  const sameType = granted.filter((one) => isJsonObject(one)).find((one) => one.type === type);
  if (!sameType) return plainText(type);
  const members = Object.keys(asked).filter(
    (name) => !isCovered(asked[name], sameType[name], MAXIMUM_DEPTH),
  );
  return plainText(`${type} (${members.join(', ')})`);
}

/** Whether all that was asked for was granted. An empty value asks the bank to fill it in. */
function isCovered(asked: unknown, granted: unknown, levels: number): boolean {
  if (asked === null || asked === '' || levels === 0) return true;
  if (Array.isArray(asked)) {
    const found: unknown[] = Array.isArray(granted) ? granted : [];
    return asked.every((value) => found.some((one) => isCovered(value, one, levels - 1)));
  }
  if (!isJsonObject(asked)) return asked === granted;
  return (
    isJsonObject(granted) &&
    Object.entries(asked).every(
      ([name, value]) =>
        Object.hasOwn(granted, name) && isCovered(value, granted[name], levels - 1),
    )
  );
}
