import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { Lookup } from '../../core/accounts/lookup';
import { clientOf } from '../../core/oauth/client';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import { openConsentTokens } from '../../core/tokens/openStores';
import { customCredential } from '../support/bank/credential';
import { outputOf, runNode, type NodeRun } from '../support/n8n/nodeExecution';
import { passed, tokensOf } from '../support/stores/consents';
import { ownUserFolder } from '../support/n8n/userFolder';

ownUserFolder();

const TRIGGER = 'n8n-nodes-open-banking.openBankingTrigger';

/** "Get Many" of transactions. */
const reader = { resource: 'transaction', operation: 'getAll', consent: 'household' };

let credential: IDataObject;
/** Another position in each test. */
let position: string;
let tests = 0;

beforeAll(async () => {
  credential = { ...(await customCredential('https://localhost:1')) };
  const tokens = openConsentTokens(await clientOf(credential), {});
  await tokens.keep('household', passed(tokensOf('at')));
  const { grant } = await tokens.valid('household');
  await tokens.rememberAccounts('household', ['A-1', 'A-2'], grant);
});

beforeEach(() => {
  position = `position-${++tests}`;
});

const transactions = (count: number, account_id = 'A-1'): IDataObject[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ consent: 'household', account_id, transaction_id: `${position}-${index}`, amount: '1' },
  }));

const mark = (items: IDataObject[], changes: Partial<NodeRun> = {}) =>
  runNode({
    ...{ type: 'openBanking', credential, items },
    parameters: {
      ...{ resource: 'transaction', operation: 'commit', options: { positionName: position } },
      ...changes.parameters,
    },
    ...{ before: changes.before, onError: changes.onError },
  });

/** How many of them are not yet marked for a position. It marks them. */
async function unmarked(items: IDataObject[], subscriber = position): Promise<number> {
  const sync = openSyncMemory(await clientOf(credential), {});
  const ids = items.map(({ transaction_id: id }) => id as string);
  return sync.markProcessed(subscriber, 'household', items[0]!.account_id as string, ids);
}

it('marks the transactions of its input items, and puts the same items out', async () => {
  const items = [...transactions(3, 'A-1'), ...transactions(2, 'A-2')];
  const task = await mark(items);
  expect(outputOf(task).map(({ json }) => json)).toEqual(items);
  expect(outputOf(task).map(({ pairedItem }) => pairedItem)).toEqual(
    items.map((_, item) => ({ item })),
  );
  expect(await unmarked(items.slice(0, 3))).toBe(0);
  expect(await unmarked(items.slice(3))).toBe(0);
  expect(await unmarked(items.slice(3), 'another')).toBe(2);
});

it.each([['transaction_id'], ['account_id'], ['consent']])(
  'fails for an item without %s, and marks nothing of the others',
  async (name) => {
    const items = transactions(2);
    const task = await mark([items[0]!, { ...items[1], [name]: undefined }]);
    expect(task.error).toMatchObject({ context: { code: 'input-missing', itemIndex: 1 } });
    expect(await unmarked(items.slice(0, 1))).toBe(1);
  },
);

it('marks the other items if the node continues on failure', async () => {
  const items = transactions(2);
  const task = await mark([items[0]!, { consent: 'household', account_id: 'A-1' }], {
    onError: 'continueRegularOutput',
  });
  const [first, second] = outputOf(task).map(({ json }) => json);
  expect(first).toEqual(items[0]);
  expect(second).toMatchObject({ error: { code: 'input-missing' } });
  expect(await unmarked(items.slice(0, 1))).toBe(0);
});

it.each([
  ['account that nobody has read', { account_id: 'A-9' }, 'account-not-read'],
  ['consent that is not stored', { consent: 'nobody' }, 'consent-unknown'],
])('fails for an %s, and stores nothing about it', async (_, changes, code) => {
  const [item] = transactions(1);
  const task = await mark([{ ...item, ...changes }]);
  expect(task.error).toMatchObject({ context: { code, itemIndex: 0 } });
  const sync = openSyncMemory(await clientOf(credential), {});
  const { consent, account_id } = { ...item, ...changes } as Record<string, string>;
  expect(await sync.hasSeen(consent!, account_id!)).toBe(false);
  expect((await sync.ofConsent(consent!)).accounts.has(account_id!)).toBe(false);
});

it('marks transactions of an account that was read while the customer was present', async () => {
  const sync = openSyncMemory(await clientOf(credential), {});
  const lookup = new Lookup(sync, 'household', false);
  lookup.willRead('A-3');
  await lookup.countReads();
  const items = transactions(2, 'A-3');
  expect((await mark(items)).error).toBeUndefined();
  expect(await unmarked(items)).toBe(0);
});

describe('without a position name', () => {
  const before = (changes: Partial<INode> = {}) => ({
    ...{ id: `node-of-${position}`, type: TRIGGER, parameters: {} as INodeParameters },
    ...changes,
  });
  const markAfter = (items: IDataObject[], node: Partial<INode> = {}) =>
    mark(items, { parameters: { options: {} }, before: before(node) });

  it('marks them for the trigger before it, which is another position in each workflow', async () => {
    const items = transactions(2);
    expect((await markAfter(items)).error).toBeUndefined();
    expect(await unmarked(items, `1/node-of-${position}`)).toBe(0);
    expect(await unmarked(items, `2/node-of-${position}`)).toBe(2);
  });

  it('takes the position name of the trigger before it', async () => {
    const items = transactions(2);
    const parameters = { options: { positionName: ` ${position} ` } };
    expect((await markAfter(items, { parameters })).error).toBeUndefined();
    expect(await unmarked(items)).toBe(0);
  });

  it('marks them for "Get Many" with "Only New" before it', async () => {
    const items = transactions(2);
    const task = await markAfter(items, {
      type: 'n8n-nodes-open-banking.openBanking',
      parameters: { ...reader, options: { onlyNew: true } },
    });
    expect(task.error).toBeUndefined();
    expect(await unmarked(items, `1/node-of-${position}`)).toBe(0);
  });

  it.each<[string, Partial<INode>]>([
    ['another node', { type: 'test.items' }],
    ['a trigger for consents', { parameters: { event: 'consentAttention' } }],
    [
      '"Get Many" without "Only New"',
      { type: 'n8n-nodes-open-banking.openBanking', parameters: reader },
    ],
    [
      'a trigger whose name is an expression',
      { parameters: { options: { positionName: '={{ 1 }}' } } },
    ],
  ])('fails after %s', async (_, node) => {
    const task = await markAfter(transactions(1), node);
    expect(task.error).toMatchObject({
      message: '"Position Name" is empty',
      context: { code: 'input-missing' },
    });
  });
});
