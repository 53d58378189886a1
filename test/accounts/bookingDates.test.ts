import { periodOf } from '../../core/accounts/bookingDates';
import { row } from './simplified/rows';

const MARCH = periodOf('2026-03-01', '2026-03-31')!;

const includes = (period: typeof MARCH, BookingDateTime: unknown) =>
  period.includes(row({ BookingDateTime }));

describe('the query of a period', () => {
  it('has no zone and no milliseconds, and To as a mere day is its end', () => {
    expect(MARCH.query).toBe(
      'fromBookingDateTime=2026-03-01T00:00:00&toBookingDateTime=2026-03-31T23:59:59',
    );
  });

  it.each([
    ['2026-03-01T00:00:00+13:00', '2026-03-01T00:00:00'],
    ['2026-03-01T00:00:00.000-05:00', '2026-03-01T00:00:00'],
    ['2026-03-01T10:30:00.999Z', '2026-03-01T10:30:00'],
    ['2026-03-01T10:30', '2026-03-01T10:30:00'],
    ['2026-03-01 10:30:00', '2026-03-01T10:30:00'],
    ['2026-03-01T10:30:00+01:00[Europe/Berlin]', '2026-03-01T10:30:00'],
    [' 2026-03-01 ', '2026-03-01T00:00:00'],
  ])('takes the wall-clock time of %j', (from, expected) => {
    expect(periodOf(from)?.query).toBe(`fromBookingDateTime=${expected}`);
  });

  it('sends a time in To exactly as it is', () => {
    expect(periodOf('', '2026-03-31T00:00:00')?.query).toBe(
      'toBookingDateTime=2026-03-31T00:00:00',
    );
  });

  it('sends no To if none is given', () => {
    expect(periodOf('2026-03-01', undefined)?.query).toBe(
      'fromBookingDateTime=2026-03-01T00:00:00',
    );
  });

  it('is no period without dates', () => {
    expect([periodOf(), periodOf('', ' ')]).toEqual([undefined, undefined]);
  });

  it.each([
    ['2026-03-02', '2026-03-01', '2026-03-02T00:00:00', '2026-03-01T23:59:59'],
    ['2026-03-01T12:00:00', '2026-03-01T11:59:59', '2026-03-01T12:00:00', '2026-03-01T11:59:59'],
  ])('rejects %s to %s, and names both', (from, to, first, last) => {
    expect(() => periodOf(from, to)).toThrow(
      expect.objectContaining({ code: 'dates-reversed', stage: 'configuration' }),
    );
    expect(() => periodOf(from, to)).toThrow(new RegExp(`${first}.*${last}`));
  });

  it('accepts one day', () => {
    expect(() => periodOf('2026-03-01', '2026-03-01')).not.toThrow();
  });

  it.each(['01.03.2026', '2026-02-30', 'yesterday', '0001-01-01'])('rejects %j', (text) => {
    expect(() => periodOf(text)).toThrow(
      expect.objectContaining({ code: 'field-malformed', stage: 'configuration' }),
    );
    expect(() => periodOf(text)).toThrow('"From"');
    expect(() => periodOf(undefined, text)).toThrow('"To"');
  });
});

describe('a period includes', () => {
  it.each([
    ['2026-03-01T00:00:00+00:00', true],
    ['2026-03-31T23:59:59+00:00', true],
    ['2026-03-31T23:59:59.999+00:00', true],
    ['2026-03-01', true],
    ['2026-03-31', true],
    ['2026-02-28T23:59:59+00:00', false],
    ['2026-04-01T00:00:00+00:00', false],
    ['2026-02-28', false],
    ['2026-04-01', false],
    ['2026-03-31T24:00:00Z', false],
    ['2026-02-28T24:00:00Z', true],
  ])('%s: %s', (date, expected) => {
    expect(includes(periodOf('2026-03-01', '2026-03-31')!, date)).toBe(expected);
  });

  it('a row by the text of the bank, whatever its offset', () => {
    expect(includes(MARCH, '2026-03-01T00:00:00+13:00')).toBe(true);
    expect(includes(MARCH, '2026-03-31T23:30:00-08:00')).toBe(true);
    expect(includes(MARCH, '2026-04-01T00:30:00+13:00')).toBe(false);
  });

  it.each(['0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z', '02-Mar-26', '', null, undefined])(
    'a row whose date is %j',
    (date) => {
      expect(includes(MARCH, date)).toBe(true);
    },
  );

  it('a row that is booked in it and valued outside', () => {
    const period = periodOf('2026-06-01', '2026-06-30')!;
    const dates = { BookingDateTime: '2026-06-16', ValueDateTime: '2026-08-01' };
    expect(period.includes(row(dates))).toBe(true);
  });

  it('a pending row of the future if there is no To', () => {
    const period = periodOf('2026-03-01')!;
    expect(includes(period, '2099-03-09T00:00:00+00:00')).toBe(true);
  });

  it('times of a day from and to the second', () => {
    const period = periodOf('2026-03-02T10:00:00', '2026-03-02T11:00:00')!;
    expect(includes(period, '2026-03-02T09:59:59Z')).toBe(false);
    expect(includes(period, '2026-03-02T10:00Z')).toBe(true);
    expect(includes(period, '2026-03-02T11:00:01Z')).toBe(false);
    expect(includes(period, '2026-03-02')).toBe(true);
  });
});
