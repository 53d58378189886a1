import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
  NodeHelpers,
  Workflow,
  type IDataObject,
  type IExecuteFunctions,
  type INode,
  type INodeParameters,
  type INodeProperties,
  type INodeType,
  type INodeTypes,
  type ITaskData,
} from 'n8n-workflow';
import { startDataBank, type DataBank } from '../support/bank/dataBank';
import { additionalDataOf, loadPackage, nodeTypesOf } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

/** The tool that n8n hands to a language model. */
interface Tool {
  name: string;
  description: string;
  schema: { shape: Record<string, unknown> };
  invoke(values: object): Promise<string>;
}

const TOOL = 'n8n-nodes-open-banking.openBankingTool';

let bank: DataBank;
let openBanking: INodeType;
ownUserFolder();

beforeAll(async () => {
  bank = await startDataBank();
  await bank.share({ household: { 'A-1': 90 }, office: { 'B-1': 1 } });
  openBanking = nodeTypesOf(await loadPackage()).getByNameAndVersion(
    'n8n-nodes-open-banking.openBanking',
  );
});
afterAll(() => bank.close());
beforeEach(() => (bank.server.requests.length = 0));

/** The node as n8n makes a tool of it: the same code, with another name and other connections. */
function toolOf(node: INodeType): INodeType {
  const { description } = node;
  const name = `${description.name}Tool`;
  return Object.assign(Object.create(node) as INodeType, {
    description: {
      ...description,
      name,
      inputs: [],
      outputs: ['ai_tool'],
      usableAsTool: undefined,
    },
  });
}

/** A node like n8n's AI Agent: it takes the tool that is connected to it, and works with it. */
function agent(work: (tool: Tool) => Promise<IDataObject>): INodeType {
  return {
    description: {
      ...{ displayName: 'Agent', name: 'agent', group: ['transform'], version: 1, description: '' },
      ...{ defaults: { name: 'Agent' }, inputs: ['main', 'ai_tool'], outputs: ['main'] },
      properties: [],
    },
    async execute(this: IExecuteFunctions) {
      const [tool] = (await this.getInputConnectionData('ai_tool', 0)) as Tool[];
      return [[{ json: await work(tool!) }]];
    },
  };
}

/** Lets a language model work with the tool. */
async function withTool(
  parameters: INodeParameters,
  work: (tool: Tool) => Promise<IDataObject>,
): Promise<ITaskData> {
  const types: Record<string, INodeType> = {
    'test.agent': agent(work),
    [TOOL]: toolOf(openBanking),
  };
  const nodeTypes = {
    getByName: (type: string) => types[type]!,
    getByNameAndVersion: (type: string) => types[type]!,
    getKnownTypes: () => ({}),
  } satisfies INodeTypes;
  const common = { typeVersion: 1, position: [0, 0] as [number, number] };
  const nodes: INode[] = [
    { ...common, id: '0', name: 'Agent', type: 'test.agent', parameters: {} },
    {
      ...{ ...common, id: '1', name: 'Bank', type: TOOL },
      parameters: { resource: 'transaction', operation: 'getAll', ...parameters },
      credentials: { openBankingApi: { id: '1', name: 'Bank' } },
    },
  ];
  const connections = {
    Bank: { ai_tool: [[{ node: 'Agent', type: 'ai_tool' as const, index: 0 }]] },
  };
  const workflow = new Workflow({ id: '1', nodes, connections, active: false, nodeTypes });
  const additional = {
    ...additionalDataOf({ parameters, credential: bank.credential as IDataObject }),
    hooks: new ExecutionLifecycleHooks('manual', '1', { id: '1', name: 'Test' } as never),
  };
  const finished = await new WorkflowExecute(additional, 'manual').run({
    workflow,
    startNode: workflow.nodes.Agent!,
  });
  return finished.data.resultData.runData.Agent![0]!;
}

/** The result that the language model gets for these values. @throws the error of the tool */
async function answerOf(parameters: INodeParameters, values: object = {}): Promise<IDataObject[]> {
  const task = await withTool(parameters, async (tool) => ({ answer: await tool.invoke(values) }));
  if (task.error) throw task.error as Error;
  return JSON.parse(task.data!.main![0]![0]!.json.answer as string) as IDataObject[];
}

it.each<[string, INodeParameters, IDataObject]>([
  ['account', { operation: 'getAll' }, { account_id: 'B-1', name: 'Account B-1' }],
  [
    'account',
    { operation: 'get', account: { __rl: true, mode: 'id', value: 'B-1' } },
    { account_id: 'B-1' },
  ],
  ['account', { operation: 'getBalances' }, { account_id: 'B-1', amount: '12.50' }],
  ['transaction', { operation: 'getAll' }, { transaction_id: 'B-1-1', amount: '-12.50' }],
])('a language model can use %s %j of a stored consent', async (resource, parameters, expected) => {
  const answer = await answerOf({ resource, consent: 'office', ...parameters });
  expect(answer).toMatchObject([expected]);
  expect(JSON.stringify(answer)).not.toContain('at-office');
});

it('takes the values that the language model chooses', async () => {
  const parameters = {
    ...{ consent: "={{ $fromAI('Consent') }}", from: "={{ $fromAI('From') }}" },
    ...{ to: "={{ $fromAI('To') }}" },
  };
  const values = { Consent: 'office', From: '2026-03-01', To: '' };
  expect(await answerOf(parameters, values)).toHaveLength(1);
  const { searchParams } = new URL(bank.server.requests.at(-1)!.url, 'https://bank.example');
  expect([...searchParams]).toEqual([['fromBookingDateTime', '2026-03-01T00:00:00']]);
});

it('describes itself by its operation, and returns the first 50 rows unless told otherwise', async () => {
  let description = '';
  const task = await withTool({ consent: 'household' }, async (tool) => {
    description = tool.description;
    return { answer: await tool.invoke({}) };
  });
  expect(description).toMatch(/transactions? in Open Banking/i);
  expect(JSON.parse(task.data!.main![0]![0]!.json.answer as string)).toHaveLength(50);
  expect(await answerOf({ consent: 'household', returnAll: true })).toHaveLength(72);
});

it('tells the language model what is wrong', async () => {
  await expect(answerOf({ consent: 'nobody' })).rejects.toMatchObject({
    message: expect.stringContaining('nobody'),
  });
});

it('does not take an access token, whatever the saved workflow says', async () => {
  const given = { authorizeWith: 'accessToken', accessToken: 'at-office' };
  await expect(answerOf(given)).rejects.toMatchObject({
    message: expect.stringMatching(/^"(Consent" is empty|Authorize With" has an unknown value)/),
  });
  // n8n drops fields that are not shown, or leaves them as they are.
  const asked = await answerOf({ ...given, consent: 'household' }).catch(() => []);
  expect(JSON.stringify(asked)).not.toContain('B-1');
  expect(bank.asked().filter((place) => place.startsWith('office'))).toEqual([]);
});

it.each(['commit', 'delete', 'create', '__CUSTOM_API_CALL__'])(
  'refuses the operation %s',
  async (operation) => {
    await expect(
      answerOf({ resource: 'account', operation, consent: 'office' }),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/does not know the operation|use the HTTP Request node/),
    });
    expect(bank.asked()).toEqual([]);
  },
);

it('lists the stored consents, without a token', async () => {
  const answer = await answerOf({ resource: 'consent', operation: 'getAll', askBank: false });
  expect(answer).toMatchObject([{ consent: 'household' }, { consent: 'office' }]);
  expect(JSON.stringify(answer)).not.toContain('at-office');
});

it.each(['create', 'delete'])('refuses to %s a consent', async (operation) => {
  await expect(
    answerOf({ resource: 'consent', operation, consent: 'office' }),
  ).rejects.toMatchObject({ message: expect.stringContaining('this node only reads') });
  expect(bank.server.requests).toEqual([]);
  expect(await answerOf({ operation: 'getAll', consent: 'office' })).toHaveLength(1);
});

it('shows a language model the reading operations of a consent alone', () => {
  const { description } = toolOf(openBanking);
  const node: INode = {
    ...{ id: '1', name: 'Bank', type: TOOL, typeVersion: 1, position: [0, 0] },
    parameters: {},
  };
  const parameters = { resource: 'consent', operation: 'getAll' };
  const shown = description.properties.filter(
    (field) =>
      field.name === 'operation' &&
      NodeHelpers.displayParameter(parameters, field, node, description),
  );
  expect(shown.map(({ options }) => options?.map((option) => option.name))).toEqual([
    ['Get', 'Get Many'],
  ]);
});

it('shows a language model no field for a token', () => {
  const { description } = toolOf(openBanking);
  const node: INode = {
    ...{ id: '1', name: 'Bank', type: TOOL, typeVersion: 1, position: [0, 0] },
    parameters: {},
  };
  const shown = (parameters: INodeParameters, field: INodeProperties) =>
    NodeHelpers.displayParameter(parameters, field, node, description) ? [field.name] : [];
  for (const resource of ['account', 'transaction']) {
    const parameters = { resource, operation: 'getAll', returnAll: false };
    const names = description.properties.flatMap((field) => shown(parameters, field));
    expect(names).toEqual(expect.arrayContaining(['consent', 'limit', 'simplify', 'options']));
    expect(names).not.toContain('authorizeWith');
    expect(names).not.toContain('accessToken');
    expect(new Set(names).size).toBe(names.length);
  }
});
