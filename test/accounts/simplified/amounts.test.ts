import { parseExactly } from '../../../core/accounts/exactJson';
import { sumOf } from '../../../core/accounts/simplified/decimal';
import type { RawRow } from '../../../core/accounts/simplified/rawRow';
import { amounting, row, simplified, simplifiedRow } from './rows';

const CREDIT = { CreditDebitIndicator: 'Credit' };

/** The amount of an item, and whether there is a warning. */
function read(amount: unknown, changes: Record<string, unknown> = {}) {
  const { item, remarks } = simplifiedRow(amounting(amount, changes));
  return { amount: item.amount, remarks };
}

describe('the amount of a transaction', () => {
  it.each([
    ['12.50', '12.50'],
    ['+5.00', '5.00'],
    [' 12.00 ', '12.00'],
    ['.50', '0.50'],
    ['5.', '5'],
    ['00012.00', '00012.00'],
    ['12.345678', '12.345678'],
    ['1e3', '1000'],
    ['1.50E1', '15.0'],
    ['1.5e-3', '0.0015'],
    ['90071992547409.93', '90071992547409.93'],
    [1200, '1200'],
    [12.5, '12.5'],
  ])('%j is %j with the digits of the bank', (amount, expected) => {
    expect(read(amount, CREDIT)).toEqual({ amount: expected, remarks: [] });
  });

  it.each([
    ['10.00', '10.00'],
    ['0.10', '0.10'],
    ['90071992547409.93', '90071992547409.93'],
    ['1e3', '1000'],
    ['-0', '0'],
    ['12.5', '12.5'],
  ])('keeps the digits of the JSON number %s', (number, expected) => {
    const json = `{"CreditDebitIndicator":"Credit","Amount":{"Amount":${number},"Currency":"GBP"}}`;
    const { value } = parseExactly(Buffer.from(json));
    expect(simplifiedRow(value as RawRow).item.amount).toBe(expected);
  });

  it.each([
    '1,234.56',
    '1.234,56',
    '23,15',
    '1 234.56',
    'NaN',
    '',
    ' ',
    '.',
    '--5',
    '1e999',
    '0x10',
    '1'.repeat(101),
    null,
    undefined,
    true,
    {},
  ])('%j cannot be read, and is never guessed', (amount) => {
    const { items, failure } = simplified([amounting(amount), row({ TransactionId: 'T2' })]);
    expect(failure).toMatchObject({ code: 'amount-unreadable', stage: 'api' });
    expect(failure?.message).toContain('transaction T1 of account A-1');
    expect(items.map(({ transaction_id }) => transaction_id)).toEqual(['T2']);
  });

  it('names the row of a transaction without an ID whose amount cannot be read', () => {
    const rows = [row(), amounting('1,00', { TransactionId: undefined })];
    expect(simplified(rows).failure?.message).toMatch(/"1,00" of the transaction in row 2/);
  });

  it('cannot be read if the row has no amount', () => {
    expect(simplified([row({ Amount: null })]).failure).toMatchObject({
      code: 'amount-unreadable',
    });
  });

  it.each([
    ['Debit', '12.50', '-12.50'],
    ['Credit', '12.50', '12.50'],
    ['DBIT', '12.50', '-12.50'],
    ['crdt', '12.50', '12.50'],
    ['DEBIT', '12.50', '-12.50'],
    ['Debit', '+12.50', '-12.50'],
    ['Debit', '0.00', '0.00'],
    ['Debit', '-0.00', '0.00'],
    ['Credit', '-0', '0'],
    [undefined, '0.00', '0.00'],
    [undefined, '-0.00', '0.00'],
  ])('with the indicator %j and the text %j is %j', (indicator, amount, expected) => {
    const changes = { CreditDebitIndicator: indicator };
    expect(read(amount, changes)).toEqual({ amount: expected, remarks: [] });
  });

  it('is negative once if the bank sends a minus besides Debit', () => {
    const { amount, remarks } = read('-396.10', { CreditDebitIndicator: 'Debit' });
    expect(amount).toBe('-396.10');
    expect(remarks).toEqual([expect.stringContaining('Debit')]);
  });

  it('follows the indicator Credit against a minus, with a warning that names both', () => {
    const { amount, remarks } = read('-396.10', CREDIT);
    expect(amount).toBe('396.10');
    expect(remarks).toEqual([expect.stringMatching(/minus.*"CreditDebitIndicator" says Credit/)]);
  });

  it.each([undefined, null, '', 'D'])('takes its own minus if the indicator is %j', (indicator) => {
    const { amount, remarks } = read('-396.10', { CreditDebitIndicator: indicator });
    expect(amount).toBe('-396.10');
    expect(remarks).toHaveLength(1);
  });

  it.each([undefined, '', 'D'])(
    'has no sign if neither it nor the indicator %j has',
    (indicator) => {
      const { items, failure } = simplified([
        amounting('396.10', { CreditDebitIndicator: indicator }),
      ]);
      expect(items).toEqual([]);
      expect(failure).toMatchObject({ code: 'amount-sign-missing', stage: 'api' });
    },
  );

  it('warns once for all rows of a kind', () => {
    const rows = [1, 2, 3].map((n) => amounting(`-${n}.00`, { TransactionId: `T${n}` }));
    expect(simplified(rows).remarks).toEqual([expect.stringContaining('In 3 rows')]);
  });

  it('causes no failure and no warning in a row that is not asked for', () => {
    const rows = [
      amounting('NaN', { TransactionId: 'P1', Status: 'Pending' }),
      amounting('-1.00', { TransactionId: 'P2', Status: 'Pending' }),
      row(),
    ];
    const { items, failure, remarks } = simplified(rows, (_, status) => status === 'booked');
    expect([items.length, failure, remarks]).toEqual([1, undefined, []]);
  });
});

describe('the currency of a transaction', () => {
  it.each([
    ['JPY', '1200', 'Debit', '-1200'],
    ['BHD', '1.234', 'Debit', '-1.234'],
    ['GBP', '0.12345', 'Credit', '0.12345'],
    ['gbp', '0.00', 'Debit', '0.00'],
  ])('%s keeps the decimals of %s', (Currency, Amount, CreditDebitIndicator, amount) => {
    const { item, remarks } = simplifiedRow(
      row({ CreditDebitIndicator, Amount: { Amount, Currency } }),
    );
    expect(item).toMatchObject({ amount, currency: Currency.toUpperCase() });
    expect(remarks).toEqual([]);
  });

  it.each([undefined, null, '', 'XXX'])('is absent with a warning if it is %j', (Currency) => {
    const { item, remarks } = simplifiedRow(row({ Amount: { Amount: '1.00', Currency } }));
    expect(item).not.toHaveProperty('currency');
    expect(remarks).toEqual([expect.stringContaining('no currency')]);
  });

  it('is that of the amount, not of the instructed amount', () => {
    const CurrencyExchange = { InstructedAmount: { Amount: '15.00', Currency: 'USD' } };
    const { item } = simplifiedRow(amounting('12.10', { CurrencyExchange }));
    expect(item).toMatchObject({ amount: '-12.10', currency: 'GBP' });
  });
});

describe('the balance after a transaction', () => {
  const after = (Amount: unknown, CreditDebitIndicator?: string) =>
    simplifiedRow(row({ Balance: { Amount: { Amount, Currency: 'GBP' }, CreditDebitIndicator } }));

  it.each([
    ['100.00', 'Credit', '100.00'],
    ['100.00', 'Debit', '-100.00'],
    ['-100.00', 'Debit', '-100.00'],
    ['0.00', 'Debit', '0.00'],
  ])('%s %s is %s', (amount, indicator, expected) => {
    expect(after(amount, indicator).item.balance_after).toBe(expected);
  });

  it.each([
    ['100.00', undefined],
    ['1,00', 'Debit'],
  ])('is absent with a warning if it cannot be read: %s %s', (amount, indicator) => {
    const { item, remarks } = after(amount, indicator);
    expect(item).not.toHaveProperty('balance_after');
    expect(remarks).toEqual([expect.stringContaining('balance_after')]);
  });

  it('is absent without a warning if the bank sends none', () => {
    const { item, remarks } = simplifiedRow(row({ Balance: {} }));
    expect(item).not.toHaveProperty('balance_after');
    expect(remarks).toEqual([]);
  });
});

describe('sumOf', () => {
  it.each([
    [['1000.00', '0.5'], '1000.50'],
    [['-0.30', '0.1'], '-0.20'],
    [['0.1', '-0.1'], '0.0'],
    [['90071992547409.93', '1'], '90071992547410.93'],
    [['-5', '-7'], '-12'],
    [['-0.05', '0.01'], '-0.04'],
  ])('of %j is %s', (numbers, sum) => {
    expect(sumOf(numbers)).toBe(sum);
  });
});
