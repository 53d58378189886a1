import type { IDataObject, INode, ITaskData } from 'n8n-workflow';
import { customCredential } from '../support/bank/credential';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import {
  openHostileBank,
  page,
  row,
  send,
  TOKEN,
  type Handler,
  type HostileBank,
} from './hostileBank';

let bank: HostileBank;
let credential: IDataObject;

beforeAll(async () => {
  bank = await openHostileBank();
  credential = { ...(await customCredential(bank.url)), accountApiUrl: bank.base };
});

afterAll(() => bank?.close());

const listOf = (accounts: unknown): Handler =>
  send(JSON.stringify({ Data: { Account: accounts } }));
const account = (AccountId: unknown) => ({ AccountId, Currency: 'GBP' });
const ended = send('{"Errors":[{"ErrorCode":"U009"}]}', 403);

/** The transactions of all accounts, from the node. */
async function run(
  parameters: IDataObject = {},
  onError: INode['onError'] = 'continueRegularOutput',
): Promise<{ task: ITaskData; rows: IDataObject[]; errors: IDataObject[] }> {
  const task = await runNode({
    ...{ type: 'openBanking', credential, items: [{ token: TOKEN }], onError },
    parameters: {
      ...{ resource: 'transaction', operation: 'getAll', authorizeWith: 'accessToken' },
      ...{ accessToken: '={{ $json.token }}', accounts: 'all', status: 'all', returnAll: true },
      ...(parameters as Record<string, string>),
    },
  });
  const items = outputOf(task).map(({ json }) => json);
  expect(JSON.stringify(task)).not.toContain(TOKEN);
  return {
    task,
    rows: items.filter(({ error }) => !error),
    errors: items.flatMap(({ error }) => (error ? [error as IDataObject] : [])),
  };
}

const LIST = (id: string) => `/accounts/${id}/transactions`;

/** Three accounts. The second page of the second one is bad. */
function threeAccounts(second: Handler): void {
  bank.answers = { '/accounts': listOf(['A-1', 'A-2', 'A-3'].map(account)) };
  for (const id of ['A-1', 'A-2', 'A-3']) {
    const first = page(
      [row({ AccountId: id, TransactionId: `${id}-1` })],
      `${bank.base}${LIST(id)}?p=2`,
    );
    bank.answers[LIST(id)] = send(first);
    const good = send(page([row({ AccountId: id, TransactionId: `${id}-2` })]));
    bank.answers[`${LIST(id)}?p=2`] = id === 'A-2' ? second : good;
  }
}

describe('an account that fails in the middle', () => {
  it.each<[string, Handler, string]>([
    ['whose consent has ended', ended, 'consent-not-accepted'],
    ['with a web page', send('<html>Sign in</html>'), 'data-missing'],
    ['with JSON that is cut off', send('{"Data":{"Transaction":[{'), 'data-missing'],
    [
      'with a link elsewhere',
      send(page([], 'https://evil.example/accounts')),
      'next-page-elsewhere',
    ],
    [
      'with an amount that cannot be read',
      send(page([row({ Amount: null })])),
      'amount-unreadable',
    ],
  ])('%s costs neither its rows nor those of the others', async (_name, second, code) => {
    threeAccounts(second);
    const { rows, errors } = await run();
    expect(rows.map(({ transaction_id: id }) => id)).toEqual([
      'A-1-1',
      'A-1-2',
      'A-2-1',
      'A-3-1',
      'A-3-2',
    ]);
    expect(errors).toMatchObject([{ code, stage: 'api' }]);
  });

  it('stops the node if it does not continue on fail', async () => {
    threeAccounts(ended);
    const { task } = await run({}, 'stopWorkflow');
    expect(task.error).toBeDefined();
    expect(task.error!.message).toContain('/accounts/A-2/transactions');
  });
});

describe('a list of accounts', () => {
  const one = (): void => {
    bank.answers[LIST('A-1')] = send(page([row()]));
  };

  it('may have accounts twice, without an ID, with odd IDs, and things that are no accounts', async () => {
    bank.answers = {
      '/accounts': listOf([
        ...[account('A-1'), account('A-1'), account(null), account('..'), account(7), null, 'x'],
      ]),
      [LIST('7')]: send(page([row({ AccountId: 7, TransactionId: 'T7' })])),
    };
    one();
    const { rows, errors } = await run();
    expect(rows).toMatchObject([
      { transaction_id: 'T1', account_id: 'A-1' },
      { transaction_id: 'T7', account_id: '7' },
    ]);
    expect(errors.map(({ code }) => code)).toEqual(['data-missing', 'account-id-unusable']);
  });

  it('may have an account without an ID on a later page: its error has the interaction ID of that page', async () => {
    const list = (id: string | null, next?: string): Handler =>
      send(JSON.stringify({ Data: { Account: [account(id)] }, Links: { Next: next } }));
    bank.answers = {
      '/accounts': list('A-1', `${bank.base}/accounts?page=2`),
      '/accounts?page=2': list(null, `${bank.base}/accounts?page=3`),
      '/accounts?page=3': list('A-1'),
    };
    one();
    bank.requests.length = 0;
    const { rows, errors } = await run();
    expect(rows).toHaveLength(1);
    const { headers } = bank.requests.find(({ url }) => url.endsWith('/accounts?page=2'))!;
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'data-missing',
        description: expect.stringContaining(
          `x-fapi-interaction-id ${String(headers['x-fapi-interaction-id'])}.`,
        ) as string,
      }),
    ]);
  });

  it('may break off: the accounts that were read are pulled', async () => {
    bank.answers = {
      '/accounts': send(
        JSON.stringify({
          Data: { Account: [account('A-1')] },
          Links: { Next: `${bank.base}/accounts?page=2` },
        }),
      ),
      '/accounts?page=2': send('{'),
    };
    one();
    const { rows, errors } = await run();
    expect(rows).toHaveLength(1);
    expect(errors).toMatchObject([{ code: 'data-missing' }]);
  });

  it.each([
    ['is empty', listOf([])],
    ['is null', listOf(null)],
    ['is missing', send('{"Data":{}}')],
    ['is an empty body', send('')],
  ])('%s: no rows, no error', async (_name, answer) => {
    bank.answers = { '/accounts': answer };
    expect(await run()).toMatchObject({ rows: [], errors: [] });
  });

  it('may be one object', async () => {
    bank.answers = { '/accounts': listOf(account('A-1')) };
    one();
    expect((await run()).rows).toHaveLength(1);
  });
});

describe('as the bank sent them', () => {
  it('rows keep members and kinds, but NUL, __proto__ and numbers that would lose digits', async () => {
    const text = page([row({ Number: 12, Big: 1, Odd: 'a\u0000b', Nothing: null, '': '' })]);
    bank.answers = {
      '/accounts': listOf([account('A-1')]),
      [LIST('A-1')]: send(
        text.replace('"Big":1', '"Big":12345678901234567890,"__proto__":{"x":1}'),
      ),
    };
    const { rows } = await run({ simplify: false });
    expect(rows).toEqual([
      row({ Number: 12, Big: '12345678901234567890', Odd: 'ab', Nothing: null, '': '' }),
    ]);
  });
});
