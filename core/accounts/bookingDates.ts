import { OpenBankingError } from '../errors/OpenBankingError';
import { dateOf, wallClockOf } from './simplified/dates';
import type { RawRow } from './simplified/rawRow';

/** The booking dates that a user asks for, From and To included. */
export interface Period {
  /** The raw text of a query: `fromBookingDateTime` and `toBookingDateTime`, each only if it is given. */
  readonly query: string;
  /** Whether a row is within the period by the bank's own date text. A row without a date that can be read is. */
  includes(row: RawRow): boolean;
}

/**
 * The period between two dates. They are wall-clock times, because OBIE's date filters have no zone: a zone or offset in them is ignored, and
 * nothing is turned into UTC. A mere day as To means its end. The bank and {@link Period.includes} compare them with the bank's own times.
 *
 * @param from `2026-03-01` or `2026-03-01T00:00:00`, with or without seconds, fraction and zone; empty if there is none
 * @returns `undefined` if both are empty
 * @throws OpenBankingError `field-malformed`, `dates-reversed`
 */
export function periodOf(from?: string, to?: string): Period | undefined {
  const first = wallClock('From', from, '00:00:00');
  const last = wallClock('To', to, '23:59:59');
  if (first === undefined && last === undefined) return undefined;
  if (first !== undefined && last !== undefined && first > last) {
    throw new OpenBankingError('dates-reversed', { values: { from: first, to: last } });
  }
  const filters = [
    ...(first === undefined ? [] : [`fromBookingDateTime=${first}`]),
    ...(last === undefined ? [] : [`toBookingDateTime=${last}`]),
  ];
  return {
    query: filters.join('&'),
    includes: ({ BookingDateTime }) => {
      const date = dateOf(BookingDateTime);
      if (!date) return true;
      const at = wallClockOf(date.text);
      // A mere day is compared as a day.
      if (first !== undefined && at < first.slice(0, at.length)) return false;
      return last === undefined || at <= last.slice(0, at.length);
    },
  };
}

function wallClock(field: string, text: string | undefined, timeOfDay: string): string | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  // Luxon puts the name of the zone behind the offset in some forms.
  const date = dateOf(text.trim().replace(/\[[\w/+-]+\]$/, ''));
  if (!date) {
    throw new OpenBankingError('field-malformed', {
      problem: 'date',
      values: { field },
      description:
        'Give a day such as 2026-03-31, or a day and time such as 2026-03-31T09:30:00. An expression may also yield a date of n8n, such as {{ $now.minus({ days: 7 }) }}. Nothing was sent.',
    });
  }
  const at = wallClockOf(date.text);
  return at.length === 10 ? `${at}T${timeOfDay}` : at;
}
