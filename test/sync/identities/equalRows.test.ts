import { amounting, nameless, row } from '../../accounts/simplified/rows';
import { on, Reader } from './reader';

const third = on('2026-03-03');

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
