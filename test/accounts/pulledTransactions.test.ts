import { periodOf } from '../../core/accounts/bookingDates';
import { pullTransactions, type TransactionQuery } from '../../core/accounts/pull';
import { page, row, rows } from './pageSource';
import { idsOf, refusal, requestTo, T1 } from './pullRequest';

describe('transactions', () => {
  const pull = async (list: unknown, query: Partial<TransactionQuery> = {}, simplify = true) => {
    const request = requestTo(
      { [T1 + (query.period ? `?${query.period.query}` : '')]: page(list) },
      simplify,
    );
    const pulled = await pullTransactions(request, 'A-1', { status: 'all', ...query });
    return { ...pulled, remarks: request.remarks.texts, asked: request.asked };
  };

  it('come simplified, in the order of the bank', async () => {
    const { rows: items, accountId, failure } = await pull(rows('T2', 'T1'));
    expect({ accountId, failure }).toEqual({ accountId: 'A-1', failure: undefined });
    expect(items).toEqual([
      expect.objectContaining({ transaction_id: 'T2', amount: '-12.50', consent: 'Customer 7' }),
      expect.objectContaining({ transaction_id: 'T1' }),
    ]);
  });

  const statuses = [
    'BOOK',
    'PDNG',
    'FUTR',
    'INFO',
    'RJCT',
    'Booked',
    'BOOKED',
    'Rejected',
    'HOLD',
    '',
    undefined,
  ];
  const all = statuses.map((Status, at) => row({ TransactionId: `S${at + 1}`, Status }));

  it.each<[TransactionQuery['status'], string[]]>([
    ['booked', ['S1', 'S6', 'S7', 'S10', 'S11']],
    ['pending', ['S2', 'S3', 'S9']],
    ['all', all.map(({ TransactionId }) => TransactionId as string)],
  ])('with the status %s pass the filter, in both forms', async (status, expected) => {
    const simplified = await pull(all, { status });
    expect(idsOf(simplified)).toEqual(expected);
    const raw = await pull(all, { status }, false);
    expect(idsOf(raw, 'TransactionId')).toEqual(expected);
    if (status === 'booked') {
      for (const { remarks } of [simplified, raw])
        expect(remarks).toEqual([
          expect.stringMatching(/1 row.*"Status" is a word/),
          expect.stringMatching(/2 rows.*no "Status"/),
        ]);
    }
  });

  it('outside From and To are left out, with a warning with their number', async () => {
    const period = periodOf('2026-03-01', '2026-03-31');
    const list = [
      row(),
      row({ TransactionId: 'T9', BookingDateTime: '2026-01-05T00:00:00+00:00' }),
    ];
    for (const simplify of [true, false]) {
      const { rows: items, remarks, asked } = await pull(list, { period }, simplify);
      expect(items).toHaveLength(1);
      expect(remarks).toEqual([
        expect.stringContaining('In 1 row, the bank gave a transaction outside From and To'),
      ]);
      expect(asked).toEqual([
        `${T1}?fromBookingDateTime=2026-03-01T00:00:00&toBookingDateTime=2026-03-31T23:59:59`,
      ]);
    }
  });

  it('have the same ID whatever the filter', async () => {
    const none = { TransactionId: undefined };
    const list = [row({ ...none, Status: 'Pending' }), row(none), row(none)];
    const booked = idsOf(await pull(list, { status: 'booked' }));
    const [pending, ...others] = idsOf(await pull(list));
    expect(others).toEqual(booked);
    expect(new Set([pending, ...booked]).size).toBe(3);
  });

  it('have the same ID whatever the limit within a page', async () => {
    const list = [row(), row({ Amount: { Amount: '0.50', Currency: 'GBP' } })];
    expect(idsOf(await pull(list, { limit: 1 }))).toEqual(idsOf(await pull(list)).slice(0, 1));
  });

  it('that cannot be read fail the account, and the others are given with the failure', async () => {
    const bad = row({ TransactionId: 'T2', Amount: { Amount: '1,234.56', Currency: 'GBP' } });
    const pulled = await pull([row(), bad, row({ TransactionId: 'T3' })]);
    expect(idsOf(pulled)).toEqual(['T1', 'T3']);
    expect(pulled.failure).toMatchObject({ code: 'amount-unreadable' });
    expect(pulled.failure!.message).toContain('T2');
  });

  it('that cannot be read are given with Simplify off', async () => {
    const bad = row({ Amount: { Amount: 'x' } });
    const { rows: items, failure } = await pull([bad], {}, false);
    expect({ items, failure }).toEqual({ items: [bad], failure: undefined });
  });

  it('that cannot be read and were not asked for are no failure', async () => {
    const bad = row({ TransactionId: 'T2', Status: 'Rejected', Amount: { Amount: 'x' } });
    expect(await pull([row(), bad], { status: 'booked' })).toMatchObject({ failure: undefined });
    expect(await pull([row(), bad], { limit: 1 })).toMatchObject({ failure: undefined });
  });

  it('that came before a failure are given with it', async () => {
    const request = requestTo({ [T1]: page(rows('T1'), '?p=2'), [`${T1}?p=2`]: refusal(500) });
    const pulled = await pullTransactions(request, 'A-1', { status: 'all' });
    expect(idsOf(pulled)).toEqual(['T1']);
    expect(pulled.failure).toMatchObject({ message: 'refused 500' });
  });

  it.each([true, false])(
    'end at the limit, which counts behind the filters (simplified: %s)',
    async (simplify) => {
      const pending = row({ TransactionId: 'P1', Status: 'Pending' });
      const request = requestTo(
        {
          [T1]: page([pending, ...rows('T1')], '?p=2'),
          [`${T1}?p=2`]: page([...rows('T2', 'T3'), pending], '?p=3'),
        },
        simplify,
      );
      const pulled = await pullTransactions(request, 'A-1', { status: 'booked', limit: 2 });
      expect(idsOf(pulled, simplify ? 'transaction_id' : 'TransactionId')).toEqual(['T1', 'T2']);
      expect(pulled.failure).toBeUndefined();
      expect(request.asked).toHaveLength(2);
    },
  );

  it('are not given if an error of another program is thrown, which is thrown on', async () => {
    await expect(pullTransactions(requestTo({}), 'A-1', { status: 'all' })).rejects.toThrow(
      'No answer',
    );
  });
});
