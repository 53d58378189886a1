import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LoadOptionsContext } from 'n8n-core';
import {
  NodeHelpers,
  Workflow,
  type IDataObject,
  type INode,
  type INodeListSearchResult,
  type INodeParameters,
} from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openConsentTokens } from '../../core/tokens/openStores';
import type { KeepingSettings } from '../../core/tokens/settings';
import { tokensOf, passed } from '../support/stores/consents';
import { customCredential } from '../support/bank/credential';
import {
  additionalDataOf,
  loadPackage,
  nodeTypesOf,
  outputOf,
  runNode,
} from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

type Settings = BankSettings & KeepingSettings;

let credential: Settings;
let nodeTypes: ReturnType<typeof nodeTypesOf>;
const folder = ownUserFolder();

beforeAll(async () => {
  credential = await customCredential('https://localhost:1');
  nodeTypes = nodeTypesOf(await loadPackage());
});

/** Number of clients so far. Each test has its own client, so the list contains only the consents of that test. */
let clients = 0;
const newClient = (): Settings => ({ ...credential, clientId: `client-of-list-${++clients}` });

async function store(settings: Settings, consents: string[], lifetime = 3600): Promise<void> {
  const kept = openConsentTokens(await clientOf(settings), settings);
  const expires_at = new Date(Date.now() + lifetime * 1000).toISOString();
  for (const consent of consents) {
    const tokens = tokensOf(`at-${consent}`, { expires_at, refresh_token: `rt-${consent}` });
    await kept.keep(consent, passed(tokens));
  }
}

const nodeOf = (parameters: INodeParameters): INode => ({
  ...{ id: '1', name: 'Open Banking Token', type: 'n8n-nodes-open-banking.openBankingToken' },
  ...{ typeVersion: 1, position: [0, 0], parameters },
  credentials: { openBankingApi: { id: '1', name: 'Bank' } },
});

/** The answer for "From List", in the context in which n8n's editor asks for it. */
async function search(
  settings: Settings,
  filter?: string,
  paginationToken?: string,
): Promise<INodeListSearchResult> {
  const node = nodeOf({ resource: 'token', operation: 'valid' });
  const workflow = new Workflow({
    ...{ id: '1', nodes: [node], connections: {}, active: false },
    nodeTypes,
  });
  const run = { parameters: node.parameters, credential: settings as IDataObject };
  const context = new LoadOptionsContext(workflow, node, additionalDataOf(run), 'consent');
  const { methods } = nodeTypes.getByNameAndVersion(node.type);
  return methods!.listSearch!.searchConsents!.call(context, filter, paginationToken);
}

describe('the field Consent of a saved workflow', () => {
  const items = [{ id: 'household' }, { id: 'office' }, { id: '' }];
  const locator = (mode: string, value: string) => ({ __rl: true, mode, value });
  const accessTokens = async (operation: string, consent: INodeParameters[string]) => {
    const parameters = { resource: 'token', operation, consent };
    const run = { credential: credential as IDataObject, items };
    const task = await runNode({ ...run, parameters, onError: 'continueRegularOutput' });
    return outputOf(task).map(({ json }) => json.access_token ?? (json.error as IDataObject).code);
  };

  beforeAll(() => store(credential, ['household', 'office']));

  it.each<[string, INodeParameters[string]]>([
    ['as a text', 'household'],
    ['chosen from the list', locator('list', 'household')],
    ['given by ID', locator('id', ' household ')],
  ])('is read %s', async (_, consent) => {
    expect(await accessTokens('valid', consent)).toEqual(items.map(() => 'at-household'));
  });

  it.each<[string, INodeParameters[string]]>([
    ['as an expression', '={{ $json.id }}'],
    ['as an expression that calls a method', '={{ $json.id.trim() }}'],
    ['by ID as an expression', locator('id', '={{ $json.id }}')],
    ['by ID as an expression that calls a method', locator('id', '={{ $json.id.trim() }}')],
  ])('is read for each item %s', async (_, consent) => {
    expect(await accessTokens('valid', consent)).toEqual([
      ...['at-household', 'at-office', 'input-missing'],
    ]);
  });

  it.each<INodeParameters[string]>(['={{ $json.none }}', locator('id', '={{ $json }}')])(
    'fails with input-missing if its expression returns no text: %j',
    async (consent) => {
      expect(await accessTokens('valid', consent)).toEqual(items.map(() => 'input-missing'));
    },
  );

  it.each(['revoke', 'introspect'])(
    'is read by %s as a text and as a locator',
    async (operation) => {
      for (const consent of ['nobody', locator('id', 'nobody')]) {
        expect(await accessTokens(operation, consent)).toEqual(items.map(() => 'consent-unknown'));
      }
    },
  );

  it.each<[INodeParameters[string], boolean]>([
    ['household', true],
    ['={{ $json.id }}', true],
    [locator('list', 'household'), true],
    ['', false],
    [locator('list', ''), false],
  ])('counts as filled in for the editor: %j (%s)', (consent, isFilledIn) => {
    const node = nodeOf({ resource: 'token', operation: 'valid', consent });
    const { description } = nodeTypes.getByNameAndVersion(node.type);
    const issues = NodeHelpers.getNodeParametersIssues(description.properties, node, description);
    expect(issues?.parameters?.consent === undefined).toBe(isFilledIn);
  });
});

describe('the list of stored consents', () => {
  it('shows the name of each consent', async () => {
    const settings = newClient();
    await store(settings, ['household']);
    await store(settings, ['office'], -1);
    const { results } = await search(settings);
    expect(results).toEqual([
      { name: 'household', value: 'household' },
      { name: 'office', value: 'office' },
    ]);
  });

  it('shows only the consents of its own client', async () => {
    await store(newClient(), ['of another client']);
    expect(await search(newClient())).toEqual({ results: [] });
  });

  it.each([
    ['HOUSE', ['household']],
    [' Office ', ['office']],
    ['nobody', []],
  ])('can be filtered by "%s"', async (filter, expected) => {
    const settings = newClient();
    await store(settings, ['household']);
    await store(settings, ['office'], -1);
    const { results } = await search(settings, filter);
    expect(results.map(({ value }) => value)).toEqual(expected);
  });

  it('returns pages of 100 consents', async () => {
    const settings = newClient();
    const consents = Array.from({ length: 150 }, (_, index) => `c-${1000 + index}`);
    await store(settings, consents);
    const first = await search(settings);
    const second = await search(settings, undefined, first.paginationToken);
    expect([first.results.length, second.results.length]).toEqual([100, 50]);
    expect(second).not.toHaveProperty('paginationToken');
    expect([...first.results, ...second.results].map(({ value }) => value)).toEqual(consents);
  });

  it('fails if the store cannot be opened', async () => {
    const settings = newClient();
    const file = join(folder, 'no-folder');
    writeFileSync(file, '');
    process.env.N8N_USER_FOLDER = file;
    try {
      await expect(search(settings)).rejects.toMatchObject({
        name: 'NodeApiError',
        message: expect.stringMatching(/^The token store .* cannot be used/),
        description: expect.stringContaining('(store: store-unavailable)'),
      });
    } finally {
      process.env.N8N_USER_FOLDER = folder;
    }
  });

  it('fails if the credential is incomplete', async () => {
    await expect(search({ ...newClient(), clientId: '' })).rejects.toMatchObject({
      name: 'NodeOperationError',
      message: '"Client ID" is empty',
    });
  });
});
