import { periodOf } from '../../core/accounts/bookingDates';
import { pullBalances, pullOfAllAccounts, pullTransactions } from '../../core/accounts/pull';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Remarks } from '../../core/lib/remarks';
import { Slots } from '../../core/lib/slots';
import { page, row, sourceOf, type Given } from './pageSource';

const requestTo = (answers: Record<string, Given>) => ({
  ...{ api: sourceOf(answers), origin: {}, simplify: true, remarks: new Remarks() },
});

it('gives the balances of the other accounts if one account fails', async () => {
  const failure = new OpenBankingError('api-refused', { message: 'No', status: 400 });
  const balance = {
    ...{ AccountId: 'A-2', CreditDebitIndicator: 'Credit', Type: 'InterimBooked' },
    Amount: { Amount: '12.50', Currency: 'GBP' },
  };
  const request = requestTo({
    '/accounts': { Data: { Account: [{ AccountId: 'A-1' }, { AccountId: 'A-2' }] } },
    '/accounts/A-1/balances': failure,
    '/accounts/A-2/balances': { Data: { Balance: [balance] } },
  });
  const pull = (id: string) => pullBalances(request, id);
  const all = await pullOfAllAccounts(request, pull, { slots: new Slots(2), continues: true });
  expect(all).toMatchObject([
    { accountId: 'A-1', rows: [], failure: { code: 'api-refused' } },
    { accountId: 'A-2', rows: [{ account_id: 'A-2', amount: '12.50' }] },
  ]);
  expect(all[1]!.failure).toBeUndefined();
});

it('leaves out rows outside From and To if the link to a next page drops them', async () => {
  const period = periodOf('2026-03-01', '2026-03-31')!;
  const path = '/accounts/A-1/transactions';
  const old = row({ TransactionId: 'T2', BookingDateTime: '2025-01-01T00:00:00+00:00' });
  const request = requestTo({
    [`${path}?${period.query}`]: page([row()], '?page=2'),
    [`${path}?page=2`]: page([old, row({ TransactionId: 'T3' })]),
  });
  const { rows, failure } = await pullTransactions(request, 'A-1', { status: 'all', period });
  expect(failure).toBeUndefined();
  expect(rows).toMatchObject([{ transaction_id: 'T1' }, { transaction_id: 'T3' }]);
  expect(request.remarks.texts).toEqual([expect.stringContaining('outside From and To')]);
});
