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
