import { pullBalances, pullTransactions } from '../../core/accounts/pull';
import { Remarks } from '../../core/lib/remarks';
import { page, row, sourceOf } from './pageSource';

const PATH = '/accounts/A-1/transactions';

const COUNT = 10_000;

/** How often other work of the process had its turn during a pull. */
async function turnsDuring(pull: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isRunning = true;
  const other = () => {
    if (!isRunning) return;
    turns++;
    setImmediate(other);
  };
  setImmediate(other);
  await pull();
  isRunning = false;
  return turns;
}

const many = (changes: (at: number) => Record<string, unknown>) =>
  Array.from({ length: COUNT }, (_, at) => row(changes(at)));

const transactions = (list: readonly object[], simplify: boolean) => () =>
  pullTransactions(
    { api: sourceOf({ [PATH]: page(list) }), origin: {}, simplify, remarks: new Remarks() },
    'A-1',
    { status: 'booked' },
  );

describe('a page with very many rows', () => {
  it.each([
    ['with IDs', (at: number) => ({ TransactionId: `T${at}` }), 16],
    ['without IDs', (at: number) => ({ TransactionId: null, Amount: { Amount: at } }), 20],
    ['that are all equal', () => ({ TransactionId: null }), 30],
    ['that cannot be read', () => ({ Amount: null }), 9],
  ])('%s does not keep n8n from other work', async (_, changes, least) => {
    const list = many(changes);
    expect(await turnsDuring(transactions(list, true))).toBeGreaterThanOrEqual(least);
  });

  it('that are filtered alone does not keep n8n from other work', async () => {
    const list = many((at) => ({ TransactionId: `T${at}`, Status: 'Pending' }));
    expect(await turnsDuring(transactions(list, false))).toBeGreaterThanOrEqual(4);
  });

  it('of balances does not keep n8n from other work', async () => {
    const answer = { Data: { Balance: many(() => ({})) } };
    const api = sourceOf({ '/accounts/A-1/balances': answer });
    const request = { api, origin: {}, simplify: true, remarks: new Remarks() };
    expect(await turnsDuring(() => pullBalances(request, 'A-1'))).toBeGreaterThanOrEqual(8);
  });
});
