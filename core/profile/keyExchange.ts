import { OpenBankingError } from '../errors/OpenBankingError';
import { fieldLabels } from './fieldLabels';
import type { BankSettings } from './settings';

/** The fields of which one at least is filled in if keys are exchanged. */
const NEXT_FIELDS = [
  'nextTransportCertificate',
  'nextTransportPrivateKey',
  'nextPkcs12',
  'nextSigningPrivateKey',
  'nextSigningCertificate',
] as const;

/**
 * The time from which the next keys of the credential are used.
 *
 * @returns `undefined` if the credential has no next keys
 * @throws OpenBankingError `field-missing`, `field-malformed`
 */
export function nextKeysFrom(settings: BankSettings): Date | undefined {
  if (!settings.exchangeKeys) return undefined;
  const given = settings.nextKeysFrom?.trim();
  const field = fieldLabels.nextKeysFrom;
  if (!given) {
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field },
      description:
        'Fill in the date and time from which the bank expects the next keys, such as 2026-12-01T02:00Z, or switch "Exchange Keys on a Date" off.',
    });
  }
  const from = momentIn(given);
  if (!from) {
    throw new OpenBankingError('field-malformed', {
      problem: 'dateAndTime',
      values: { field },
      description:
        'Give the day, and the time with its offset from UTC: 2026-12-01T02:00+01:00. Without an offset it is a time in UTC, and without a time it is the beginning of the day.',
    });
  }
  if (!NEXT_FIELDS.some((name) => isUsed(settings, name))) {
    throw new OpenBankingError('field-missing', {
      problem: 'nextKeys',
      description:
        'Fill in the keys and certificates that are used from then on, or switch "Exchange Keys on a Date" off.',
    });
  }
  return from;
}

/** Whether a field holds something, and the key format does not hide it. */
function isUsed(settings: BankSettings, name: (typeof NEXT_FIELDS)[number]): boolean {
  if (!settings[name]?.trim()) return false;
  const isPkcs12 = settings.keyFormat === 'pkcs12';
  if (name === 'nextPkcs12') return isPkcs12;
  return !isPkcs12 || !name.startsWith('nextTransport');
}

const MOMENT =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)? ?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** The moment that a text names; `undefined` if it is none. */
function momentIn(text: string): Date | undefined {
  const [, day, time = '00:00', seconds = '', offset = 'Z'] = MOMENT.exec(text) ?? [];
  // JavaScript takes the 31st of February for the 3rd of March.
  const isDay = day !== undefined && new Date(`${day}T00:00Z`).toJSON()?.startsWith(day);
  if (!isDay) return undefined;
  const zone = offset.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const moment = new Date(`${day}T${time}${seconds}${zone}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
