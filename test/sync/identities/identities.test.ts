import { amounting, nameless, row } from '../../accounts/simplified/rows';
import { on, Reader } from './reader';

const [second, third] = [on('2026-03-02'), on('2026-03-03')];

describe('a transaction of which the ID changes', () => {
  it('is the same if it had no ID at first', () => {
    const reader = new Reader();
    const [first] = reader.hand([nameless(second)]);
    expect(first).toMatchObject({ source: 'fingerprint' });
    const later = [row({ ...second, TransactionId: '2026-03-02.0' })];
    expect(reader.hand(later)).toEqual([]);
    expect(reader.lookUp(later)).toEqual([first!.id]);
    expect(reader.hand(later)).toEqual([]);
  });

  it('is the same if it has no ID any more', () => {
    const reader = new Reader();
    expect(reader.hand([row()])).toHaveLength(1);
    expect(reader.hand([nameless()])).toEqual([]);
    expect(reader.hand([row()])).toEqual([]);
  });

  it('is the same if a late row takes its number', () => {
    const reader = new Reader();
    const day = on('2026-03-10');
    const salary = (number: number) =>
      amounting('2500.00', {
        ...day,
        TransactionId: `2026-03-10-${number}`,
        CreditDebitIndicator: 'Credit',
        TransactionInformation: '',
      });
    const order = (number: number) =>
      amounting('4.00', { ...day, TransactionId: `2026-03-10-${number}` });
    const late = amounting('85.00', { ...day, TransactionId: '2026-03-10-0' });
    const first = reader.hand([salary(0), order(1)]);
    expect(first).toHaveLength(2);
    const [handed, ...others] = reader.hand([late, salary(1), order(2)]);
    expect(handed).toMatchObject({ amount: '-85' });
    expect(others).toEqual([]);
    expect(first.map(({ id }) => id)).not.toContain(handed!.id);
    expect(reader.lookUp([order(2), late, salary(1)])).toEqual([
      first[1]!.id,
      handed!.id,
      first[0]!.id,
    ]);
  });

  it('is the same if a late row takes its number, among rows of days whose numbers stay', () => {
    const reader = new Reader();
    const before = Array.from({ length: 30 }, (_, at) =>
      amounting(`${at + 1}.00`, { ...on('2026-03-01'), TransactionId: `2026-03-01-${at}` }),
    );
    const batch = (amounts: readonly string[]) =>
      amounts.map((amount, at) =>
        amounting(amount, { ...on('2026-03-05'), TransactionId: `2026-03-05-${at}` }),
      );
    reader.hand([...before, ...batch(['7.00', '8.00', '9.00'])]);
    expect(reader.amounts([...before, ...batch(['5.55', '7.00', '8.00', '9.00'])])).toEqual([
      '-5.55',
    ]);
    expect(reader.amounts([...before, ...batch(['7.00', '6.66', '5.55', '9.00', '8.00'])])).toEqual(
      ['-6.66'],
    );
  });

  it('is the same if the first row of its batch is withdrawn', () => {
    const reader = new Reader();
    const batch = (...amounts: string[]) =>
      amounts.map((amount, at) => amounting(amount, { ...second, TransactionId: `${at}` }));
    const others = Array.from({ length: 5 }, (_, at) =>
      amounting(`${at + 20}.00`, { ...third, TransactionId: `${at + 7}` }),
    );
    reader.hand([...batch('1.00', '2.00', '3.00'), ...others]);
    expect(reader.hand([...batch('2.00', '3.00'), ...others])).toEqual([]);
  });

  it('is the same if each read gives each row another ID', () => {
    const reader = new Reader();
    const read = (one: string, other: string) => [
      row({ TransactionId: one }),
      amounting('3.00', { TransactionId: other }),
    ];
    expect(reader.hand(read('enc!!qL7', 'enc!!0Zp'))).toMatchObject([
      { source: 'bank' },
      { source: 'bank' },
    ]);
    const { remarks } = reader.observe(read('enc!!Wd1', 'enc!!r9k'));
    expect(remarks).toEqual([expect.stringContaining('other IDs than before')]);
    expect(reader.hand(read('enc!!8fD', 'enc!!Xx2'))).toEqual([]);
    const third = amounting('9.00', { TransactionId: 'enc!!N01' });
    expect(reader.hand([...read('enc!!4aa', 'enc!!4ab'), third])).toMatchObject([
      { amount: '-9', source: 'fingerprint' },
    ]);
  });

  it('is the same if its account has no other row', () => {
    const reader = new Reader();
    reader.hand([row({ TransactionId: 'enc!!qL7' })]);
    expect(reader.hand([row({ TransactionId: 'enc!!Wd1' })])).toEqual([]);
  });

  it('counts as new if other IDs hold: the row with the known ID was left out once', () => {
    const reader = new Reader();
    const [one, two, three] = [
      row(),
      amounting('3.00', { TransactionId: 'T2' }),
      amounting('7.00', { TransactionId: 'T3' }),
    ];
    const twin = row({ TransactionId: 'T4' });
    reader.hand([one, two, three]);
    expect(reader.hand([two, three, twin])).toMatchObject([{ id: 'T4', source: 'bank' }]);
    expect(reader.hand([one, two, three, twin])).toEqual([]);
  });

  it('comes at last if it was taken for the only known row of the account', () => {
    const reader = new Reader();
    const twin = row({ TransactionId: 'T4', TransactionInformation: 'SHOP 12' });
    reader.hand([row()]);
    reader.hand([twin]);
    expect(reader.amounts([row(), twin])).toEqual(['-12.5']);
  });

  it('is new after an incomplete read, which proves nothing', () => {
    const reader = new Reader();
    reader.hand([row()]);
    expect(reader.hand([row({ TransactionId: 'T4' })], { isComplete: false })).toHaveLength(1);
    expect(reader.hand([row(), row({ TransactionId: 'T4' })])).toEqual([]);
  });
});

describe('a row that has the content of a known one, whose ID is at another row now', () => {
  const [before, after, equal] = [
    row({ ...second, TransactionId: 'T1', TransactionInformation: 'CAFE' }),
    row({ ...on('2026-03-01'), TransactionId: 'T1', TransactionInformation: 'CAFE, LONDON' }),
    row({ ...second, TransactionId: 'T2', TransactionInformation: 'CAFE' }),
  ];

  it('comes again: the bank has moved its IDs, or it has changed the first row and booked an equal one', () => {
    const reader = new Reader();
    const [first] = reader.hand([before]);
    const handed = reader.hand([equal, after]);
    expect(handed).toMatchObject([{ id: first!.id, day: '2026-03-02' }, { day: '2026-03-01' }]);
    expect(handed[1]!.id).not.toBe(first!.id);
    expect(reader.hand([equal, after])).toEqual([]);
    expect(reader.lookUp([after, equal])).toEqual([handed[1]!.id, first!.id]);
  });

  it('comes again in a list that is not whole, too', () => {
    const reader = new Reader();
    reader.hand([before]);
    expect(reader.hand([equal, after], { isComplete: false })).toHaveLength(2);
  });

  it('does not come again if it has an ID of another known row: then the bank has moved its IDs', () => {
    const reader = new Reader();
    const other = row({ ...third, TransactionId: 'T2', TransactionInformation: 'BAR' });
    reader.hand([before, other]);
    expect(reader.hand([after, equal, { ...other, TransactionId: 'T3' }])).toMatchObject([
      { day: '2026-03-01' },
    ]);
  });
});

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

describe('references', () => {
  it('keep rows without an ID apart, also if one of them was left out', () => {
    const reader = new Reader();
    const named = (TransactionReference?: string) => nameless({ TransactionReference });
    reader.hand([named('R-1')]);
    expect(reader.hand([named('R-2')])).toHaveLength(1);
    expect(reader.hand([named()])).toHaveLength(1);
    expect(reader.hand([named('R-1'), named('R-2'), named()])).toEqual([]);
  });
});

describe('texts', () => {
  it('never make a row new', () => {
    const reader = new Reader();
    reader.hand([nameless({ TransactionInformation: '12.03 SHOP &gt; X' })]);
    const rewritten = nameless({
      TransactionInformation: 'SHOP > X',
      MerchantDetails: { MerchantName: 'X' },
      BankTransactionCode: { Code: 'IssuedDirectDebits', SubCode: 'BACSDirectDebit' },
    });
    expect(reader.hand([rewritten])).toEqual([]);
    expect(reader.hand([nameless({ TransactionInformation: 'SHOP X' })])).toEqual([]);
  });

  it('never make a row with an ID new', () => {
    const reader = new Reader();
    reader.hand([row()]);
    expect(reader.hand([row({ TransactionInformation: 'another' })])).toEqual([]);
  });

  it('decide between equal rows of which one is new', () => {
    const reader = new Reader();
    const named = (text: string) => nameless({ TransactionInformation: text });
    const [first] = reader.hand([named('B')]);
    const [handed] = reader.hand([named('A'), named('B')]);
    expect(reader.lookUp([named('B'), named('A')])).toEqual([first!.id, handed!.id]);
  });
});

describe('equal rows without an ID', () => {
  it('are as many as the bank shows', () => {
    const reader = new Reader();
    const same = nameless();
    const handed = [
      ...reader.hand([same, same]),
      ...reader.hand([same, same, same]),
      ...reader.hand([nameless(third), same, same, same]),
    ];
    expect(handed.map(({ day }) => day.slice(-2))).toEqual(['02', '02', '02', '03']);
    const ids = handed.map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    const found = reader.lookUp([same, nameless(third), same, same]);
    expect([...found].sort()).toEqual([...ids].sort());
  });

  it('stay the same if the balance after them moves', () => {
    const reader = new Reader();
    const having = (balance: string, amount = '12.50') =>
      amounting(amount, {
        TransactionId: undefined,
        Balance: {
          CreditDebitIndicator: 'Credit',
          Type: 'InterimBooked',
          Amount: { Amount: balance, Currency: 'GBP' },
        },
      });
    reader.hand([having('100.00'), having('87.50')]);
    expect(reader.amounts([having('92.50', '20.00'), having('80.00'), having('67.50')])).toEqual([
      '-20',
    ]);
  });

  it('are none too many if one is left out once', () => {
    const reader = new Reader();
    const same = nameless();
    reader.hand([same, same]);
    expect(reader.hand([same])).toEqual([]);
    expect(reader.hand([same, same])).toEqual([]);
  });

  it('give way to a row with another text if one was left out before', () => {
    const reader = new Reader();
    const other = nameless({ TransactionInformation: 'SHOP 12' });
    reader.hand([nameless(), nameless()]);
    reader.hand([nameless()]);
    expect(reader.hand([nameless(), other])).toHaveLength(1);
  });
});
