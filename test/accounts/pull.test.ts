import {
  pullAccount,
  pullAccounts,
  pullBalances,
  pullOfAllAccounts,
  pullTransactions,
} from '../../core/accounts/pull';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Slots } from '../../core/lib/slots';
import { page, rows, type Given } from './pageSource';
import { account, accounts, idsOf, refusal, requestTo } from './pullRequest';

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
