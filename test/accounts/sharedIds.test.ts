import { pagesOf } from '../../core/accounts/pages';
import { Remarks } from '../../core/lib/remarks';
import { BASE, page, row, sourceOf } from './pageSource';

const PATH = '/accounts/A-1/transactions';

it('equal payments on two pages stay two if the bank gives one ID to all transactions', async () => {
  const equal = row({ TransactionId: '9998' });
  const other = row({ TransactionId: '9998', Amount: { Amount: '10.00', Currency: 'GBP' } });
  const source = sourceOf({
    [PATH]: page([other, equal], `${BASE}${PATH}?page=2`),
    [`${PATH}?page=2`]: page([equal]),
  });
  const rows: unknown[] = [];
  const asked = { path: PATH, member: 'Transaction' } as const;
  for await (const { rows: some } of pagesOf(source, asked, new Remarks())) rows.push(...some);
  expect(rows).toEqual([other, equal, equal]);
});

it('a row that comes again on the next page is one row if its ID names no other one', async () => {
  const shifted = row({ TransactionId: 'T1' });
  const source = sourceOf({
    [PATH]: page([row({ TransactionId: 'T2' }), shifted], `${BASE}${PATH}?page=2`),
    [`${PATH}?page=2`]: page([shifted, row({ TransactionId: 'T0' })]),
  });
  const rows: unknown[] = [];
  const asked = { path: PATH, member: 'Transaction' } as const;
  for await (const { rows: some } of pagesOf(source, asked, new Remarks())) rows.push(...some);
  expect(rows).toHaveLength(3);
});
