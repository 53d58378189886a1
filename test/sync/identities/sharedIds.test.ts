import { amounting, nameless, row } from '../../accounts/simplified/rows';
import { on, Reader } from './reader';

const third = on('2026-03-03');

describe('an ID that names several transactions', () => {
  it.each([
    ['a number', { TransactionId: '9998' }],
    ['a reference', { TransactionId: undefined, TransactionReference: 'TAX-7001' }],
    ['a placeholder', { TransactionId: 'NOTPROVIDED' }],
    ['zero', { TransactionId: '0' }],
    ['dashes', { TransactionId: '-----------' }],
    ['the nil UUID', { TransactionId: '00000000-0000-0000-0000-000000000000' }],
  ])('keeps apart rows with another amount: %s', (_, members) => {
    const reader = new Reader();
    const one = amounting('30.00', { ...members, TransactionInformation: 'OUT 1' });
    const two = amounting('41.00', { ...members, ...third, TransactionInformation: 'OUT 2' });
    const [first] = reader.hand([one]);
    const [handed, ...others] = reader.hand([one, two]);
    expect(handed).toMatchObject({ amount: '-41' });
    expect(others).toEqual([]);
    expect(handed!.id).not.toBe(first!.id);
    expect(reader.lookUp([two, one])).toEqual([handed!.id, first!.id]);
  });

  it('keeps apart equal amounts if a counter begins again each day', () => {
    const reader = new Reader();
    const counted = (day: string, number: number) =>
      row({ ...on(day), TransactionId: `${number}`, TransactionInformation: 'COFFEE' });
    const first = reader.hand([counted('2026-03-02', 3)]);
    const both = [counted('2026-03-02', 3), counted('2026-03-03', 3)];
    const second = reader.hand(both);
    expect([first, second]).toMatchObject([[{ day: '2026-03-02' }], [{ day: '2026-03-03' }]]);
    expect(second[0]!.id).not.toBe(first[0]!.id);
    expect(reader.hand(both)).toEqual([]);
    // The first day is out of the window.
    const later = { from: '2026-03-03', today: '2026-03-17' };
    expect(reader.hand([counted('2026-03-17', 3)], later)).toHaveLength(1);
  });

  it('keeps apart two payments of a day with one reference and amount', () => {
    const reader = new Reader();
    const tax = nameless({ TransactionReference: 'TAX-7001' });
    const [one, two] = reader.hand([tax, tax]);
    expect(one!.id).not.toBe(two!.id);
    expect([one!.source, two!.source]).toEqual(['reference', 'reference']);
    expect(reader.hand([tax, tax])).toEqual([]);
  });

  it('names one row if only the date differs, the later one', () => {
    const reader = new Reader();
    const [one, two] = [on('2026-03-08'), on('2026-03-09')].map((day) =>
      row({ TransactionId: 'X', ...day }),
    );
    const { given, remarks } = reader.observe([one!, two!]);
    expect(given).toMatchObject([undefined, { id: 'X' }]);
    expect(remarks).toEqual([expect.stringContaining('sent a transaction again')]);
    expect(reader.observe([one!, two!]).given).toMatchObject([undefined, { isNew: false }]);
  });

  it.each([
    ['the amount', amounting('0.50', { TransactionId: 'X' })],
    ['the sign', row({ TransactionId: 'X', CreditDebitIndicator: 'Credit' })],
  ])('names two rows if %s differs', (_, other) => {
    const reader = new Reader();
    const [one, two] = reader.hand([row({ TransactionId: 'X' }), other]);
    expect(one!.id).not.toBe(two!.id);
    const reader2 = new Reader();
    const before = reader2.hand([row({ TransactionId: 'X' })]);
    const after = reader2.hand([row({ TransactionId: 'X' }), other]);
    expect(before).toMatchObject([{ id: 'X' }]);
    expect(after).toMatchObject([{ source: 'fingerprint' }]);
    expect(reader2.hand([other])).toEqual([]);
  });

  it('is that of two accounts', () => {
    const first = new Reader('A-1').hand([amounting('10.00', { TransactionId: '20260803-1' })]);
    const second = new Reader('A-2').hand([amounting('77.00', { TransactionId: '20260803-1' })]);
    expect([first, second]).toMatchObject([[{ id: '20260803-1' }], [{ id: '20260803-1' }]]);
  });
});

describe('numbers of rows in a list', () => {
  const listed = (...rows: [date: string, text: string, changes?: object][]) =>
    rows.map(([date, text, changes], at) =>
      row({ ...on(date), TransactionId: `R${at + 1}`, TransactionInformation: text, ...changes }),
    );

  it('move to the rows of other days, also if all amounts are equal', () => {
    const reader = new Reader();
    const [two, one] = [
      ['2026-03-02', 'B'],
      ['2026-03-01', 'A'],
    ] as [string, string][];
    reader.hand(listed(two!, one!));
    expect(reader.hand(listed(['2026-03-03', 'C'], two!, one!))).toMatchObject([
      { day: '2026-03-03' },
    ]);
    expect(reader.hand(listed(['2026-03-03', 'C'], two!, one!))).toEqual([]);
  });

  it('move to another row of the day, with another reference', () => {
    const reader = new Reader();
    const other = { TransactionReference: 'R-1' };
    const [first] = reader.hand(listed(['2026-03-02', 'A', other]));
    const both = listed(['2026-03-02', 'A'], ['2026-03-02', 'A', other]);
    const [handed, again, ...others] = reader.hand(both);
    expect(again).toEqual(first);
    expect(others).toEqual([]);
    expect(reader.lookUp(listed(['2026-03-02', 'A']))).toEqual([handed!.id]);
  });

  it('are others for pending rows than for booked ones', () => {
    const reader = new Reader();
    const [waits, booked] = [
      row({ Status: 'Pending', TransactionId: '1' }),
      row({ TransactionId: '1' }),
    ];
    const { given } = reader.observe([waits, booked]);
    expect(given.map((one) => one?.row)).toEqual([1, 2]);
  });
});
