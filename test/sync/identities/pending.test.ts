import type { RawRow } from '../../../core/accounts/simplified/rawRow';
import { amounting, nameless, row } from '../../accounts/simplified/rows';
import { on, Reader } from './reader';

/** A pending row. */
const pending = (changes: RawRow = {}) =>
  row({ Status: 'Pending', TransactionId: 'p-1', ...changes });

const bistro = (amount: string, changes: RawRow) =>
  amounting(amount, { TransactionInformation: 'BISTRO', ...changes });

const held = bistro('50.00', { Status: 'Pending', TransactionId: 'p-1', ...on('2026-03-01') });
const paid = bistro('57.50', {
  TransactionId: 'b-7',
  TransactionInformation: 'BISTRO 4411',
  ...on('2026-03-03'),
});
/** A row that is always there, so that no read is empty. */
const other = amounting('99.00', { TransactionId: 'T99' });

describe('a pending transaction', () => {
  it('is the same when it is booked under its ID', () => {
    const reader = new Reader();
    const [before] = reader.observe([pending()]).given;
    const { given, vanished } = reader.observe([
      row({ TransactionId: 'p-1', ...on('2026-03-05') }),
    ]);
    expect(before).toMatchObject({ id: 'p-1', isNew: true });
    expect(given).toMatchObject([{ row: before!.row, id: 'p-1', isNew: false }]);
    expect(vanished).toEqual([]);
  });

  it('is named by the row that it becomes under another ID, on another day, for another amount', () => {
    const reader = new Reader();
    const [before] = reader.observe([held, other]).given;
    const { given, vanished } = reader.observe([paid, other]);
    const was = { row: before!.row, id: 'p-1' };
    expect(given[0]).toMatchObject({ id: 'b-7', isNew: true, was });
    expect(vanished).toEqual([]);
    expect(reader.observe([paid, other]).vanished).toEqual([]);
  });

  it.each([
    ['two booked rows could be it', [paid, bistro('60.00', { TransactionId: 'b-8' })], [held]],
    ['two pending rows could be it', [paid], [held, { ...held, TransactionId: 'p-2' }]],
    [
      'the booked row is older',
      [bistro('50.00', { TransactionId: 'b-7', ...on('2026-02-27') })],
      [held],
    ],
    [
      'neither amount nor text agrees',
      [bistro('57.50', { TransactionId: 'b-7', TransactionInformation: 'CAFE' })],
      [held],
    ],
    [
      'the sign differs',
      [bistro('50.00', { TransactionId: 'b-7', CreditDebitIndicator: 'Credit' })],
      [held],
    ],
    [
      'the currency differs',
      [
        row({
          TransactionId: 'b-7',
          TransactionInformation: 'BISTRO',
          Amount: { Amount: '50.00', Currency: 'EUR' },
        }),
      ],
      [held],
    ],
  ])('vanishes beside a new booked row if %s', (_, after, before) => {
    const reader = new Reader();
    reader.observe([...before, other]);
    const { given, vanished } = reader.observe([...after, other]);
    expect(given.filter((one) => one?.isNew)).toHaveLength(after.length);
    expect(given.filter((one) => one?.was)).toEqual([]);
    expect(vanished.map(({ id }) => id).sort()).toEqual(before.map((one) => one.TransactionId));
  });

  it('is not the booked row of equal amount while it is still pending', () => {
    const reader = new Reader();
    const booked = row({ TransactionId: 'b-7' });
    reader.observe([pending(), other]);
    const { given, vanished } = reader.observe([pending(), booked, other]);
    expect(given[1]).toMatchObject({ id: 'b-7', isNew: true });
    expect(given[1]).not.toHaveProperty('was');
    expect(vanished).toEqual([]);
  });

  it('vanishes if a complete read lacks it, once', () => {
    const reader = new Reader();
    reader.observe([pending(), other]);
    expect(reader.observe([other], { isComplete: false }).vanished).toEqual([]);
    expect(reader.observe([]).vanished).toEqual([]);
    expect(reader.observe([other, amounting('x')]).vanished).toEqual([]);
    expect(reader.observe([other], { from: '2026-03-05' }).vanished).toEqual([]);
    expect(reader.observe([other]).vanished).toMatchObject([{ id: 'p-1' }]);
    expect(reader.observe([other]).vanished).toEqual([]);
  });

  it('vanishes if it is older than the widest read', () => {
    const reader = new Reader();
    reader.observe([pending(), other], { today: '2026-03-10' });
    const narrow = { today: '2026-05-01', from: '2026-04-17' };
    expect(reader.observe([other], narrow).vanished).toEqual([]);
    const wide = { today: '2026-05-01', from: '2026-03-17' };
    expect(reader.observe([other], wide).vanished).toMatchObject([{ id: 'p-1' }]);
  });

  it('vanishes if it is rejected', () => {
    const reader = new Reader();
    reader.observe([pending(), other]);
    const { vanished } = reader.observe([pending({ Status: 'Rejected' }), other]);
    expect(vanished).toMatchObject([{ id: 'p-1' }]);
    expect(reader.observe([pending({ Status: 'Rejected' }), other]).vanished).toEqual([]);
  });

  it('is booked under its ID although it vanished before', () => {
    const reader = new Reader();
    reader.hand([pending(), other]);
    expect(reader.hand([other])).toEqual([]);
    expect(reader.hand([row({ TransactionId: 'p-1' }), other])).toMatchObject([{ id: 'p-1' }]);
  });

  it('has changed if its day or its texts differ', () => {
    const reader = new Reader();
    const changed = (changes: RawRow) => reader.observe([pending(changes)]).given[0]!.hasChanged;
    expect(changed({})).toBe(false);
    expect(changed({})).toBe(false);
    expect(changed({ TransactionInformation: 'SHOP' })).toBe(true);
    expect(changed({ TransactionInformation: 'SHOP' })).toBe(false);
    expect(changed({ TransactionInformation: 'SHOP', ...on('2026-03-04') })).toBe(true);
  });

  it('without an ID is the same when it is booked, on the same day', () => {
    const reader = new Reader();
    const [before] = reader.observe([nameless({ Status: 'Pending' })]).given;
    const [after] = reader.observe([nameless({ TransactionInformation: 'SHOP 11 LONDON' })]).given;
    expect(after).toMatchObject({ row: before!.row, id: before!.id, isNew: false });
  });

  it('without an ID stays beside an equal booked row', () => {
    const reader = new Reader();
    const waits = nameless({ Status: 'Pending' });
    expect(reader.hand([waits])).toEqual([]);
    expect(reader.hand([nameless(), waits])).toHaveLength(1);
    expect(reader.hand([nameless(), nameless()])).toHaveLength(1);
  });

  it('without an ID is another row than an equal booked one with another text that a cut list lacks', () => {
    const reader = new Reader();
    const waits = nameless({ Status: 'Pending', TransactionInformation: 'SHOP 12' });
    const [before] = reader.observe([nameless()]).given;
    const [given] = reader.observe([waits], { isComplete: false }).given;
    expect(given).toMatchObject({ isNew: true });
    expect(given!.id).not.toBe(before!.id);
  });

  it('does not make the IDs of the bank doubtful when it is booked for another amount', () => {
    const reader = new Reader();
    const kept = amounting('30.00', { TransactionId: 'T30' });
    reader.hand([held, kept]);
    const booked = { ...held, Status: 'Booked', Amount: { Amount: '57.50', Currency: 'GBP' } };
    const [handed] = reader.hand([booked, kept]);
    expect(handed).toMatchObject({ amount: '-57.5', source: 'fingerprint', was: 'p-1' });
    expect(reader.hand([booked, kept, row({ TransactionId: 'T31' })])).toMatchObject([
      { id: 'T31', source: 'bank' },
    ]);
  });
});

describe('a booked row that the bank calls mutable', () => {
  it('waits until it is final', () => {
    const reader = new Reader();
    const authorised = row({
      TransactionId: 'AUTH-5',
      TransactionMutability: 'Mutable',
      TransactionInformation: 'AUTHORISATION',
    });
    const final = row({ TransactionId: 'T-90', TransactionMutability: 'Immutable' });
    expect(reader.hand([authorised])).toEqual([]);
    expect(reader.hand([final])).toMatchObject([{ id: 'T-90', was: 'AUTH-5' }]);
  });

  it('becomes final under its ID', () => {
    const reader = new Reader();
    expect(reader.hand([row({ TransactionMutability: 'Mutable' })])).toEqual([]);
    expect(reader.hand([row({ TransactionMutability: 'Immutable' })])).toHaveLength(1);
    expect(reader.hand([row({ TransactionMutability: 'Mutable' })])).toEqual([]);
    expect(reader.hand([row()])).toEqual([]);
  });
});

describe('statuses', () => {
  it('hand over booked rows alone', () => {
    const words = ['BOOK', 'PDNG', 'FUTR', 'INFO', 'RJCT', 'Booked', 'BOOKED', 'Rejected', 'HOLD'];
    const rows = [...words, '', undefined].map((Status, at) =>
      row({ Status, TransactionId: `S${at + 1}` }),
    );
    const reader = new Reader();
    expect(reader.hand(rows).map(({ id }) => id)).toEqual(['S1', 'S6', 'S7', 'S10', 'S11']);
    expect(reader.hand(rows)).toEqual([]);
  });
});
