import { LoadOptionsContext } from 'n8n-core';
import {
  Workflow,
  type IDataObject,
  type INode,
  type INodeListSearchResult,
  type INodeParameters,
  type INodeTypes,
} from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import {
  data,
  refusal,
  startDataBank,
  type DataAnswer,
  type DataBank,
} from '../support/bank/dataBank';
import { additionalDataOf, loadPackage, nodeTypesOf } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

let bank: DataBank;
let nodeTypes: INodeTypes;
ownUserFolder();

beforeAll(async () => {
  bank = await startDataBank();
  await bank.share({
    household: { 'A-1': 1, 'A-2': 1 },
    office: { 'B-1': 1 },
    branch: { 'C-1': 1 },
  });
  nodeTypes = nodeTypesOf(await loadPackage());
});
afterAll(() => bank.close());
beforeEach(() => {
  bank.server.requests.length = 0;
  bank.answers.clear();
});

const locator = (value: string) => ({ __rl: true, mode: 'list', value });

/**
 * The answer for "From List", in the context in which n8n's editor asks for it.
 *
 * @param current the parameters as the editor evaluates them: an expression without a value is `null`
 * @param saved the parameters of the node
 */
async function search(
  current: IDataObject,
  filter?: string,
  saved: INodeParameters = current as INodeParameters,
  settings: IDataObject = bank.credential as IDataObject,
): Promise<INodeListSearchResult> {
  const node: INode = {
    ...{ id: '1', name: 'Open Banking', type: 'n8n-nodes-open-banking.openBanking' },
    ...{ typeVersion: 1, position: [0, 0] },
    parameters: { resource: 'transaction', operation: 'getAll', accounts: 'one', ...saved },
    credentials: { openBankingApi: { id: '1', name: 'Bank' } },
  };
  const workflow = new Workflow({
    ...{ id: '1', nodes: [node], connections: {}, active: false },
    nodeTypes,
  });
  const additional = additionalDataOf({ parameters: node.parameters, credential: settings });
  additional.currentNodeParameters = { ...node.parameters, ...current } as INodeParameters;
  const context = new LoadOptionsContext(workflow, node, additional, 'account');
  const type = nodeTypes.getByNameAndVersion(node.type);
  const { methods } = type as {
    methods: {
      listSearch: Record<string, (...given: unknown[]) => Promise<INodeListSearchResult>>;
    };
  };
  return methods.listSearch.searchAccounts!.call(context, filter);
}

/** Pages with these accounts, each with a link to another one. */
function endless(accounts: (page: number) => object[]): DataAnswer {
  let page = 0;
  return (response, request) => {
    const Next = `${bank.credential.accountApiUrl}/accounts?page=${++page}`;
    data({ Data: { Account: accounts(page) }, Links: { Next }, Meta: {} })(response, request);
  };
}

it('shows name, identification and currency of the accounts of the chosen consent', async () => {
  expect(await search({ consent: locator('household') })).toEqual({
    results: ['A-1', 'A-2'].map((id) => ({
      ...{ name: `Account ${id} · GB00TEST${id} · GBP`, value: id },
    })),
  });
});

it.each([
  [' account a-2 ', ['A-2']],
  ['gb00test', ['A-1', 'A-2']],
  ['nothing', []],
])('can be filtered by "%s"', async (filter, expected) => {
  const { results } = await search({ consent: locator('household') }, filter);
  expect(results.map(({ value }) => value)).toEqual(expected);
});

describe('a filter that a person types', () => {
  const household = { consent: locator('household') };
  const found = async (filter?: string, current: IDataObject = household) =>
    (await search(current, filter)).results.map(({ value }) => value);
  const replaceAccounts = (...ids: string[]) => {
    const Account = ids.map((AccountId) => ({ AccountId }));
    bank.answers.set('household /accounts', data({ Data: { Account }, Links: {}, Meta: {} }));
  };

  it('is applied to the list that was opened, and does not ask the bank again', async () => {
    await search(household);
    replaceAccounts('A-9');
    expect(await Promise.all(['a', 'a-', 'a-1'].map((filter) => found(filter)))).toEqual([
      ...[['A-1', 'A-2'], ['A-1', 'A-2'], ['A-1']],
    ]);
    expect(bank.asked()).toHaveLength(1);
  });

  it('waits for the list that is being opened', async () => {
    const [all, filtered] = await Promise.all([found(), found('a-2')]);
    expect(all).toEqual(['A-1', 'A-2']);
    expect(filtered).toEqual(['A-2']);
    expect(bank.asked()).toHaveLength(1);
  });

  it('is not applied to a former list: one that is opened again is a new one', async () => {
    await search(household);
    replaceAccounts('A-9');
    expect(await found()).toEqual(['A-9']);
    expect(await found('a-')).toEqual(['A-9']);
    expect(bank.asked()).toHaveLength(2);
  });

  it('is not applied to the list of another consent, token, store or Financial ID', async () => {
    await search(household);
    expect(await found('-1', { consent: locator('branch') })).toEqual(['C-1']);
    const token = { authorizeWith: 'accessToken', accessToken: 'at-office' };
    expect(await found('-1', token)).toEqual(['B-1']);
    await found('-1', { ...household, options: { financialId: 'other' } });
    await search(household, '-1', {}, { ...bank.credential, encryptionKey: 'B'.repeat(43) });
    expect(bank.asked()).toHaveLength(5);
  });

  it('asks again after a failure', async () => {
    bank.answers.set('branch /accounts', refusal(400, 'UK.OBIE.Field.Invalid'));
    await expect(search({ consent: locator('branch') })).rejects.toThrow();
    bank.answers.clear();
    expect(await found('c', { consent: locator('branch') })).toEqual(['C-1']);
  });

  it('asks again after a minute', async () => {
    await search(household);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance', 'Date'] });
    try {
      await search(household);
      replaceAccounts('A-9');
      jest.advanceTimersByTime(59_000);
      expect(await found('a-1')).toEqual(['A-1']);
      jest.advanceTimersByTime(1_000);
      expect(await found('a-9')).toEqual(['A-9']);
    } finally {
      jest.useRealTimers();
    }
  });
});

it('shows an account without name and identification by its type and ID', async () => {
  const Account = [{ AccountId: 'X-1', AccountSubType: 'Savings' }, { Nickname: 'without ID' }];
  bank.answers.set('household /accounts', data({ Data: { Account }, Links: {}, Meta: {} }));
  const { results } = await search({ consent: locator('household') });
  expect(results).toEqual([{ name: 'Savings · X-1', value: 'X-1' }]);
});

it('reads the accounts of a given token', async () => {
  const parameters = { authorizeWith: 'accessToken', accessToken: 'Bearer at-office' };
  const { results } = await search(parameters);
  expect(results.map(({ value }) => value)).toEqual(['B-1']);
});

it('shows the accounts that the bank listed before, if it lists none any more', async () => {
  await search({ consent: locator('household') });
  bank.answers.set('household /accounts', refusal(403, 'UK.OBIE.Reauthenticate'));
  const { results } = await search({ consent: locator('household') });
  expect(results).toEqual(['A-1', 'A-2'].map((value) => ({ name: value, value })));
});

it('ends after 500 accounts, however many pages a bank has', async () => {
  bank.answers.set(
    'household /accounts',
    endless((n) => [{ AccountId: `A-${n}` }]),
  );
  const { results } = await search({ consent: locator('household') });
  expect(results).toHaveLength(500);
  expect(bank.asked()).toHaveLength(500);
});

describe('a list that cannot be loaded', () => {
  it('ends after a time if the bank has no account and no last page', async () => {
    const deadline = new AbortController();
    const limit = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal);
    const pages = endless(() => []);
    bank.answers.set('household /accounts', (response, request) => {
      if (bank.asked().length === 3) deadline.abort();
      else pages(response, request);
    });
    await expect(search({ consent: locator('household') })).rejects.toMatchObject({
      message: 'The bank did not give the list of accounts within 30 seconds',
      description: expect.stringContaining('choose "By ID" for the account'),
    });
    expect(limit).toHaveBeenCalledWith(30_000);
    limit.mockRestore();
  });

  it.each<[string, IDataObject, INodeParameters | undefined, string]>([
    ['no consent', {}, undefined, 'Fill in "Consent" first'],
    ['an empty consent', { consent: locator('') }, undefined, 'Fill in "Consent" first'],
    [
      'an expression without a value',
      { consent: null },
      { consent: '={{ $json.consent }}' },
      '"Consent" is an expression, and it has no value in the editor now. Execute the nodes before this one first, or choose "By ID" for the account.',
    ],
    [
      'an expression that is not evaluated',
      { consent: locator('={{ $json.consent }}') },
      undefined,
      '"Consent" is an expression',
    ],
    [
      'an access token from an expression without a value',
      { authorizeWith: 'accessToken', accessToken: null },
      { authorizeWith: 'accessToken', accessToken: '={{ $json.authorization }}' },
      '"Access Token" is an expression',
    ],
  ])('says what is missing: %s', async (_, current, saved, description) => {
    await expect(search(current, '', saved)).rejects.toMatchObject({
      name: 'NodeOperationError',
      message: expect.stringMatching(/is empty$/),
      description: expect.stringContaining(description),
    });
    expect(bank.asked()).toEqual([]);
  });

  it('says that the consent is not stored', async () => {
    await expect(search({ consent: locator('nobody') })).rejects.toMatchObject({
      message: expect.stringContaining('nobody'),
    });
  });

  it("shows the bank's refusal", async () => {
    const answer = refusal(403, 'UK.OBIE.Reauthenticate', 'Reauthentication required');
    bank.answers.set('office /accounts', answer);
    await expect(search({ consent: locator('office') })).rejects.toMatchObject({
      name: 'NodeApiError',
      message: expect.stringContaining('Reauthentication required'),
      description: expect.stringContaining('(api: reauthentication-needed)'),
    });
  });

  it('names the field of the credential that is missing', async () => {
    const settings = { ...bank.credential, accountApiUrl: '' } as IDataObject;
    await expect(search({ consent: locator('household') }, '', {}, settings)).rejects.toMatchObject(
      {
        name: 'NodeOperationError',
        message: '"Account API URL" is empty',
      },
    );
  });
});

it('counts the list as a read of the list of accounts', async () => {
  const { reads } = openSyncMemory(await clientOf(bank.credential), {});
  const count = async () => (await reads.counted('branch', [''])).get('')?.count ?? 0;
  const before = await count();
  await search({ consent: locator('branch') });
  expect(await count()).toBe(before + 1);
  await search({ consent: locator('branch') }, 'C-1');
  expect(await count()).toBe(before + 1);
});
