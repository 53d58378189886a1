import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { unseenCharacterIn } from '../../../../core/lib/visible';
import type { RegimeRules } from '../../../../core/profile/regime';
import { assertVisible, consentName } from '../../../../core/tokens/consentName';
import type { ConsentNaming } from '../../../../core/tokens/pendingAuthorizations';
import { blankableOption, choiceOption, textOf, textParameter } from '../../../parameters';
import { isWrittenByHand } from '../../../writtenByHand';
import { consentTokens, type OperationInput } from '../operation';

/** The consent that a customer is asked for. */
export interface AskedConsent {
  /** The bank's ID. */
  readonly id?: string;
  /** The name for its tokens, if the bank has no ID. */
  readonly name?: string;
  /** The stored consent that it renews. */
  readonly renewed?: string;
  /** How the request names it, if the bank has an ID. */
  readonly namedBy: ConsentNaming;
  /** The scope that names it. */
  readonly scope?: string;
}

/** The prefix that the option offers, for regimes that have none. */
const DEFAULT_PREFIX = 'consent:';

/**
 * The consent of the fields, named as the regime or the option "Name the Consent By" says.
 *
 * @throws OpenBankingError `input-missing`, `consent-malformed`, `field-malformed`, `consent-unknown`, and those of the store
 */
export async function askedConsent(
  input: OperationInput,
  rules: RegimeRules,
): Promise<AskedConsent> {
  const choice = choiceOption(input, 'nameConsentBy', 'Name the Consent By', NAMINGS);
  const namedBy = choice === undefined || choice === 'automatic' ? rules.nameConsentBy : choice;
  const prefix = blankableOption(input, 'consentScopePrefix', PREFIX);
  if (prefix !== undefined && namedBy !== 'scope') throw prefixWithoutScope();
  const hasNoId = namedBy === 'nothing' || rules.consentCreation === 'none';
  const consent = idOrName(input, hasNoId);
  const renewed = await consentToRenew(input);
  return {
    ...consent,
    ...(renewed !== undefined && { renewed }),
    namedBy,
    ...(namedBy === 'scope' &&
      consent.id !== undefined && {
        scope: consentScope(prefix ?? rules.consentScopePrefix ?? DEFAULT_PREFIX, consent.id),
      }),
  };
}

const NAMINGS = ['automatic', 'claim', 'scope', 'nothing'] as const;

const PREFIX = 'Consent Scope Prefix';

/**
 * The field "Consent ID", or the field "Consent Name" if that is empty. An expression that yields no text is an error: somebody meant a
 * consent. An empty field is none.
 *
 * @param hasNoId whether the bank has no IDs of consents in this regime
 * @throws OpenBankingError `input-missing`, `consent-malformed`
 */
function idOrName(input: OperationInput, hasNoId: boolean): Pick<AskedConsent, 'id' | 'name'> {
  const { context, itemIndex } = input;
  const id = textParameter(input, 'consentId', 'Consent ID');
  const isEmptyByHand =
    !id.trim() &&
    isWrittenByHand((options) => context.getNodeParameter('consentId', itemIndex, '', options));
  if (id.trim() || (!isEmptyByHand && !hasNoId)) {
    return { id: named(id, 'Consent ID', ID_ADVICE) };
  }
  const name = textParameter(input, 'consentName', 'Consent Name');
  if (isEmptyByHand && !name.trim()) return {};
  return { name: named(name, 'Consent Name', NAME_ADVICE) };
}

const ID_ADVICE =
  'Connect the node that creates the consent, or give its ID. Leave the field empty if the bank has no consents of that kind.';

const NAME_ADVICE =
  'The bank has no consents that are created first. Connect "Consent → Create", which gives a name, or fill in "Consent Name", for example with the number of the customer: the tokens are stored under it.';

function named(given: string, input: string, description: string): string {
  if (!given.trim()) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input },
      description,
    });
  }
  try {
    const name = consentName(given);
    assertVisible(name);
    return name;
  } catch (error) {
    throw (error as OpenBankingError).with({ description });
  }
}

/** The scope that names a consent. @throws OpenBankingError `field-malformed` for a character that no scope has (RFC 6749 §3.3) */
function consentScope(prefix: string, id: string): string {
  for (const [field, value] of [
    [PREFIX, prefix],
    ['Consent ID', id],
  ] as const) {
    const [character] = /[^\x21\x23-\x5b\x5d-\x7e]/u.exec(value) ?? [];
    if (character === undefined) continue;
    const content =
      character === ' '
        ? 'a space'
        : (unseenCharacterIn(character) ?? `the character ${character}`);
    throw new OpenBankingError('field-malformed', {
      problem: 'foreign',
      values: { field, content: `${content}, which cannot be in the name of a scope` },
      description:
        'A scope that names a consent is one word of ASCII, such as "consent:urn:bank:123": the prefix with its separator, and the ID. Remove the character, or set "Name the Consent By" to another value. Nothing was sent.',
    });
  }
  return `${prefix}${id}`;
}

function prefixWithoutScope(): OpenBankingError {
  return new OpenBankingError('field-malformed', {
    problem: 'notTogether',
    values: { field: PREFIX, other: 'a consent that the scope does not name' },
    description:
      'Set "Name the Consent By" to "Scope", or remove the option "Consent Scope Prefix". Nothing was sent.',
  });
}

/**
 * The option "Renew Stored Consent"; `undefined` if it was not added. The tokens of this consent are replaced by those of the new one, once they
 * have passed their checks.
 *
 * @throws OpenBankingError `input-missing`, `consent-malformed`, `consent-unknown`, and those of the store
 */
async function consentToRenew(input: OperationInput): Promise<string | undefined> {
  const { context, itemIndex, options } = input;
  if (!Object.hasOwn(options, 'renewConsent')) return undefined;
  const path = 'options.renewConsent';
  const value = context.getNodeParameter(path, itemIndex, '', { extractValue: true }) as unknown;
  const given = textOf(value, 'Renew Stored Consent').trim();
  if (!given) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Renew Stored Consent' },
      description:
        'Choose the consent whose tokens are to be replaced, or fix the expression, which yields an empty value. If the customer consents for the first time, remove the option. Nothing was sent.',
    });
  }
  const consent = consentName(given);
  await consentTokens(input).consentIds(consent).catch(assertRenewable);
  return consent;
}

/** A record that cannot be read can be replaced. @throws each other error */
function assertRenewable(error: unknown): void {
  if (!(error instanceof OpenBankingError)) throw error;
  if (error.code === 'record-damaged') return;
  if (error.code !== 'consent-unknown') throw error;
  throw error.with({
    description:
      'Choose a consent from the list: its tokens are replaced, and it keeps its name. For a customer whose tokens are not stored, remove the option, and give the name in "Keep for Consent" of "Exchange Authorization Code". Nothing was sent.',
  });
}
