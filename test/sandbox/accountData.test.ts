import { PageSizes } from '../../sandbox/paging';
import { CARD, HOUSEHOLD, openApi, SAVINGS, STUDIO, type Body, type Row } from './openApi';

const count = (rows: Row[]) =>
  rows.reduce<Record<string, number>>(
    (counts, { Status }) => ({ ...counts, [Status]: (counts[Status] ?? 0) + 1 }),
    {},
  );

describe('the words of a version', () => {
  it.each([
    ['v3.1', { Booked: 116, Pending: 3, Rejected: 1 }],
    ['v4.0', { BOOK: 116, PDNG: 2, FUTR: 1, INFO: 1 }],
  ])('%s has its own statuses of transactions', (version, expected) => {
    expect(count(openApi({ version }).rows(HOUSEHOLD))).toEqual(expected);
  });

  it.each([
    ['v3.1', { AccountType: 'Personal', AccountSubType: 'CurrentAccount' }],
    ['v4.0', { AccountCategory: 'Personal', AccountTypeCode: 'CACC' }],
  ])('%s has its own kinds of accounts', (version, expected) => {
    expect(openApi({ version }).get('/accounts').Data.Account[0]).toMatchObject(expected);
  });

  it.each([
    ['v3.1', ['InterimBooked', 'InterimAvailable']],
    ['v4.0', ['ITBD', 'ITAV']],
  ])(
    '%s has its own types of balances, and the second includes the credit line',
    (version, types) => {
      const balances = openApi({ version }).get(`/accounts/${HOUSEHOLD}/balances`).Data.Balance;
      expect(balances).toMatchObject(types.map((Type) => ({ Type })));
      expect(balances[0]).not.toHaveProperty('CreditLine');
      expect(balances[1]).toMatchObject({
        CreditLine: [{ Included: true, Amount: { Amount: '1000.00', Currency: 'GBP' } }],
      });
    },
  );

  it('v3.1 writes an error with its code, v4.0 without members beside the errors', () => {
    const path = '/accounts/999';
    expect(openApi().refusal(path)).toMatchObject({
      status: 400,
      body: { Code: '400 BadRequest', Errors: [{ ErrorCode: 'UK.OBIE.Resource.NotFound' }] },
    });
    expect(openApi({ version: 'v4.0' }).refusal(path)).toEqual({
      status: 400,
      body: { Errors: [{ ErrorCode: 'U011', Message: 'There is no such account' }] },
    });
  });
});

describe('transactions', () => {
  it('are booked on the next day under another ID, for the same amount', () => {
    const { rows, calendar } = openApi();
    const before = rows(HOUSEHOLD);
    const pending = before.filter(
      ({ Status, BookingDateTime }) => Status === 'Pending' && BookingDateTime < '2026-11-29',
    );
    expect(pending).toHaveLength(2);
    calendar.nextDay();
    const after = rows(HOUSEHOLD);
    const known = new Set(before.map(({ TransactionId }) => TransactionId));
    const fresh = after.filter(
      ({ Status, TransactionId }) => Status === 'Booked' && !known.has(TransactionId),
    );
    expect(fresh.map(({ Amount }) => Amount)).toEqual(pending.map(({ Amount }) => Amount));
    expect(fresh.every(({ BookingDateTime }) => BookingDateTime.startsWith('2026-11-28'))).toBe(
      true,
    );
    expect(after).toHaveLength(before.length);
    // Rows that were booked before stay as they were.
    const booked = new Set(before.filter(({ Status }) => Status === 'Booked').map(text));
    expect(after.filter((row) => booked.has(text(row)))).toHaveLength(114);
  });

  it('have unique IDs, the number of a row on its day, or no ID', () => {
    const { rows } = openApi();
    const ids = (id: string) => rows(id).map(({ TransactionId }) => TransactionId);
    expect(new Set(ids(HOUSEHOLD)).size).toBe(120);
    expect(new Set(ids(SAVINGS))).toEqual(new Set([undefined]));
    expect(ids(CARD).slice(0, 3)).toEqual([undefined, '2026-11-27-0', '2026-11-26-0']);
    expect(ids(CARD)).toContain('2026-11-20-1');
  });

  it('are equal in all members for two payments of one day', () => {
    const [first, second, third] = openApi().rows(SAVINGS);
    expect(second).toEqual(first);
    expect(third).not.toEqual(first);
  });

  it('have amounts as text, newest first, and no more than one sign', () => {
    const { rows } = openApi();
    for (const id of [HOUSEHOLD, SAVINGS, STUDIO, CARD]) {
      const all = rows(id);
      expect(all.every(({ Amount }) => /^\d+\.\d\d$/.test(Amount.Amount))).toBe(true);
      const dates = all.map(({ BookingDateTime }) => BookingDateTime);
      expect(dates).toEqual([...dates].sort().reverse());
    }
  });

  it('show a balance after them that fits their amounts', () => {
    const cents = ({
      CreditDebitIndicator,
      Amount,
    }: Pick<Row, 'CreditDebitIndicator' | 'Amount'>) =>
      Math.round(Number(Amount.Amount) * 100) * (CreditDebitIndicator === 'Debit' ? -1 : 1);
    const [newer, older] = openApi().rows(STUDIO) as (Row & { Balance: Row })[];
    expect(cents(newer!.Balance) - cents(newer!)).toBe(cents(older!.Balance));
  });

  it('are those between the dates of the filter, in the bank’s zone', () => {
    const { rows } = openApi();
    const query = '?fromBookingDateTime=2026-11-01T00:00:00&toBookingDateTime=2026-11-10T23:59:59';
    const dates = rows(HOUSEHOLD, query).map(({ BookingDateTime }) => BookingDateTime.slice(0, 10));
    expect(dates).toHaveLength(24);
    expect([dates.at(-1), dates[0]]).toEqual(['2026-11-01', '2026-11-10']);
    expect(rows(HOUSEHOLD, '?fromBookingDateTime=2026-11-29T00:00:00')).toHaveLength(1);
    expect(rows(HOUSEHOLD, '?toBookingDateTime=2020-01-01T00:00:00')).toEqual([]);
  });

  it.each([
    '2026-11-01T00:00:00Z',
    '2026-11-01T00:00:00%2B01:00',
    '2026-11-01',
    '2026-02-31T00:00:00',
  ])('are refused for the date filter %s', (value) => {
    const path = `/accounts/${HOUSEHOLD}/transactions?fromBookingDateTime=${value}`;
    expect(openApi().refusal(path)).toMatchObject({
      status: 400,
      body: {
        Errors: [
          {
            ErrorCode: 'UK.OBIE.Field.Invalid',
            Message: 'fromBookingDateTime value is invalid.',
          },
        ],
      },
    });
  });

  it('are limited by the consent: its dates, its signs, its details', () => {
    const limited = openApi({
      permissions: ['ReadTransactionsBasic', 'ReadTransactionsCredits'],
      from: new Date('2026-11-01T00:00:00Z'),
    });
    const [row, ...others] = limited.rows(HOUSEHOLD);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ CreditDebitIndicator: 'Credit', TransactionReference: 'SALARY' });
    expect(row).not.toHaveProperty('TransactionInformation');
    expect(row).not.toHaveProperty('DebtorAccount');
  });

  it('of all accounts come from one list', () => {
    const { get } = openApi({ sizes: new PageSizes(100) });
    expect(get('/transactions').Meta.TotalPages).toBe(3);
    const second = get('/transactions?page=2').Data.Transaction;
    expect(new Set(second.map(({ AccountId }) => AccountId))).toEqual(
      new Set([HOUSEHOLD, SAVINGS, STUDIO]),
    );
    expect(get('/balances').Data.Balance).toHaveLength(8);
  });

  it('may be 100,000, each with an ID of its own, on pages of the bank’s size', () => {
    const { get } = openApi({ transactions: 100_000, sizes: new PageSizes(1000) });
    const pages = [1, 50, 100].map((page) =>
      get(`/accounts/${HOUSEHOLD}/transactions?page=${page}`),
    );
    expect(pages.map(({ Meta }) => Meta.TotalPages)).toEqual([100, 100, 100]);
    const ids = pages.flatMap(({ Data }) => Data.Transaction.map((row) => row.TransactionId));
    expect(new Set(ids).size).toBe(3_000);
    expect(pages.at(-1)!.Links.Next).toBeUndefined();
  });
});

const text = (row: Row): string => JSON.stringify(row);

describe('page sizes', () => {
  it.each([
    [5, 5, [5, 5, 5, 5]],
    [5, 9, [9, 5, 8, 6, 7, 9, 5]],
    [1, 2, [2, 1, 2, 1]],
  ])('go from %p to %p', (least, most, expected) => {
    const sizes = new PageSizes(least, most);
    const starts = Array.from({ length: expected.length + 1 }, (_, page) =>
      sizes.startOf(page + 1),
    );
    expect(starts.slice(1).map((start, index) => start - starts[index]!)).toEqual(expected);
  });

  it('give as many pages as the entries fill', () => {
    const sizes = new PageSizes(5, 9);
    expect([0, 1, 9, 10, 14, 15, 35, 36, 44, 45].map((entries) => sizes.count(entries))).toEqual([
      1, 1, 1, 2, 2, 3, 5, 6, 6, 7,
    ]);
  });

  it('leave no row out and give none twice', () => {
    const { get } = openApi({ sizes: new PageSizes(3, 17) });
    const seen: Row[] = [];
    let path: string | undefined = `/accounts/${HOUSEHOLD}/transactions`;
    while (path) {
      const { Data, Links }: Body = get(path);
      seen.push(...Data.Transaction);
      path = Links.Next?.slice('https://bank.example/aisp'.length);
    }
    expect(seen).toEqual(openApi().rows(HOUSEHOLD));
  });
});
