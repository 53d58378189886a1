import { simplifiedBalance } from '../../../core/accounts/simplified/balance';
import { Remarks } from '../../../core/lib/remarks';

const BALANCE = {
  AccountId: 'A-1',
  CreditDebitIndicator: 'Credit',
  Type: 'InterimAvailable',
  DateTime: '2026-03-02T08:00:00+00:00',
  Amount: { Amount: '1230.00', Currency: 'GBP' },
};

function balance(changes: Record<string, unknown> = {}) {
  const remarks = new Remarks();
  const origin = { accountId: 'A-1', consent: 'customer 1', consentId: 'c-1' };
  const item = simplifiedBalance({ ...BALANCE, ...changes }, origin, remarks);
  return { item, remarks: remarks.texts };
}

const line = (amount: string | undefined, Type = 'Pre-Agreed', changes = {}) => ({
  Included: true,
  Type,
  Amount: amount && { Amount: amount, Currency: 'GBP' },
  ...changes,
});

describe('a balance', () => {
  it('has its own fields, and names no consent', () => {
    expect(balance({ CreditLine: [line('1000.00')] })).toEqual({
      item: {
        account_id: 'A-1',
        account_key: 'A-1',
        type: 'InterimAvailable',
        amount: '1230.00',
        currency: 'GBP',
        at: '2026-03-02T08:00:00+00:00',
        credit_included: '1000.00',
      },
      remarks: [],
    });
  });

  it('has only the fields that exist', () => {
    const { item, remarks } = balance({ Type: undefined, DateTime: undefined });
    expect(Object.keys(item)).toEqual(['account_id', 'account_key', 'amount', 'currency']);
    expect(remarks).toEqual([]);
  });

  it.each([
    ['CLAV', 'ClosingAvailable'],
    ['CLBD', 'ClosingBooked'],
    ['FWAV', 'ForwardAvailable'],
    ['INFO', 'Information'],
    ['ITAV', 'InterimAvailable'],
    ['ITBD', 'InterimBooked'],
    ['OPAV', 'OpeningAvailable'],
    ['OPBD', 'OpeningBooked'],
    ['PRCD', 'PreviouslyClosedBooked'],
    ['XPCD', 'Expected'],
    ['XPCH', 'Expected'],
    ['interimbooked', 'InterimBooked'],
    ['ClosingCleared', 'ClosingCleared'],
    ['OTHER', 'OTHER'],
  ])('of the type %s is %s', (Type, type) => {
    expect(balance({ Type }).item.type).toBe(type);
  });

  it.each([
    ['230.00', 'Debit', '-230.00', 0],
    ['-230.00', 'Debit', '-230.00', 1],
    ['-230.00', 'Credit', '230.00', 1],
    ['-230.00', undefined, '-230.00', 1],
    ['0.00', 'Debit', '0.00', 0],
  ])('%s %s is %s', (Amount, CreditDebitIndicator, amount, warnings) => {
    const read = balance({ Amount: { Amount, Currency: 'GBP' }, CreditDebitIndicator });
    expect(read.item.amount).toBe(amount);
    expect(read.remarks).toHaveLength(warnings);
  });

  it.each([
    [{ Amount: { Amount: '1,00', Currency: 'GBP' } }, 'amount-unreadable'],
    [{ Amount: null }, 'amount-unreadable'],
    [{ CreditDebitIndicator: undefined }, 'amount-sign-missing'],
  ])('with %j fails', (changes, code) => {
    expect(() => balance(changes)).toThrow(expect.objectContaining({ code, stage: 'api' }));
    expect(() => balance(changes)).toThrow('the balance InterimAvailable of account A-1');
  });

  it('has no currency, and a warning, if the bank sends none', () => {
    const { item, remarks } = balance({ Amount: { Amount: '1' } });
    expect(item).not.toHaveProperty('currency');
    expect(remarks).toHaveLength(1);
  });

  it('has no time, and a warning, if it cannot be read', () => {
    const { item, remarks } = balance({ DateTime: '02-Mar-26' });
    expect(item).not.toHaveProperty('at');
    expect(remarks).toHaveLength(1);
  });
});

describe('the credit in a balance', () => {
  it.each([
    ['one line', [line('1000.00')], '1000.00'],
    ['one line that is no list', line('1000.00'), '1000.00'],
    ['lines on top of each other', [line('1000.00'), line('250.5', 'Emergency')], '1250.50'],
    ['a limit and what is left of it', [line('900', 'Available'), line('1000', 'Credit')], '1000'],
    ['only what is left of a limit', [line('900', 'Available')], '900'],
    ['a line without a type', [line('5.00', '')], '5.00'],
    ['a line of zero', [line('-0.00')], '0.00'],
    ['a negative line', [line('-5.00')], '-5.00'],
    ['a line without a currency', [line('5', 'Credit', { Amount: { Amount: '5' } })], '5'],
    ['"true" as text', [line('5', 'Credit', { Included: 'true' })], '5'],
  ])('with %s is known', (_, CreditLine, expected) => {
    const { item, remarks } = balance({ CreditLine });
    expect(item.credit_included).toBe(expected);
    expect(remarks).toEqual([]);
  });

  it.each([
    ['not included', [{ ...line('1000.00'), Included: false }]],
    ['without "Included"', [{ ...line('1000.00'), Included: undefined }]],
    ['absent', null],
  ])('is absent if the line is %s', (_, CreditLine) => {
    const { item, remarks } = balance({ CreditLine });
    expect(item).not.toHaveProperty('credit_included');
    expect(remarks).toEqual([]);
  });

  it.each([
    ['without an amount', [line(undefined)]],
    ['with an amount that cannot be read', [line('1,000')]],
    ['in another currency', [line('5', 'Credit', { Amount: { Amount: '5', Currency: 'EUR' } })]],
    ['known only in part', [line('5'), line(undefined)]],
  ])('is absent with a warning if the line is %s', (_, CreditLine) => {
    const { item, remarks } = balance({ CreditLine });
    expect(item).not.toHaveProperty('credit_included');
    expect(remarks).toEqual([expect.stringContaining('credit_included')]);
  });
});
