import { Workflow, type INode, type INodeParameters } from 'n8n-workflow';
import { loadPackage, nodeTypesOf } from '../support/n8n/nodeExecution';

let nodeTypes: ReturnType<typeof nodeTypesOf>;
beforeAll(async () => {
  nodeTypes = nodeTypesOf(await loadPackage());
});

/** The line under the name of the node, computed as in n8n's editor. */
async function subtitleOf(
  parameters: INodeParameters,
  type = 'openBankingToken',
): Promise<unknown> {
  const node: INode = {
    ...{ id: '1', name: 'Node', type: `n8n-nodes-open-banking.${type}` },
    ...{ typeVersion: 1, position: [0, 0], parameters },
  };
  const workflow = new Workflow({
    ...{ id: '1', nodes: [node], connections: {}, active: false },
    nodeTypes,
  });
  const { description } = nodeTypes.getByNameAndVersion(node.type);
  await workflow.expression.acquireIsolate();
  try {
    const { subtitle } = description;
    return workflow.expression.getSimpleParameterValue(
      workflow.nodes.Node!,
      subtitle,
      'internal',
      {},
    );
  } finally {
    await workflow.expression.releaseIsolate();
  }
}

const locator = (value: string) => ({ __rl: true, mode: 'list', value });
const token = (operation: string, parameters: INodeParameters = {}) => ({
  ...{ resource: 'token', operation, ...parameters },
});

it.each<[INodeParameters, string]>([
  [{}, 'exchange: tokens not stored'],
  [token('exchange', { options: { keepForConsent: 'household' } }), 'exchange: household'],
  [token('refresh', { options: { keepForConsent: '={{ $json.x }}' } }), 'refresh: from expression'],
  [token('application'), 'scope: as in the credential'],
  [token('application', { options: { scope: 'accounts' } }), 'scope: accounts'],
  [token('application', { options: { scope: '={{ $json.scope }}' } }), 'scope: from expression'],
  [token('valid'), 'consent: no consent chosen'],
  [token('valid', { consent: 'household' }), 'consent: household'],
  [token('valid', { consent: '=household' }), 'consent: household'],
  [token('valid', { consent: locator('household') }), 'consent: household'],
  [token('valid', { consent: '={{ $json.consent }}' }), 'consent: from expression'],
  [token('valid', { consent: locator('={{ $("Nowhere").item }}') }), 'consent: from expression'],
  [token('revoke', { tokenFrom: 'field' }), 'revoke: given token'],
  [token('revoke', { consent: '={{ $json.consent }}' }), 'revoke: from expression'],
  [token('introspect', { consent: locator('household') }), 'introspect: household'],
  [token('list'), 'all of this client'],
  [{ resource: 'payload', operation: 'sign' }, 'sign: JWT'],
  [{ resource: 'payload', operation: 'sign', form: 'detached' }, 'sign: detached JWS'],
  [{ resource: 'payload', operation: 'verify' }, 'verify: JWT or JWS'],
  [{ resource: 'authorization', operation: 'createUrl' }, 'consent ID: from expression'],
  [{ resource: 'authorization', operation: 'createUrl', consentId: '' }, 'consent ID: none'],
  [token('__CUSTOM_API_CALL__'), ''],
])('the subtitle of %j is "%s"', async (parameters, expected) => {
  expect(await subtitleOf(parameters)).toBe(expected);
});

const data = (resource: string, operation: string, parameters: INodeParameters = {}) => ({
  ...{ resource, operation, ...parameters },
});

it.each<[INodeParameters, string]>([
  [{}, 'transactions: no consent chosen'],
  [data('account', 'getAll', { consent: 'household' }), 'accounts: household'],
  [data('account', 'get', { consent: locator('household') }), 'account: household'],
  [data('account', 'getBalances', { consent: '={{ $json.c }}' }), 'balances: from expression'],
  [data('transaction', 'getAll', { consent: '=household' }), 'transactions: household'],
  [data('transaction', 'getAll', { authorizeWith: 'accessToken' }), 'transactions: given token'],
  [data('transaction', '__CUSTOM_API_CALL__'), ''],
  [data('consent', 'create'), 'create consent'],
  [data('consent', 'getAll'), 'stored consents'],
  [data('consent', 'get', { consent: locator('household') }), 'consent: household'],
  [data('consent', 'delete', { consent: 'household' }), 'delete consent: household'],
  [
    data('consent', 'get', { consentBy: 'id', consentId: '={{ $json.id }}' }),
    'consent: from expression',
  ],
  [data('consent', '__CUSTOM_API_CALL__'), ''],
])('the subtitle of Open Banking with %j is "%s"', async (parameters, expected) => {
  expect(await subtitleOf(parameters, 'openBanking')).toBe(expected);
});
