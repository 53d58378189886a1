import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { RawRow } from '../../../core/accounts/simplified/rawRow';
import { amounting, nameless, row, simplified } from './rows';

/** The ID of each item, by its description. */
function idsOf(rows: readonly RawRow[], accountId?: string) {
  const { items } = simplified(rows, undefined, accountId);
  return Object.fromEntries(items.map((item) => [item.description, item.transaction_id])) as Record<
    string,
    string
  >;
}

const ids = (rows: readonly RawRow[], accountId?: string) =>
  simplified(rows, undefined, accountId).items.map(({ transaction_id }) => transaction_id);

const sources = (rows: readonly RawRow[]) =>
  simplified(rows).items.map(({ id_source }) => id_source);

describe('the ID of a transaction', () => {
  it("is the bank's own", () => {
    const { items, remarks } = simplified([row(), row({ TransactionId: ' t/2 ' })]);
    expect(items).toMatchObject([
      { transaction_id: 'T1', id_source: 'bank' },
      { transaction_id: ' t/2 ', id_source: 'bank' },
    ]);
    expect(remarks).toEqual([]);
  });

  it("is the bank's number as text", () => {
    expect(ids([row({ TransactionId: 4711 })])).toEqual(['4711']);
  });

  it.each([
    undefined,
    null,
    '',
    ' ',
    'NOTPROVIDED',
    'Not Provided',
    'not-provided',
    'N/A',
    'NULL',
    '0',
    '0000000',
    '-----------',
    '00000000-0000-0000-0000-000000000000',
    '***',
  ])('is a fingerprint if the bank sends %j', (TransactionId) => {
    const { items, remarks } = simplified([row({ TransactionId })]);
    expect(items).toMatchObject([
      { id_source: 'fingerprint', transaction_id: expect.stringMatching(/^ob1-[\w-]{43}$/) },
    ]);
    expect(remarks).toEqual([]);
  });

  it('is a fingerprint if the ID of the bank is too long for an index of a database', () => {
    const sourceOf = (TransactionId: string) => sources([row({ TransactionId })]);
    expect(sourceOf('T'.repeat(500))).toEqual(['bank']);
    expect(sourceOf('T'.repeat(501))).toEqual(['fingerprint']);
  });

  it('does not depend on rows whose amount cannot be read', () => {
    const bad = amounting('x', { TransactionInformation: 'bad' });
    expect(simplified([row(), bad]).items).toEqual(simplified([row()]).items);
    const counted = [nameless(), amounting('x', { TransactionId: undefined }), nameless()];
    expect(ids(counted)).toEqual(ids([nameless(), nameless()]));
  });

  it('follows a recipe that never changes', () => {
    const parts = ['ob1', 'A-1', '2026-03-02', '-12.5', 'GBP', '', 0];
    const hash = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
    expect(ids([nameless()])).toEqual([`ob1-${hash}`]);
    expect(ids([nameless()])).toEqual(['ob1-St-BgY8ZZ6dCYaDKBhMKZ_9_5Kf6w8cIhCq6TNmr6L4']);
  });

  it('is not that of another row, even if the bank sends the fingerprint of one as an ID', () => {
    const [TransactionId] = ids([nameless()]);
    const found = ids([nameless(), amounting('1.00', { TransactionId })]);
    expect(new Set(found).size).toBe(2);
  });

  it('contains a reference if the bank sends no ID', () => {
    const TransactionReference = 'FPS-7';
    expect(sources([nameless({ TransactionReference })])).toEqual(['reference']);
    expect(sources([nameless({ TransactionReference: 'NOTPROVIDED' })])).toEqual(['fingerprint']);
    expect(ids([nameless({ TransactionReference })])).not.toEqual(ids([nameless()]));
  });

  it.each([
    ['the digits of the amount', { Amount: { Amount: '012.5', Currency: 'gbp' } }],
    ['a minus besides Debit', { Amount: { Amount: '-12.50', Currency: 'GBP' } }],
    ['the description', { TransactionInformation: 'SHOP > X' }],
    ['the merchant', { MerchantDetails: { MerchantName: 'Shop' } }],
    ['the code', { BankTransactionCode: { Code: 'X', SubCode: 'Y' } }],
    ['the time of the day', { BookingDateTime: '2026-03-02T17:30:00+00:00' }],
    ['the value date', { ValueDateTime: '2026-03-05' }],
    ['the running balance', { Balance: { Amount: { Amount: '80.00' } } }],
    ['the status', { Status: 'BOOK' }],
    ['that the row is pending', { Status: 'Pending' }],
  ])('does not depend on %s', (_, changes) => {
    expect(ids([nameless(changes)])).toEqual(ids([nameless()]));
  });

  it.each([
    ['sign', { CreditDebitIndicator: 'Credit' }],
    ['amount', { Amount: { Amount: '12.51', Currency: 'GBP' } }],
    ['currency', { Amount: { Amount: '12.50', Currency: 'EUR' } }],
    ['day', { BookingDateTime: '2026-03-03T00:00:00+00:00' }],
    ['reference', { TransactionReference: 'R-1' }],
  ])('depends on the %s', (_, changes) => {
    expect(ids([nameless(changes)])).not.toEqual(ids([nameless()]));
  });

  it('depends on the account', () => {
    expect(ids([nameless()], 'A-2')).not.toEqual(ids([nameless()], 'A-1'));
  });

  it('takes the day from the text of the bank, not from UTC', () => {
    const local = nameless({ BookingDateTime: '2026-03-02T00:00:00+01:00' });
    expect(ids([local])).toEqual(ids([nameless()]));
  });
});

describe('one ID of the bank in several rows', () => {
  it('is one transaction, with the later date, if sign, amount and currency are the same', () => {
    const rows = [
      row({ TransactionId: 'X', BookingDateTime: '2026-03-19' }),
      row({
        TransactionId: 'X',
        BookingDateTime: '2026-03-18',
        Amount: { Amount: '12.5', Currency: 'GBP' },
      }),
    ];
    const { items, remarks } = simplified(rows);
    expect(items).toMatchObject([
      { transaction_id: 'X', id_source: 'bank', booked_at: '2026-03-19', amount: '-12.50' },
    ]);
    expect(remarks).toEqual([
      expect.stringMatching(/^In 1 row, the bank sent a transaction again/),
    ]);
    expect(simplified(rows.reverse()).items).toEqual(items);
  });

  it('is the booked row rather than the pending one, whatever the dates', () => {
    const rows = [
      row({ TransactionId: 'X' }),
      row({ TransactionId: 'X', Status: 'Pending', BookingDateTime: '2026-03-09' }),
    ];
    expect(simplified(rows).items).toMatchObject([{ status: 'booked' }]);
    expect(simplified(rows, (_, status) => status === 'pending').items).toEqual([]);
  });

  it.each([
    ['amount', { Amount: { Amount: '0.50', Currency: 'GBP' } }],
    ['sign', { CreditDebitIndicator: 'Credit' }],
    ['currency', { Amount: { Amount: '12.50', Currency: 'EUR' } }],
  ])('is no ID if they differ in %s', (_, changes) => {
    const rows = [row({ TransactionId: 'X' }), row({ TransactionId: 'X', ...changes }), row()];
    const { items, remarks } = simplified(rows);
    expect(new Set(items.map(({ transaction_id }) => transaction_id)).size).toBe(3);
    expect(items.map(({ id_source }) => id_source)).toEqual(['fingerprint', 'fingerprint', 'bank']);
    expect(remarks).toEqual([expect.stringContaining('In 2 rows')]);
  });

  it('is no ID if it is also that of a row that is not asked for', () => {
    const pending = amounting('0.50', { TransactionId: 'X', Status: 'Pending' });
    const { items } = simplified([row({ TransactionId: 'X' }), pending], (_, s) => s === 'booked');
    expect(items).toMatchObject([{ id_source: 'fingerprint' }]);
  });

  it('may be two payments of one amount if the bank starts to count again each day', () => {
    const rows = [
      row({ TransactionId: '1' }),
      amounting('3.00', { TransactionId: '2' }),
      row({ TransactionId: '1', BookingDateTime: '2026-03-03T00:00:00+00:00' }),
      amounting('4.00', { TransactionId: '2', BookingDateTime: '2026-03-03T00:00:00+00:00' }),
    ];
    expect(new Set(ids(rows)).size).toBe(4);
    expect(sources(rows)).toEqual(Array(4).fill('fingerprint'));
  });
});

describe('an ID that is only a number of the day', () => {
  const CREDIT = { CreditDebitIndicator: 'Credit' };

  it('is not that of two payments of one answer', () => {
    const rows = [
      amounting('30.00', { TransactionId: '3' }),
      amounting('41.00', { TransactionId: '3', BookingDateTime: '2026-03-03T00:00:00+00:00' }),
    ];
    expect(new Set(ids(rows)).size).toBe(2);
  });

  it('gives a late row that takes the number 0 an ID of its own within an answer', () => {
    const before = [
      amounting('2500.00', { ...CREDIT, TransactionId: '2026-03-10-0' }),
      amounting('4.00', { TransactionId: '2026-03-10-1' }),
    ];
    const late = amounting('85.00', { TransactionId: '2026-03-10-0' });
    expect(new Set(ids([late, ...before])).size).toBe(3);
  });
});

describe('rows that are equal in account, day, sign, amount and currency', () => {
  it('stay as many as they are', () => {
    const rows = [nameless(), nameless(), nameless()];
    expect(new Set(ids(rows)).size).toBe(3);
    expect(ids(rows.slice(1))).toEqual(ids(rows).slice(0, 2));
  });

  it('stay two with one reference', () => {
    const rows = [1, 2].map(() => nameless({ TransactionReference: 'TAX-7001' }));
    expect(new Set(ids(rows)).size).toBe(2);
    expect(sources(rows)).toEqual(['reference', 'reference']);
  });

  it('have the same IDs in any order', () => {
    const rows = ['C', 'A', 'D', 'B'].map((TransactionInformation, index) =>
      nameless({ TransactionInformation, Status: index === 1 ? 'PDNG' : 'BOOK' }),
    );
    const expected = idsOf(rows);
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: 4 }), (shuffled) => {
        expect(idsOf(shuffled)).toEqual(expected);
      }),
    );
  });

  it('have the same IDs, whatever status is asked for', () => {
    const rows = [
      nameless({ Status: 'RJCT', TransactionInformation: 'rejected' }),
      nameless({ Status: 'PDNG', TransactionInformation: 'pending' }),
      nameless({ Status: 'FUTR', TransactionInformation: 'future' }),
      nameless({ Status: 'BOOK', TransactionInformation: 'booked' }),
    ];
    const all = idsOf(rows);
    for (const wanted of ['booked', 'pending', 'future', 'rejected']) {
      const { items } = simplified(rows, (_, status) => status === wanted);
      expect(items.map(({ transaction_id }) => transaction_id)).toEqual([all[wanted]]);
    }
    expect(all.booked).toBe(ids([nameless()])[0]);
  });

  it('are numbered by the time of the day first, so that a later one comes last', () => {
    const at = (time: string, TransactionInformation: string) =>
      nameless({ BookingDateTime: `2026-03-02T${time}:00Z`, TransactionInformation });
    const morning = [at('10:00', 'Z'), at('11:00', 'Y')];
    expect(idsOf([at('14:00', 'A'), ...morning])).toMatchObject(idsOf(morning));
  });

  it('do not change their IDs if the running balance moves', () => {
    const after = (balance: string, changes = {}) =>
      nameless({
        Balance: { Amount: { Amount: balance }, CreditDebitIndicator: 'Credit' },
        ...changes,
      });
    const first = ids([after('100.00'), after('87.50')]);
    const backDated = after('92.50', { Amount: { Amount: '20.00', Currency: 'GBP' } });
    expect(ids([backDated, after('80.00'), after('67.50')]).slice(1)).toEqual(first);
  });

  it('never share an ID, whatever the bank sends', () => {
    const rowOf = fc.record({
      TransactionId: fc.constantFrom(undefined, 'X', 'Y', '0', '1'),
      TransactionReference: fc.constantFrom(undefined, 'R', '-'),
      Status: fc.constantFrom('Booked', 'PDNG', '', 'HOLD'),
      BookingDateTime: fc.constantFrom('2026-03-02', '2026-03-03', '', '0001-01-01'),
      CreditDebitIndicator: fc.constantFrom('Credit', 'Debit'),
      Amount: fc.constantFrom({ Amount: '1.00', Currency: 'GBP' }, { Amount: '2' }),
    });
    fc.assert(
      fc.property(fc.array(rowOf, { maxLength: 12 }), (changes) => {
        const found = ids(changes.map((change) => row(change)));
        expect(new Set(found).size).toBe(found.length);
        expect(found.every(Boolean)).toBe(true);
      }),
    );
  });
});
