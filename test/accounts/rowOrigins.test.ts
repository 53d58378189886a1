import { pullBalances, pullTransactions } from '../../core/accounts/pull';
import { RowOrigins } from '../../core/accounts/rowOrigins';
import { Remarks } from '../../core/lib/remarks';
import { answerOf, BASE, page, row } from './pageSource';

const URL = `${BASE}/accounts/A-1/transactions`;

it('knows which request brought a row', () => {
  const origins = new RowOrigins();
  expect(origins.interactionOf(0)).toBeUndefined();
  origins.begin(0, 'i-1');
  origins.begin(2, 'i-2');
  expect([0, 1, 2, 99].map((at) => origins.interactionOf(at))).toEqual([
    'i-1',
    'i-1',
    'i-2',
    'i-2',
  ]);
});

it('is in the error of a row: the interaction ID of the page on which it came', async () => {
  const bad = { Amount: { Amount: 'x' } };
  const pages = [
    page([row({ TransactionId: 'T1' }), row({ TransactionId: 'T2' })], '?p=2'),
    page([row({ TransactionId: 'T2' }), row({ TransactionId: 'T3', ...bad })], '?p=3'),
    page([row({ TransactionId: 'T4', ...bad })]),
  ];
  let asked = 0;
  const api = {
    get: () => {
      const interactionId = `interaction-${asked + 1}`;
      return Promise.resolve({ ...answerOf(pages[asked++]!, URL), interactionId });
    },
  };
  const request = { api, origin: {}, simplify: true, remarks: new Remarks() };
  const { failure } = await pullTransactions(request, 'A-1', { status: 'all' });
  expect(failure).toMatchObject({
    code: 'amount-unreadable',
    description: expect.stringMatching(/x-fapi-interaction-id interaction-2\.$/),
  });
});

it('is in the error of a balance', async () => {
  const api = {
    get: () => Promise.resolve(answerOf({ Data: { Balance: [row({ Amount: null })] } })),
  };
  const request = { api, origin: {}, simplify: true, remarks: new Remarks() };
  const { failure } = await pullBalances(request, 'A-1');
  expect(failure!.description).toContain('x-fapi-interaction-id interaction-1');
});
