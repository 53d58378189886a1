import type { KnownAccounts } from '../../core/accounts/knownAccounts';
import {
  pullAccounts,
  pullOfAllAccounts,
  pullTransactions,
  type PullRequest,
} from '../../core/accounts/pull';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Remarks } from '../../core/lib/remarks';
import { Slots } from '../../core/lib/slots';
import { page, row, sourceOf, type Given } from './pageSource';

const listed = (...ids: (string | undefined)[]) => ({
  Data: { Account: ids.map((AccountId) => ({ AccountId, Currency: 'GBP' })) },
});
const transactionsOf = (AccountId: string) => page([row({ AccountId, TransactionId: AccountId })]);
const refusal = (code: string) =>
  new OpenBankingError(code as 'permission-missing', {
    ...{ message: 'Closed', status: 403, outcome: 'refused' },
  });

/** A pull of the transactions of all accounts, with accounts that are stored. */
async function pulled(accounts: Given, stored: readonly string[] = []) {
  const remembered: (readonly string[])[] = [];
  const knownAccounts: KnownAccounts = {
    remember: (ids) => Promise.resolve(void remembered.push(ids)),
    known: () => Promise.resolve(stored),
  };
  const api = sourceOf({
    '/accounts': accounts,
    '/accounts/A-1/transactions': transactionsOf('A-1'),
    '/accounts/A-2/transactions': transactionsOf('A-2'),
  });
  const remarks = new Remarks();
  const request: PullRequest = { api, origin: {}, simplify: true, remarks, knownAccounts };
  const all = await pullOfAllAccounts(
    request,
    (id) => pullTransactions(request, id, { status: 'all' }),
    { slots: new Slots(2), continues: true },
  );
  const rows = all.flatMap((one) => one.rows as { account_id: string }[]);
  return {
    accounts: rows.map((one) => one.account_id),
    failures: all.flatMap(({ failure }) => failure?.code ?? []),
    remembered,
    remarks: remarks.texts,
  };
}

it('remembers the accounts that the bank lists', async () => {
  const { accounts, remembered, remarks } = await pulled(listed('A-2', 'A-1'));
  expect(accounts).toEqual(['A-2', 'A-1']);
  expect(remembered).toEqual([['A-2', 'A-1']]);
  expect(remarks).toEqual([]);
});

it.each(['permission-missing', 'reauthentication-needed'])(
  'reads the stored accounts if the bank refuses the list (%s), and says so',
  async (code) => {
    const { accounts, failures, remembered, remarks } = await pulled(refusal(code), ['A-2', 'A-1']);
    expect({ accounts, failures, remembered }).toEqual({
      accounts: ['A-2', 'A-1'],
      failures: [],
      remembered: [],
    });
    expect(remarks).toEqual([
      expect.stringContaining('refuses the list of accounts. The node read the'),
    ]);
  },
);

it('fails if the list is closed and the bank listed no accounts before', async () => {
  expect(await pulled(refusal('permission-missing'))).toMatchObject({
    accounts: [],
    failures: ['permission-missing'],
  });
});

it.each(['consent-not-accepted', 'scope-missing', 'api-unavailable'])(
  'does not read the stored accounts after another failure: %s',
  async (code) => {
    const { accounts, failures } = await pulled(refusal(code), ['A-1']);
    expect(accounts).toEqual([]);
    expect(failures).toEqual([code]);
  },
);

it('does not remember a list with an account that has no ID', async () => {
  expect((await pulled(listed('A-1', undefined))).remembered).toEqual([]);
});

describe('Account → Get Many', () => {
  const rememberedBy = async (accounts: Given, limit?: number) => {
    const remembered: (readonly string[])[] = [];
    const knownAccounts: KnownAccounts = {
      remember: (ids) => Promise.resolve(void remembered.push(ids)),
      known: () => Promise.resolve([]),
    };
    const api = sourceOf({ '/accounts': accounts });
    await pullAccounts(
      { api, origin: {}, simplify: true, remarks: new Remarks(), knownAccounts },
      limit,
    );
    return remembered;
  };

  it('remembers a complete list, and no part of one', async () => {
    const list = listed('A-1', 'A-2', 'A-1');
    expect(await rememberedBy(list)).toEqual([['A-1', 'A-2']]);
    expect(await rememberedBy(list, 1)).toEqual([]);
    expect(await rememberedBy(refusal('permission-missing'))).toEqual([]);
  });
});
