/** A date of the bank in a form that every database accepts. */
export interface DateText {
  /** The bank's own text, but for the few forms that are rewritten. It begins with the day: `2026-03-02`. */
  readonly text: string;
  /** Whether it has a time without `Z` or offset. */
  readonly lacksZone: boolean;
}

const FORM =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)([.,]\d{1,9})?)?)? ?([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/** The form of the standard. Most banks send it. */
const USUAL =
  /^(?:19\d\d|2\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|\+0\d:[0-5]\d)$/;

/** Years outside of these are placeholders, such as 0001 and 9999. */
const YEARS = { first: 1900, last: 2999 };

/**
 * Reads a date of the bank. Its day, time and offset never change: nothing is turned into another zone.
 * Rewritten are only: a space or `t` between day and time, a small `z`, offsets such as `+0000` and `+00`, a comma in the seconds, and 24:00,
 * which is 00:00 of the next day.
 *
 * @returns `undefined` if it is no date, or a placeholder, or if its seconds have more than nine decimals
 */
export function dateOf(value: unknown): DateText | undefined {
  if (typeof value !== 'string') return undefined;
  if (USUAL.test(value)) return { text: value, lacksZone: false };
  const parts = FORM.exec(value.trim());
  if (!parts) return undefined;
  const [, year, month, date, hours, minutes, seconds = '00', fraction = '', zone = ''] = parts;
  const day = `${year}-${month}-${date}`;
  if (!isDay(+year!, +month!, +date!)) return undefined;
  if (hours === undefined) return { text: day, lacksZone: false };
  const isEndOfDay = hours === '24' && minutes === '00' && !/[1-9]/.test(seconds + fraction);
  if ((+hours > 23 && !isEndOfDay) || +minutes! > 59 || +seconds > 60) return undefined;
  const offset = offsetOf(zone);
  if (offset === undefined) return undefined;
  const secondsText = parts[6] === undefined ? '' : `:${seconds}${fraction.replace(',', '.')}`;
  const time = `${isEndOfDay ? '00' : hours}:${minutes}${secondsText}`;
  return { text: `${isEndOfDay ? dayAfter(day) : day}T${time}${offset}`, lacksZone: zone === '' };
}

/** The day of a date as the bank wrote it, for example `2026-03-02`. */
export function dayOf(dateText: string): string {
  return dateText.slice(0, 10);
}

/** The time on the bank's clock, to the second, without its zone: `2026-03-02T10:00:00`. Of a mere day, it is the day. */
export function wallClockOf(dateText: string): string {
  if (dateText.length <= 10) return dateText;
  return dateText[16] === ':' ? dateText.slice(0, 19) : `${dateText.slice(0, 16)}:00`;
}

function isDay(year: number, month: number, date: number): boolean {
  if (year < YEARS.first || year > YEARS.last) return false;
  if (month < 1 || month > 12 || date < 1) return false;
  return date <= 28 || date <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

/** An offset as ISO 8601 and PostgreSQL have it: `Z` or `+01:00`. PostgreSQL knows none from 16 hours on. */
function offsetOf(zone: string): string | undefined {
  if (zone === '') return '';
  if (zone === 'Z' || zone === 'z') return 'Z';
  const hours = zone.slice(1, 3);
  const minutes = zone.length > 3 ? zone.slice(-2) : '00';
  return +hours > 15 || +minutes > 59 ? undefined : `${zone[0]}${hours}:${minutes}`;
}
