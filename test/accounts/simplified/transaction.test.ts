import fc from 'fast-check';
import { Remarks } from '../../../core/lib/remarks';
import { statusOf } from '../../../core/accounts/simplified/status';
import { simplifiedTransactions } from '../../../core/accounts/simplified/transaction';
import { atOnce, ROW, row, simplified, simplifiedRow } from './rows';

describe('a transaction', () => {
  it('has only the fields that exist', () => {
    expect(simplifiedRow(ROW)).toEqual({
      item: {
        transaction_id: 'T1',
        id_source: 'bank',
        account_id: 'A-1',
        account_key: 'A-1',
        status: 'booked',
        booked_at: '2026-03-02T00:00:00+00:00',
        value_at: '2026-03-02T00:00:00+00:00',
        amount: '-12.50',
        currency: 'GBP',
        description: 'SHOP 11',
      },
      remarks: [],
    });
  });

  it('has all fields if the bank sends all', () => {
    const raw = row({
      CreditDebitIndicator: 'Credit',
      Status: 'BOOK',
      TransactionReference: 'REF 1',
      BankTransactionCode: { Code: 'ReceivedCreditTransfers', SubCode: 'DomesticCreditTransfer' },
      Balance: {
        CreditDebitIndicator: 'Debit',
        Type: 'ITBD',
        Amount: { Amount: '7.10', Currency: 'GBP' },
      },
      DebtorAccount: {
        SchemeName: 'UK.OBIE.IBAN',
        Identification: 'GB00TEST',
        Name: 'M. Example',
      },
    });
    const origin = { accountId: 'A-1', consent: 'customer 1', consentId: 'c-1' };
    const { rows } = atOnce(simplifiedTransactions([raw], origin, new Remarks()));
    expect(rows).toEqual([
      {
        transaction_id: 'T1',
        id_source: 'bank',
        account_id: 'A-1',
        account_key: 'A-1',
        consent: 'customer 1',
        consent_id: 'c-1',
        status: 'booked',
        booked_at: '2026-03-02T00:00:00+00:00',
        value_at: '2026-03-02T00:00:00+00:00',
        amount: '12.50',
        currency: 'GBP',
        counterparty: 'M. Example',
        counterparty_account: 'GB00TEST',
        reference: 'REF 1',
        description: 'SHOP 11',
        code: 'ReceivedCreditTransfers/DomesticCreditTransfer',
        balance_after: '-7.10',
      },
    ]);
  });

  it('is one item with two fields of the account if there are no more members', () => {
    const raw = { CreditDebitIndicator: 'Credit', Amount: { Amount: '1' } };
    const { item, remarks } = simplifiedRow(raw);
    expect(Object.keys(item).sort()).toEqual(
      ['account_id', 'account_key', 'amount', 'id_source', 'status', 'transaction_id'].sort(),
    );
    // Without status, booking date and currency.
    expect(remarks).toHaveLength(3);
  });

  it('keeps the order of the bank', () => {
    const rows = ['T3', 'T1', 'T2'].map((TransactionId) => row({ TransactionId }));
    const { items } = simplified(rows);
    expect(items.map(({ transaction_id }) => transaction_id)).toEqual(['T3', 'T1', 'T2']);
  });

  it('warns if it names another account than the one that was asked for', () => {
    const { item, remarks } = simplifiedRow(row({ AccountId: 'A-2' }));
    expect(item.account_id).toBe('A-1');
    expect(remarks).toEqual([expect.stringContaining('another account')]);
  });

  it('ignores members that are null', () => {
    const members = [
      'TransactionReference',
      'TransactionInformation',
      'MerchantDetails',
      'Balance',
    ];
    const others = ['BankTransactionCode', 'CreditorAccount', 'ValueDateTime'];
    const nulls = Object.fromEntries([...members, ...others].map((name) => [name, null]));
    expect(Object.keys(simplifiedRow(row(nulls)).item)).toEqual([
      'transaction_id',
      'id_source',
      'account_id',
      'account_key',
      'status',
      'booked_at',
      'amount',
      'currency',
    ]);
  });
});

describe('transactions with any JSON in their members', () => {
  const members = [...Object.keys(ROW), 'TransactionReference', 'Balance', 'MerchantDetails'];
  const others = ['CreditorAccount', 'DebtorAccount', 'BankTransactionCode', 'Proxy'];
  const inner = fc.dictionary(
    fc.constantFrom('Amount', 'Currency', 'Name', 'Identification', 'Code', 'MerchantName'),
    fc.jsonValue(),
  );
  const rowOf = fc.dictionary(
    fc.constantFrom(...members, ...others),
    fc.oneof(fc.jsonValue(), inner, fc.constantFrom('Debit', 'Credit')),
  );

  it('never throw, and are items with texts only, or a failure', () => {
    fc.assert(
      fc.property(fc.array(rowOf, { maxLength: 6 }), (changes) => {
        const { items, failure } = simplified(changes.map((change) => ({ ...ROW, ...change })));
        const { length } = items;
        expect(new Set(items.map(({ transaction_id }) => transaction_id)).size).toBe(length);
        for (const value of items.flatMap((item) => Object.values<unknown>({ ...item }))) {
          expect(value).toMatch(/[^\s]/);
          expect(value).not.toMatch(/\0/);
        }
        expect(failure?.stage ?? 'api').toBe('api');
      }),
    );
  });
});

describe('the status', () => {
  it.each([
    ['BOOK', 'booked'],
    ['Booked', 'booked'],
    ['BOOKED', 'booked'],
    ['PDNG', 'pending'],
    ['pending', 'pending'],
    ['FUTR', 'future'],
    ['INFO', 'information'],
    ['RJCT', 'rejected'],
    ['Rejected', 'rejected'],
    ['SCHD', 'future'],
    ['CNCL', 'rejected'],
  ])('%s is %s', (Status, expected) => {
    const remarks = new Remarks();
    expect(statusOf(row({ Status }), remarks)).toBe(expected);
    expect(remarks.texts).toEqual([]);
  });

  it.each(['', null, undefined])('is booked if it is %j, with a warning', (Status) => {
    const { item, remarks } = simplifiedRow(row({ Status }));
    expect(item.status).toBe('booked');
    expect(remarks).toEqual([expect.stringContaining('no "Status"')]);
  });

  it('is pending if the word is unknown, with a warning', () => {
    const { item, remarks } = simplifiedRow(row({ Status: 'HOLD' }));
    expect(item.status).toBe('pending');
    expect(remarks).toEqual([expect.stringContaining('pending')]);
  });

  it('causes a warning if it is unknown, also if only booked rows are asked for', () => {
    const posted = row({ Status: 'POSTED' });
    const { items, remarks } = simplified([posted], (_, status) => status === 'booked');
    expect(items).toEqual([]);
    expect(remarks).toEqual([expect.stringContaining('In 1 row')]);
  });

  it('is read in each row, so that one answer may mix both versions', () => {
    const words = ['BOOK', 'Booked', 'PDNG', 'Pending'];
    const rows = words.map((Status) => row({ Status, TransactionId: Status }));
    expect(simplified(rows).items.map(({ status }) => status)).toEqual([
      'booked',
      'booked',
      'pending',
      'pending',
    ]);
  });
});

describe('the counterparty', () => {
  const CreditorAccount = { Name: 'Creditor', Identification: 'GB-C' };
  const DebtorAccount = { Name: 'Debtor', Identification: 'GB-D' };
  const MerchantDetails = { MerchantName: 'Merchant' };

  it.each([
    ['Debit', 'Creditor', 'GB-C'],
    ['DBIT', 'Creditor', 'GB-C'],
    ['Credit', 'Debtor', 'GB-D'],
  ])('of %s is %s', (CreditDebitIndicator, counterparty, counterparty_account) => {
    const raw = row({ CreditDebitIndicator, CreditorAccount, DebtorAccount });
    expect(simplifiedRow(raw).item).toMatchObject({ counterparty, counterparty_account });
  });

  it('is the merchant, if there is one', () => {
    const raw = row({ MerchantDetails, CreditorAccount });
    const expected = { counterparty: 'Merchant', counterparty_account: 'GB-C' };
    expect(simplifiedRow(raw).item).toMatchObject(expected);
  });

  it.each([
    ['an empty merchant', { MerchantDetails: { MerchantName: ' ' }, CreditorAccount }, 'Creditor'],
    ['an ultimate creditor', { UltimateCreditor: { Name: 'Last' } }, 'Last'],
    ['a list with one account', { CreditorAccount: [CreditorAccount] }, 'Creditor'],
  ])('is found with %s', (_, changes, expected) => {
    expect(simplifiedRow(row(changes)).item.counterparty).toBe(expected);
  });

  it.each([
    ['its own account', { DebtorAccount }],
    ['a bank', { CreditorAgent: { Name: 'A Bank' } }],
  ])('is absent if a debit names only %s', (_, changes) => {
    expect(simplifiedRow(row(changes)).item).not.toHaveProperty('counterparty');
  });

  it('has the proxy as its account if that is all', () => {
    const raw = row({ CreditorAccount: { Proxy: { Identification: '+44 1', Code: 'TELE' } } });
    expect(simplifiedRow(raw).item.counterparty_account).toBe('+44 1');
  });
});

describe('the code', () => {
  const BankTransactionCode = { Code: 'IssuedDirectDebits', SubCode: 'BACSDirectDebit' };

  it.each([
    [{ BankTransactionCode }, 'IssuedDirectDebits/BACSDirectDebit'],
    [
      { BankTransactionCode, ProprietaryBankTransactionCode: { Code: '', Issuer: 'X' } },
      'IssuedDirectDebits/BACSDirectDebit',
    ],
    [{ BankTransactionCode: { Code: 'IDDT', SubCode: '' } }, 'IDDT'],
    [{ BankTransactionCode: { Code: '' }, ProprietaryBankTransactionCode: { Code: 'DEB' } }, 'DEB'],
    [{ ExtendedProprietaryBankTransactionCodes: [{ Code: '' }, { Code: 'E1' }] }, 'E1'],
  ])('of %j is %s', (changes, expected) => {
    expect(simplifiedRow(row(changes)).item.code).toBe(expected);
  });
});

describe('a text', () => {
  it.each([
    ['SHOP\u0000 11', 'SHOP 11'],
    ['A\nB\r\nC\tD', 'A B C D'],
    ['A\u2028B', 'A B'],
    ['x\u001b[31my', 'x[31my'],
    ['\tVISA ', 'VISA'],
    ['M&amp;amp;S &#233;', 'M&amp;amp;S &#233;'],
    ['\ud83d', '\ufffd'],
    ['a\ude00b', 'a\ufffdb'],
    ['\ud83d\ude00 ok', '\ud83d\ude00 ok'],
    ['Ã¼ber', 'Ã¼ber'],
    ['â\u0080\u0099', 'â\u0080\u0099'],
    ['SHOP      11', 'SHOP      11'],
    [4711, '4711'],
  ])('%j is %j', (TransactionInformation, expected) => {
    expect(simplifiedRow(row({ TransactionInformation })).item.description).toBe(expected);
  });

  it.each(['', ' ', '\u0000', '\n', {}, [], true])('is absent if it is %j', (text) => {
    const { item } = simplifiedRow(row({ TransactionInformation: text }));
    expect(item).not.toHaveProperty('description');
  });

  it('has no character that PostgreSQL refuses in any field', () => {
    const bad = 'a\u0000b\ud83dc';
    const account = { Name: bad, Identification: bad };
    const raw = row({
      TransactionId: bad,
      TransactionReference: bad,
      TransactionInformation: bad,
      CreditorAccount: account,
      BankTransactionCode: { Code: bad, SubCode: bad },
      Amount: { Amount: '1', Currency: bad },
    });
    const text = JSON.stringify(simplifiedRow(raw).item);
    expect(text).not.toMatch(/\\u0000|\\ud83d/);
    expect(text).toContain('"transaction_id":"ab\ufffdc"');
  });
});
