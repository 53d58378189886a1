import type { RequestedConsent } from '../../../../core/accounts/consents/consentRequest';
import { taxNumber, type TaxNumberKind } from '../../../../core/accounts/consents/taxNumbers';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { RegimeRules } from '../../../../core/profile/regime';
import { jsonObject } from '../../../jsonObject';
import { dateText, textOption, type ParameterSource } from '../../../parameters';
import { PERMISSION_SETS } from '../../fields/permissionField';
import { DEFAULT_PURPOSE, PURPOSES } from '../../fields/regimeConsentFields';
import { dateParameter } from '../readFields';
import { zonedTime } from '../zonedTime';

/**
 * The consent that the fields of Consent → Create describe.
 *
 * @throws OpenBankingError `input-missing`, `field-malformed`, `dates-reversed`
 */
export function requestedConsent(source: ParameterSource, rules: RegimeRules): RequestedConsent {
  const { consentCreation } = rules;
  const isBrazil = consentCreation === 'brazil';
  return {
    permissions: permissionsOf(source, isBrazil ? 'brazil' : 'permissions'),
    expiresAt: expiryOf(source),
    ...(isBrazil ? { ...brazilPartOf(source, rules) } : periodOf(source)),
    ...(consentCreation === 'obieSigned' && saudiPartOf(source)),
  };
}

/** When access ends. @throws OpenBankingError `input-missing`, `field-malformed` */
export function expiryOf(source: ParameterSource): Date | undefined {
  const field = 'Expires';
  const text = dateParameter(source, 'expires', field);
  if (text === undefined) return undefined;
  const expiry = timeIn(source, text, field, '23:59:59');
  if (expiry.getTime() > Date.now()) return expiry;
  throw new OpenBankingError('field-malformed', {
    problem: 'past',
    values: { field, time: expiry.toISOString() },
    description:
      'Give a time in the future, for example {{ $now.plus({ days: 90 }) }}. Nothing was sent.',
  });
}

function periodOf(
  source: ParameterSource,
): Pick<RequestedConsent, 'transactionsFrom' | 'transactionsTo'> {
  const transactionsFrom = timeOption(source, 'transactionsFrom', 'Transactions From', '00:00:00');
  const transactionsTo = timeOption(source, 'transactionsTo', 'Transactions To', '23:59:59');
  if (transactionsFrom && transactionsTo && transactionsFrom > transactionsTo) {
    const values = { from: transactionsFrom.toISOString(), to: transactionsTo.toISOString() };
    throw new OpenBankingError('dates-reversed', { values });
  }
  return { transactionsFrom, transactionsTo };
}

/** The permissions, with those of each chosen set. An expression may also yield a text with commas. */
function permissionsOf(
  { context, itemIndex }: ParameterSource,
  words: 'permissions' | 'brazil',
): string[] {
  const given = context.getNodeParameter('permissions', itemIndex, []) as unknown;
  const entries = (Array.isArray(given) ? (given as unknown[]) : [given]).flatMap((entry) =>
    typeof entry === 'string' ? entry.split(/[\s,]+/) : [],
  );
  const names = entries.filter(Boolean);
  if (names.length === 0) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Permissions' },
      description:
        'Choose at least one, for example the set "Balances and Transactions". Nothing was sent.',
    });
  }
  return [...new Set(names.flatMap((name) => inWords(name, words)))];
}

/** The permissions of a set, or a single one. Those of Brazil are in capital letters. */
function inWords(name: string, words: 'permissions' | 'brazil'): readonly string[] {
  const set = Object.hasOwn(PERMISSION_SETS, name) ? PERMISSION_SETS[name] : undefined;
  const isOfBrazil = /^[A-Z][A-Z_]+$/.test(name);
  const permissions = set ? set[words] : isOfBrazil === (words === 'brazil') ? [name] : undefined;
  if (permissions) return permissions;
  throw new OpenBankingError('field-malformed', {
    problem: 'otherPermission',
    values: { field: 'Permissions', permission: set?.name ?? name },
    description: `Choose ${words === 'brazil' ? 'the set "Balances and Transactions", "Balances Only", or one that begins with "Brazil"' : 'a set that does not begin with "Brazil", or permissions that begin with "Read"'}. Nothing was sent.`,
  });
}

function brazilPartOf(
  source: ParameterSource,
  { name }: RegimeRules,
): Pick<RequestedConsent, 'cpf' | 'cnpj'> {
  for (const [option, label] of [
    ['transactionsFrom', 'Transactions From'],
    ['transactionsTo', 'Transactions To'],
  ] as const) {
    if (!Object.hasOwn(source.options, option)) continue;
    throw new OpenBankingError('field-malformed', {
      problem: 'notTogether',
      values: { field: label, other: `the regime "${name}"` },
      description: 'Remove the option: consents in Brazil have no such limit. Nothing was sent.',
    });
  }
  const cpf = taxNumberOption(source, 'cpf', 'CPF');
  const cnpj = taxNumberOption(source, 'cnpj', 'CNPJ');
  if (cpf === undefined) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Brazil: CPF' },
      description:
        'Add the option "Brazil: CPF" with the tax number of the person who will log in at the bank. For accounts of a company, add "Brazil: CNPJ" too. Nothing was sent.',
    });
  }
  return { cpf, ...(cnpj !== undefined && { cnpj }) };
}

function taxNumberOption(
  source: ParameterSource,
  name: string,
  kind: TaxNumberKind,
): string | undefined {
  const field = `Brazil: ${kind}`;
  const given = textOption(source, name, field);
  if (given === undefined) return undefined;
  // An expression that yields a number has lost the zeros at its beginning.
  const read = taxNumber(given, kind);
  if ('number' in read) return read.number;
  throw new OpenBankingError('field-malformed', {
    problem: 'taxNumber',
    values: { field, kind, fault: read.fault },
    description:
      'Compare it with what the customer gave. If an expression yields it, make sure that it is text: a number loses the zeros at its beginning. Nothing was sent.',
  });
}

function saudiPartOf(
  source: ParameterSource,
): Pick<RequestedConsent, 'nationalId' | 'purposes' | 'risk'> {
  const nationalId = textOption(source, 'nationalId', 'Saudi Arabia: National ID');
  const { consentPurpose, risk } = source.options;
  if (nationalId === undefined) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Saudi Arabia: National ID' },
      description:
        'Add the option "Saudi Arabia: National ID" with the number of the customer\'s national ID or Iqama: the standard demands it. Nothing was sent.',
    });
  }
  return {
    nationalId,
    purposes: purposesOf(consentPurpose),
    ...(risk !== undefined && { risk: jsonObject(risk, 'Saudi Arabia: Risk') }),
  };
}

/** The purposes. An expression may yield one text. @throws OpenBankingError `field-malformed` */
function purposesOf(given: unknown): string[] {
  if (given === undefined) return [DEFAULT_PURPOSE];
  const purposes = [given].flat();
  if (purposes.length > 0 && purposes.every((one) => PURPOSES.includes(one as string))) {
    return purposes as string[];
  }
  throw new OpenBankingError('field-malformed', {
    problem: 'unknownValue',
    values: { field: 'Saudi Arabia: Consent Purpose' },
    description: `Choose at least one of the purposes of the standard: ${PURPOSES.join(', ')}. Nothing was sent.`,
  });
}

function timeOption(
  source: ParameterSource,
  name: string,
  label: string,
  timeOfDay: string,
): Date | undefined {
  const text = dateText(source.options[name], label) || textOption(source, name, label);
  return text === undefined ? undefined : timeIn(source, text, label, timeOfDay);
}

/** @param timeOfDay that of a mere day */
function timeIn(
  { context }: ParameterSource,
  text: string,
  field: string,
  timeOfDay: string,
): Date {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const time = zonedTime(isDay ? `${text}T${timeOfDay}` : text, context.getTimezone());
  if (time) return time;
  throw new OpenBankingError('field-malformed', {
    problem: 'date',
    values: { field },
    description:
      'Give a day such as 2026-03-31, or a day and time such as 2026-03-31T09:30:00. An expression may also yield a date of n8n, such as {{ $now.plus({ days: 90 }) }}. Nothing was sent.',
  });
}
