import { row, simplified, simplifiedRow } from './rows';

describe('the booking date', () => {
  it.each([
    ['2026-03-02', '2026-03-02'],
    ['2026-03-02T10:00:00+00:00', '2026-03-02T10:00:00+00:00'],
    ['2026-03-02T10:00:00+0000', '2026-03-02T10:00:00+00:00'],
    ['2026-03-02T10:00:00+00', '2026-03-02T10:00:00+00:00'],
    ['2026-03-02T10:00:00-0330', '2026-03-02T10:00:00-03:30'],
    ['2026-03-02T10:00:00.1234567Z', '2026-03-02T10:00:00.1234567Z'],
    ['2026-03-02T10:00:00.123456789Z', '2026-03-02T10:00:00.123456789Z'],
    ['2026-03-02T10:00:00,123Z', '2026-03-02T10:00:00.123Z'],
    ['2026-03-02 10:00:00Z', '2026-03-02T10:00:00Z'],
    ['2026-03-02t10:00:00z', '2026-03-02T10:00:00Z'],
    ['2026-03-02T10:00Z', '2026-03-02T10:00Z'],
    ['2026-03-02T24:00:00Z', '2026-03-03T00:00:00Z'],
    ['2026-12-31T24:00:00+01:00', '2027-01-01T00:00:00+01:00'],
    ['2028-02-29T10:00:00Z', '2028-02-29T10:00:00Z'],
    [' 2026-03-02T10:00:00Z ', '2026-03-02T10:00:00Z'],
    ['2026-03-29T00:00:00+01:00', '2026-03-29T00:00:00+01:00'],
    ['2026-03-30T00:00:00+02:00', '2026-03-30T00:00:00+02:00'],
  ])('%s is %s', (BookingDateTime, expected) => {
    const { item, remarks } = simplifiedRow(row({ BookingDateTime }));
    expect(item.booked_at).toBe(expected);
    expect(remarks).toEqual([]);
  });

  it('gets no invented zone, and a warning', () => {
    const { item, remarks } = simplifiedRow(row({ BookingDateTime: '2026-03-02T10:00:00' }));
    expect(item.booked_at).toBe('2026-03-02T10:00:00');
    expect(remarks).toEqual([expect.stringContaining('without an offset')]);
  });

  it.each([
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '02-Mar-26',
    '01.01.0001',
    '2026-02-30',
    '2027-02-29T10:00:00Z',
    '2026-13-01',
    '2026-03-02T25:00:00Z',
    '2026-03-02T24:00:01Z',
    '2026-03-02T10:60:00Z',
    '2026-03-02T10:00:00.1234567890Z',
    '2026-03-02T10:00:00+16:00',
    '1772409600000',
    1772409600000,
    '',
    null,
    undefined,
    {},
  ])('%j is left out, with a warning', (BookingDateTime) => {
    const { item, remarks } = simplifiedRow(row({ BookingDateTime }));
    expect(item).not.toHaveProperty('booked_at');
    expect(remarks).toEqual([expect.stringContaining('"booked_at" is absent')]);
  });

  it('is counted in one warning for all rows without it', () => {
    const rows = ['a', 'b'].map((id) => row({ TransactionId: id, BookingDateTime: null }));
    expect(simplified(rows).remarks).toEqual([expect.stringContaining('In 2 rows')]);
  });
});

describe('the value date', () => {
  it('stays as it is, weeks away from the booking date', () => {
    const { item } = simplifiedRow(
      row({ BookingDateTime: '2026-06-16', ValueDateTime: '2026-08-01T00:00:00+01:00' }),
    );
    expect(item).toMatchObject({ booked_at: '2026-06-16', value_at: '2026-08-01T00:00:00+01:00' });
  });

  it.each([undefined, null, ''])('is absent without a warning if it is %j', (ValueDateTime) => {
    const { item, remarks } = simplifiedRow(row({ ValueDateTime }));
    expect(item).not.toHaveProperty('value_at');
    expect(remarks).toEqual([]);
  });

  it('is absent with a warning if it cannot be read', () => {
    const { item, remarks } = simplifiedRow(row({ ValueDateTime: '0001-01-01T00:00:00Z' }));
    expect(item).not.toHaveProperty('value_at');
    expect(remarks).toEqual([expect.stringContaining('value date')]);
  });
});
