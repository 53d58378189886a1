import { periodOf } from '../../core/accounts/bookingDates';
import {
  pullAccount,
  pullAccounts,
  pullBalances,
  pullOfAllAccounts,
  pullTransactions,
  type Pulled,
  type TransactionQuery,
} from '../../core/accounts/pull';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Remarks } from '../../core/lib/remarks';
import { Slots } from '../../core/lib/slots';
import { page, row, rows, sourceOf, type Given } from './pageSource';

type Item = Record<string, unknown>;

const T1 = '/accounts/A-1/transactions';

function requestTo(answers: Record<string, Given | Given[]>, simplify = true) {
  const api = sourceOf(answers);
  const origin = { consent: 'Customer 7', consentId: 'c-1' };
  return { api, asked: api.asked, origin, simplify, remarks: new Remarks() };
}

const accounts = (...list: unknown[]) => ({ Data: { Account: list }, Links: {}, Meta: {} });

const account = (id: unknown, more: object = {}) => ({ AccountId: id, Currency: 'GBP', ...more });

const refusal = (status: number) =>
  new OpenBankingError('api-refused', { message: `refused ${status}`, status });

const idsOf = ({ rows }: Pulled, name = 'transaction_id') =>
  (rows as readonly Item[]).map((item) => item[name]);

describe('accounts', () => {
  it('come in the order of the bank, simplified or as the bank sent them', async () => {
    const answers = { '/accounts': accounts(account('A-2'), account('A-1', { Nickname: 'Mine' })) };
    expect((await pullAccounts(requestTo(answers))).rows).toEqual([
      expect.objectContaining({ account_id: 'A-2', consent: 'Customer 7', consent_id: 'c-1' }),
      expect.objectContaining({ account_id: 'A-1', name: 'Mine', currency: 'GBP' }),
    ]);
    expect((await pullAccounts(requestTo(answers, false))).rows).toEqual([
      account('A-2'),
      account('A-1', { Nickname: 'Mine' }),
    ]);
  });

  it('come once if the bank lists them twice, with a warning', async () => {
    const request = requestTo({
      '/accounts': accounts(account('A-1'), account('A-1'), account('A-2')),
    });
    expect(idsOf(await pullAccounts(request), 'account_id')).toEqual(['A-1', 'A-2']);
    expect(request.remarks.texts).toEqual([
      expect.stringContaining('In 1 row, the bank lists an account again'),
    ]);
  });

  it('end at the limit, without a request for more', async () => {
    const first = { ...accounts(account('A-1'), account('A-2')), Links: { Next: '?p=2' } };
    const request = requestTo({ '/accounts': first });
    expect(idsOf(await pullAccounts(request, 1), 'account_id')).toEqual(['A-1']);
    expect(request.asked).toEqual(['/accounts']);
  });

  it('that came before a failure are given with it', async () => {
    const first = { ...accounts(account('A-1')), Links: { Next: '?p=2' } };
    const pulled = await pullAccounts(
      requestTo({ '/accounts': first, '/accounts?p=2': refusal(500) }),
    );
    expect(idsOf(pulled, 'account_id')).toEqual(['A-1']);
    expect(pulled.failure).toMatchObject({ code: 'api-refused' });
  });
});

describe('one account', () => {
  it('is asked for by its ID, encoded once', async () => {
    const request = requestTo({ '/accounts/a%2Fb%2Bc%3D%3D': accounts(account('a/b+c==')) });
    const pulled = await pullAccount(request, 'a/b+c==');
    expect(pulled).toMatchObject({ accountId: 'a/b+c==', rows: [{ account_id: 'a/b+c==' }] });
  });

  it('is picked if the bank gives all accounts', async () => {
    const request = requestTo({ '/accounts/A-1': accounts(account('A-2'), account('A-1')) });
    expect(idsOf(await pullAccount(request, 'A-1'), 'account_id')).toEqual(['A-1']);
    expect(request.remarks.texts).toEqual([expect.stringContaining('another account')]);
  });

  it.each(['', '.', '..'])('with the ID %j is refused without a request', async (id) => {
    const request = requestTo({});
    expect(await pullAccount(request, id)).toMatchObject({
      rows: [],
      failure: { code: 'account-id-unusable' },
    });
    expect(request.asked).toEqual([]);
  });
});

describe('balances', () => {
  const balance = (amount: unknown, type = 'InterimBooked') => ({
    ...{ AccountId: 'A-1', CreditDebitIndicator: 'Credit', Type: type },
    Amount: { Amount: amount, Currency: 'GBP' },
  });

  it('come with their account, and without a consent', async () => {
    const answer = { Data: { Balance: [balance('1.00'), balance('2.00', 'InterimAvailable')] } };
    const pulled = await pullBalances(requestTo({ '/accounts/A-1/balances': answer }), 'A-1');
    expect(pulled.accountId).toBe('A-1');
    expect(pulled.rows).toEqual([
      expect.objectContaining({ account_id: 'A-1', type: 'InterimBooked', amount: '1.00' }),
      expect.objectContaining({ account_id: 'A-1', type: 'InterimAvailable', amount: '2.00' }),
    ]);
    expect(pulled.rows[0]).not.toHaveProperty('consent');
  });

  it('that cannot be read fail the account, and the others are given with the failure', async () => {
    const answer = { Data: { Balance: [balance('x'), balance('2.00')] } };
    const pulled = await pullBalances(requestTo({ '/accounts/A-1/balances': answer }), 'A-1');
    expect(pulled).toMatchObject({
      rows: [{ amount: '2.00' }],
      failure: { code: 'amount-unreadable' },
    });
  });

  it('come as the bank sent them with Simplify off', async () => {
    const answer = { Data: { Balance: balance('x') } };
    const pulled = await pullBalances(
      requestTo({ '/accounts/A-1/balances': answer }, false),
      'A-1',
    );
    expect(pulled).toEqual({ rows: [balance('x')], accountId: 'A-1' });
  });
});

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

describe('all accounts', () => {
  const three = { '/accounts': accounts(account('A-1'), account('A-2'), account('A-3')) };

  const pullAll = async (
    answers: Record<string, Given | Given[]>,
    options: { limit?: number; continues?: boolean; slots?: Slots } = {},
  ) => {
    const request = requestTo({ ...three, ...answers });
    const results = await pullOfAllAccounts(
      request,
      (id, limit) => pullTransactions(request, id, { status: 'all', limit }),
      { slots: new Slots(2), continues: true, ...options },
    );
    return { results, asked: request.asked };
  };
  const of = (id: string, given: Given) => ({ [`/accounts/${id}/transactions`]: given });
  const good = {
    ...of('A-1', page(rows('T1'))),
    ...of('A-2', page(rows('T2'))),
    ...of('A-3', page(rows('T3'))),
  };

  it('come in the order of the bank', async () => {
    const { results } = await pullAll(good);
    expect(results.map(({ accountId }) => accountId)).toEqual(['A-1', 'A-2', 'A-3']);
    expect(results.map((result) => idsOf(result))).toEqual([['T1'], ['T2'], ['T3']]);
  });

  it('are read side by side, but no more than there are slots', async () => {
    const slots = new Slots(2);
    let now = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const done = pullOfAllAccounts(
      requestTo(three),
      async (accountId) => {
        most = Math.max(most, ++now);
        await new Promise<void>((end) => ends.push(end));
        now--;
        return { rows: [], accountId };
      },
      { slots, continues: true },
    );
    while (ends.length < 2) await new Promise(setImmediate);
    // The last one begins first to end.
    ends[1]!();
    while (ends.length < 3) await new Promise(setImmediate);
    ends.forEach((end) => end());
    expect((await done).map(({ accountId }) => accountId)).toEqual(['A-1', 'A-2', 'A-3']);
    expect(most).toBe(2);
  });

  it('go on if one fails', async () => {
    const { results } = await pullAll({ ...good, ...of('A-2', refusal(403)) });
    expect(results).toEqual([
      expect.objectContaining({ accountId: 'A-1', rows: [expect.anything()] }),
      expect.objectContaining({
        accountId: 'A-2',
        rows: [],
        failure: expect.any(OpenBankingError),
      }),
      expect.objectContaining({ accountId: 'A-3', rows: [expect.anything()] }),
    ]);
  });

  it('are not begun after a failure if it ends the item', async () => {
    const options = { continues: false, slots: new Slots(1) };
    const { results, asked } = await pullAll({ ...good, ...of('A-2', refusal(403)) }, options);
    expect(results.map(({ accountId }) => accountId)).toEqual(['A-1', 'A-2']);
    expect(asked).not.toContain('/accounts/A-3/transactions');
  });

  it('are not begun after the execution was cancelled', async () => {
    const cancelled = new OpenBankingError('cancelled', { message: 'cancelled' });
    const options = { slots: new Slots(1) };
    const { asked } = await pullAll({ ...good, ...of('A-1', cancelled) }, options);
    expect(asked).toEqual(['/accounts', '/accounts/A-1/transactions']);
  });

  it('share a limit, and are asked in turn until it is reached', async () => {
    const { results, asked } = await pullAll(
      { ...of('A-1', page(rows('T1'))), ...of('A-2', page(rows('T2', 'T3', 'T4'), '?p=2')) },
      { limit: 3 },
    );
    expect(results.map((result) => idsOf(result))).toEqual([['T1'], ['T2', 'T3']]);
    expect(asked).toEqual([
      '/accounts',
      '/accounts/A-1/transactions',
      '/accounts/A-2/transactions',
    ]);
  });

  it('share a limit also if a pull knows none', async () => {
    const request = requestTo(three);
    const pull = (accountId: string) => Promise.resolve({ rows: [{}, {}], accountId });
    const results = await pullOfAllAccounts(request, pull, {
      slots: new Slots(1),
      continues: true,
      limit: 3,
    });
    expect(results.map(({ rows }) => rows.length)).toEqual([2, 1]);
  });

  it('give the failure of their list', async () => {
    const { results } = await pullAll({ '/accounts': refusal(403) });
    expect(results).toEqual([{ rows: [], failure: expect.any(OpenBankingError) }]);
  });

  it('that are listed before the list fails are read, unless the failure ends the item', async () => {
    const first = { ...accounts(account('A-1')), Links: { Next: '?p=2' } };
    const answers = { ...good, '/accounts': first, '/accounts?p=2': refusal(500) };
    expect((await pullAll(answers)).results).toEqual([
      expect.objectContaining({ accountId: 'A-1', rows: [expect.anything()] }),
      { rows: [], failure: expect.any(OpenBankingError) },
    ]);
    expect((await pullAll(answers, { continues: false })).results).toHaveLength(1);
  });

  it('without an ID are a failure of their own, and the others go on', async () => {
    const list = accounts(account(undefined), account(''), account('..'), account('A-1'));
    const { results } = await pullAll({ ...good, '/accounts': list });
    expect(results.map(({ failure }) => failure?.code)).toEqual([
      ...['data-missing', 'data-missing', 'account-id-unusable', undefined],
    ]);
  });

  it('are not begun after an error of another kind', async () => {
    const request = requestTo(three);
    const begun: string[] = [];
    const pull = (id: string) => {
      begun.push(id);
      return Promise.reject(new Error('a bug'));
    };
    const options = { slots: new Slots(1), continues: true };
    await expect(pullOfAllAccounts(request, pull, options)).rejects.toThrow('a bug');
    await new Promise(setImmediate);
    expect(begun).toEqual(['A-1']);
  });
});
