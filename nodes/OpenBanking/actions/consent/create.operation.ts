import type { RequestedConsent } from '../../../../core/accounts/consents/consentRequest';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { dateText, switchParameter, textOption, type ParameterSource } from '../../../parameters';
import { PERMISSION_SETS } from '../../fields/permissionField';
import type { ItemOperation } from '../operation';
import { dateParameter } from '../readFields';
import { zonedTime } from '../zonedTime';
import { consentApiOf } from './consentApiOf';
import { consentItem } from './consentItem';

/** Consent → Create: a consent that a customer can then be asked for. */
export const create: ItemOperation = {
  isForTools: false,
  async execute(input) {
    const { source, slots } = input;
    const requested = requestedConsent(source);
    const simplify = switchParameter(source, 'simplify', 'Simplify');
    const api = consentApiOf(input);
    const created = await slots.use(() => api.create(requested));
    return [{ rows: [simplify ? consentItem(created) : created.raw] }];
  },
};

/** The consent that the fields describe. @throws OpenBankingError `input-missing`, `field-malformed`, `dates-reversed` */
function requestedConsent(source: ParameterSource): RequestedConsent {
  const transactionsFrom = timeOption(source, 'transactionsFrom', 'Transactions From', '00:00:00');
  const transactionsTo = timeOption(source, 'transactionsTo', 'Transactions To', '23:59:59');
  if (transactionsFrom && transactionsTo && transactionsFrom > transactionsTo) {
    const values = { from: transactionsFrom.toISOString(), to: transactionsTo.toISOString() };
    throw new OpenBankingError('dates-reversed', { values });
  }
  return {
    permissions: permissionsOf(source),
    expiresAt: expiryOf(source),
    ...{ transactionsFrom, transactionsTo },
  };
}

/** The permissions, with those of each chosen set. An expression may also yield a text with commas. */
function permissionsOf({ context, itemIndex }: ParameterSource): string[] {
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
  return [
    ...new Set(
      names.flatMap((name) =>
        Object.hasOwn(PERMISSION_SETS, name) ? PERMISSION_SETS[name]!.permissions : [name],
      ),
    ),
  ];
}

function expiryOf(source: ParameterSource): Date | undefined {
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
