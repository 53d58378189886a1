import type { SimplifiedTransaction } from '../../core/accounts/simplified/transaction';
import { openHostileBank, page, row, send, type HostileBank } from './hostileBank';

let bank: HostileBank;

beforeAll(async () => {
  bank = await openHostileBank();
});

afterAll(() => bank?.close());

const LIST = '/accounts/A-1/transactions';

/** Pulls a page of rows, in the simplified form. */
async function pulled(rows: unknown) {
  bank.answers = { [LIST]: send(typeof rows === 'string' ? rows : page(rows)) };
  const result = await bank.pull();
  return { ...result, rows: result.rows as SimplifiedTransaction[] };
}

describe('members that are missing, null or of another kind', () => {
  it.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['a list', []],
    ['a list in a list', [[]]],
    ['an object', {}],
    ['true', true],
    ['a number', 17],
    ['a long text', 'x'.repeat(100_000)],
  ])('%s: a row needs only its amount', async (_name, value) => {
    const names = [
      ...['AccountId', 'TransactionId', 'TransactionReference', 'Status', 'BookingDateTime'],
      ...['ValueDateTime', 'TransactionInformation', 'BankTransactionCode', 'Balance'],
      ...['ProprietaryBankTransactionCode', 'MerchantDetails', 'CreditorAccount', 'DebtorAccount'],
      ...['CurrencyExchange', 'CreditorAgent', 'CardInstrument', 'SupplementaryData'],
    ];
    const odd = row(Object.fromEntries(names.map((name) => [name, value])));
    const { rows, failure } = await pulled([odd, row({ TransactionId: 'T9' })]);
    expect(failure).toBeUndefined();
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ amount: '-12.50', currency: 'GBP', account_id: 'A-1' });
    expect(rows[0]!.transaction_id).not.toBe('');
    expect(Object.values(rows[0]!).filter((member) => typeof member !== 'string')).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['empty', {}],
    ['without a number', { Amount: 'NaN', Currency: 'GBP' }],
    ['with thousands', { Amount: '1,234.56', Currency: 'GBP' }],
    ['a list', [{ Amount: {} }]],
    ['a text', '12.50'],
  ])('an amount that is %s fails, and the other rows come', async (_name, Amount) => {
    const { rows, failure } = await pulled([
      row({ TransactionId: 'T1', Amount }),
      row({ TransactionId: 'T2' }),
    ]);
    expect(rows.map(({ transaction_id: id }) => id)).toEqual(['T2']);
    expect(failure).toMatchObject({ code: 'amount-unreadable', stage: 'api' });
    expect(failure!.message).toContain('transaction T1');
  });

  it('entries that are no rows are left out, with a remark', async () => {
    const { rows, failure, remarks } = await pulled([null, 1, 'x', [], row(), [row()]]);
    expect(rows).toHaveLength(1);
    expect(failure).toBeUndefined();
    expect(remarks).toHaveLength(1);
  });

  it.each([
    ['__proto__', '{"__proto__":{"polluted":1},"a":1}'],
    ['constructor', '{"constructor":{"prototype":{"polluted":1}}}'],
    ['toString', '{"toString":1,"valueOf":1,"hasOwnProperty":1}'],
  ])('a member %s changes nothing', async (_name, json) => {
    const text = page([row({ SupplementaryData: '@' })]).replace('"@"', json);
    const { rows, failure } = await pulled(text.replace('"Meta":{}', `"Meta":${json}`));
    expect(failure).toBeUndefined();
    expect(rows).toHaveLength(1);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    [100_000, 'lists', '[', ']'],
    [100_000, 'objects', '{"a":', '}'],
    [101, 'lists', '[', ']'],
  ])(
    'in %i levels of %s are an error, and the rows of the pages before are given',
    async (...deep) => {
      const [levels, , open, close] = deep;
      const nested = `${open.repeat(levels)}1${close.repeat(levels)}`;
      bank.answers = {
        [LIST]: send(page([row()], `${bank.base}${LIST}?page=2`)),
        [`${LIST}?page=2`]: send(page([row({ X: '@' })]).replace('"@"', nested)),
      };
      for (const simplify of [true, false]) {
        const { rows, failure } = await bank.pull({ simplify });
        expect(failure).toMatchObject({
          code: 'data-missing',
          message: expect.stringContaining('nested more than 100 levels'),
        });
        expect(rows).toHaveLength(1);
      }
    },
  );
});

describe('identifiers that come twice', () => {
  const ids = (rows: SimplifiedTransaction[]) => rows.map(({ transaction_id: id }) => id);

  it('for different payments become different IDs', async () => {
    const { rows } = await pulled([
      row({ TransactionId: 'X' }),
      row({ TransactionId: 'X', CreditDebitIndicator: 'Credit' }),
      row({ TransactionId: 'X', Amount: { Amount: '0.50', Currency: 'GBP' } }),
      row({ TransactionId: 'X', Amount: { Amount: '12.50', Currency: 'EUR' } }),
    ]);
    expect(new Set(ids(rows)).size).toBe(4);
  });

  it('that are placeholders become different IDs, which are the same in the next pull', async () => {
    const odd = ['0', 'NOTPROVIDED', '-', '00000000-0000-0000-0000-000000000000', ' ', '\u0000'];
    const twice = [...odd, ...odd].map((TransactionId) => row({ TransactionId }));
    const first = await pulled(twice);
    const second = await pulled([...twice].reverse());
    expect(first.rows).toHaveLength(12);
    expect(new Set(ids(first.rows)).size).toBe(12);
    expect(new Set(ids(second.rows))).toEqual(new Set(ids(first.rows)));
    expect(first.rows.every(({ id_source: source }) => source === 'fingerprint')).toBe(true);
  });

  it('look like those of another row, or like a digest, and still differ', async () => {
    const [digest] = ids((await pulled([row({ TransactionId: undefined })])).rows);
    const { rows } = await pulled([
      row({ TransactionId: undefined }),
      row({ TransactionId: digest }),
    ]);
    expect(new Set(ids(rows)).size).toBe(2);
  });
});

describe('texts', () => {
  it('have no character that a database refuses, with and without Simplify', async () => {
    const odd = 'a\u0000b\ud800c\u001b[31m\u2028d';
    const text = page([
      row({
        TransactionInformation: odd,
        TransactionId: `T\u0000${odd}`,
        MerchantDetails: { MerchantName: odd },
      }),
    ]);
    bank.answers = { [LIST]: send(text) };
    for (const simplify of [true, false]) {
      const { rows } = await bank.pull({ simplify });
      const json = JSON.stringify(rows);
      expect(json).not.toContain('\\u0000');
      expect(json).not.toMatch(/\\ud8/i);
    }
  });

  it('keep numbers whose digits would be lost as text, with one remark', async () => {
    const rows = ['10.00', '0.10', '90071992547409.93', '1e3'].map((amount, index) =>
      JSON.stringify(row({ TransactionId: `T${index}` })).replace('"12.50"', amount),
    );
    const { rows: items, remarks } = await pulled(`{"Data":{"Transaction":[${rows.join()}]}}`);
    expect(items.map(({ amount }) => amount)).toEqual([
      '-10.00',
      '-0.10',
      '-90071992547409.93',
      '-1000',
    ]);
    expect(remarks).toHaveLength(1);
  });
});

describe('account IDs', () => {
  it.each(['', '.', '..', '\ud800'])('%j are refused before any request', async (accountId) => {
    bank.asked();
    const { failure } = await bank.pull({ accountId });
    expect(failure?.code).toBe('account-id-unusable');
    expect(bank.asked()).toEqual([]);
  });

  it.each([
    ['a/b+c==', '/accounts/a%2Fb%2Bc%3D%3D/transactions'],
    ['../../token', '/accounts/..%2F..%2Ftoken/transactions'],
    ['50% GBP', '/accounts/50%25%20GBP/transactions'],
    ['A-1?x=1#y', '/accounts/A-1%3Fx%3D1%23y/transactions'],
    ['é1\r\nx: y', '/accounts/%C3%A91%0D%0Ax%3A%20y/transactions'],
    ['%2e%2e', '/accounts/%252e%252e/transactions'],
  ])('%j is one segment of the path', async (accountId, path) => {
    bank.answers = {
      [path]: send(page([row()], `${bank.base}${path}?page=2`)),
      [`${path}?page=2`]: send(page([])),
    };
    bank.asked();
    const { failure } = await bank.pull({ accountId });
    expect(failure).toBeUndefined();
    expect(bank.asked()).toEqual([path, `${path}?page=2`]);
  });
});
