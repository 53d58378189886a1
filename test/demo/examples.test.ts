import {
  fillCredential,
  fillWorkflow,
  readExample,
  withManualStart,
  type CredentialValues,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';
import { journey3Nodes, redirectUriAt } from '../../demo/journey3';
import { journey4Nodes } from '../../demo/journey4';
import { journey5Nodes } from '../../demo/journey5';
import { allPages } from '../e2e/workflows';

const values: CredentialValues = {
  identityUrl: 'https://localhost:19446',
  gatewayUrl: 'https://localhost:18243',
  clientId: 'client-1',
  redirectUri: 'https://third-party.example/callback',
  scope: 'openid accounts',
  transportCertificate: 'CERTIFICATE',
  transportPrivateKey: 'PRIVATE KEY',
  certificateAuthorities: 'AUTHORITY',
};

const J1 = 'J1-exchange-and-refresh.json';
const J2 = 'J2-scheduled-account-pull.json';
const J3_ASK = 'J3-ask-for-consent.json';
const J3_RECEIVE = 'J3-receive-consent.json';
const J4 = 'J4-many-consents.json';
const J5 = 'J5-pull-in-one-node.json';
const J5_POSTGRES = 'J5-postgresql.json';
const J5_SPREADSHEET = 'J5-spreadsheet.json';
const J6 = 'J6-new-transactions.json';
const J6_ATTENTION = 'J6-consent-needs-attention.json';
const ACCOUNTS = 'open-banking/v3.1/aisp/accounts';

const template = () => readExample<ImportableCredential>('credential-sandbox.json');

const parameters = ({ nodes }: ImportableWorkflow, name: string): Record<string, unknown> =>
  nodes.find((candidate) => candidate.name === name)?.parameters ?? {};

describe('the credential template', () => {
  it('contains only placeholders, and no placeholders after it was filled in', async () => {
    const unfilled = await template();
    const filled = fillCredential(unfilled, values);
    expect(JSON.stringify(unfilled)).not.toMatch(/BEGIN|eyJ/);
    expect(JSON.stringify(filled)).not.toContain('<');
    expect(filled.data).toMatchObject({
      bank: 'wso2',
      host: 'localhost:19446',
      gatewayHost: 'localhost:18243',
      clientId: 'client-1',
      transportPrivateKey: 'PRIVATE KEY',
      authorizeWith: 'consent',
    });
  });

  it('has an ID that n8n’s public API accepts', async () => {
    expect((await template()).id).toMatch(/^[\w-]{1,16}$/);
  });
});

/** The lowest versions of n8n's nodes with which the workflows run. */
const LOWEST: Record<string, number> = {
  'n8n-nodes-base.convertToFile': 1.1,
  'n8n-nodes-base.emailSend': 2.1,
  'n8n-nodes-base.httpRequest': 4.2,
  'n8n-nodes-base.manualTrigger': 1,
  'n8n-nodes-base.noOp': 1,
  'n8n-nodes-base.postgres': 2.5,
  'n8n-nodes-base.scheduleTrigger': 1.2,
  'n8n-nodes-base.set': 3.4,
  'n8n-nodes-base.splitOut': 1,
  'n8n-nodes-base.stickyNote': 1,
  'n8n-nodes-open-banking.openBanking': 1,
  'n8n-nodes-open-banking.openBankingRedirectTrigger': 1,
  'n8n-nodes-open-banking.openBankingToken': 1,
  'n8n-nodes-open-banking.openBankingTrigger': 1,
};

/** Their Open Banking nodes alone ask the bank, at the address in the credential. */
const WITHOUT_REQUESTS = [
  ...[J3_ASK, J3_RECEIVE, J4, J5, J5_POSTGRES, J5_SPREADSHEET],
  ...[J6, J6_ATTENTION],
];

describe.each([J1, J2, ...WITHOUT_REQUESTS])('%s', (name) => {
  const workflow = () => readExample<ImportableWorkflow>(name);

  it('has an ID that n8n accepts, and is not published', async () => {
    const { id, active } = await readExample<{ id: string; active: boolean }>(name);
    expect(id).toMatch(/^[A-Za-z0-9]{1,21}$/);
    expect(active).toBe(false);
  });

  it('has the lowest node versions that are sufficient, so that older versions of n8n can run it', async () => {
    for (const { type, typeVersion } of (await workflow()).nodes) {
      expect([type, typeVersion]).toEqual([type, LOWEST[type]]);
    }
  });

  it('contains no secret', async () => {
    expect(JSON.stringify(await workflow())).not.toMatch(/BEGIN|eyJ|Bearer /);
  });

  it('connects only existing nodes, and all of them except the note', async () => {
    const { nodes, connections } = await workflow();
    const names = nodes.map((node) => node.name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
    const targets = Object.values(connections).flatMap(({ main }) =>
      main.flat().map(({ node }) => node),
    );
    const [trigger] = names;
    expect([...new Set([trigger, ...targets, 'Read Me First'])].sort()).toEqual(names.sort());
    expect(Object.keys(connections).every((source) => names.includes(source))).toBe(true);
  });

  it('has the address of the bank in every request after it was filled in', async () => {
    const before = await workflow();
    const filled = fillWorkflow(before, { gatewayUrl: values.gatewayUrl });
    const urls = filled.nodes.flatMap(({ parameters: { url } }) =>
      typeof url === 'string' ? [url] : [],
    );
    expect(urls.length > 0).toBe(!WITHOUT_REQUESTS.includes(name));
    for (const url of urls) {
      expect(url).toMatch(/^=?https:\/\/localhost:18243\/open-banking\/v3\.1\/aisp\/account/);
    }
    expect(before).toEqual(await workflow());
  });
});

it.each([
  [J1, 4],
  [J2, 2],
  [J3_ASK, 2],
  [J3_RECEIVE, 3],
  [J4, 2],
  [J5, 3],
  [J5_POSTGRES, 1],
  [J5_SPREADSHEET, 1],
  [J6, 2],
  [J6_ATTENTION, 1],
])('%s uses the credential of the template in every node that needs one', async (name, count) => {
  const { id, name: called, type } = await template();
  const { nodes } = await readExample<ImportableWorkflow>(name);
  const used = nodes.flatMap(({ credentials }) => (credentials ? [credentials] : []));
  expect(used).toHaveLength(count);
  for (const credentials of used) expect(credentials).toEqual({ [type]: { id, name: called } });
});

describe('the workflow J1', () => {
  it('is filled in with the code and the address of the bank, and is otherwise unchanged', async () => {
    const workflow = await readExample<ImportableWorkflow>(J1);
    const filled = fillWorkflow(workflow, { gatewayUrl: values.gatewayUrl, code: 'code-1' });
    expect(parameters(filled, 'Exchange Authorization Code')['code']).toBe('code-1');
    for (const name of ['Get Accounts', 'Get Accounts Again']) {
      expect(parameters(filled, name)['url']).toBe(`https://localhost:18243/${ACCOUNTS}`);
    }
    expect(parameters(filled, 'Refresh Token')).toEqual(parameters(workflow, 'Refresh Token'));
  });

  it('stores the tokens of the exchange and of the refresh under the consent that J2 uses', async () => {
    const workflow = await readExample<ImportableWorkflow>(J1);
    for (const name of ['Exchange Authorization Code', 'Refresh Token']) {
      expect(parameters(workflow, name)['options']).toEqual({ keepForConsent: 'household' });
    }
  });
});

describe('the workflow J2', () => {
  it('sends the consent in both requests, and no other header', async () => {
    const workflow = await readExample<ImportableWorkflow>(J2);
    for (const name of ['Get Accounts', 'Get Transactions']) {
      expect(parameters(workflow, name)['headerParameters']).toEqual({
        parameters: [{ name: 'x-open-banking-consent', value: 'household' }],
      });
    }
  });

  it('follows the links of the bank to the last page', async () => {
    const workflow = await readExample<ImportableWorkflow>(J2);
    for (const name of ['Get Accounts', 'Get Transactions']) {
      expect(parameters(workflow, name)['options']).toEqual(allPages);
    }
  });

  it('can be started by hand and by its schedule', async () => {
    const workflow = await readExample<ImportableWorkflow>(J2);
    const startable = withManualStart(workflow);
    const [schedule] = workflow.nodes;
    const manual = startable.nodes.at(-1);
    expect(schedule?.type).toBe('n8n-nodes-base.scheduleTrigger');
    expect(manual?.type).toBe('n8n-nodes-base.manualTrigger');
    expect(startable.connections[manual!.name]).toEqual(workflow.connections[schedule!.name]);
    expect(workflow).toEqual(await readExample<ImportableWorkflow>(J2));
  });
});

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

describe('the workflows J3', () => {
  const nodes = async (name: string) => (await readExample<ImportableWorkflow>(name)).nodes;

  it('create a consent, and a link for it, without JSON by hand', async () => {
    const workflow = await readExample<ImportableWorkflow>(J3_ASK);
    const { consent, url } = journey3Nodes;
    expect(workflow.connections[consent]?.main).toEqual([[{ node: url, type: 'main', index: 0 }]]);
    expect(parameters(workflow, consent)).toEqual({
      ...{ resource: 'consent', operation: 'create', permissions: ['balancesAndTransactions'] },
      expires: '={{ $now.plus({ days: 90 }) }}',
      options: {},
    });
    expect(parameters(workflow, url)).toEqual({
      ...{ resource: 'authorization', operation: 'createUrl', options: {} },
      consentId: '={{ $json.consent_id }}',
    });
  });

  it('store the tokens under the name that the trigger puts out, and put no token out', async () => {
    const workflow = await readExample<ImportableWorkflow>(J3_RECEIVE);
    expect(parameters(workflow, journey3Nodes.exchange)).toEqual({
      resource: 'token',
      operation: 'exchange',
      code: '={{ $json.redirect }}',
      options: { keepForConsent: '={{ $json.consent }}', output: 'consent' },
    });
    expect(parameters(workflow, journey3Nodes.accounts)).toEqual({
      resource: 'account',
      operation: 'getAll',
      consent: byId('={{ $json.consent }}'),
      options: {},
    });
    expect(workflow.connections[journey3Nodes.trigger]?.main.map(([to]) => to?.node)).toEqual([
      journey3Nodes.exchange,
      journey3Nodes.notAuthorized,
    ]);
  });

  it('listen at the redirect URI of the demonstration', async () => {
    const [trigger] = await nodes(J3_RECEIVE);
    // n8n does not register a trigger without a `webhookId`.
    expect(trigger?.webhookId).toMatch(/^[\da-f-]{36}$/);
    const path = String(trigger?.parameters['path']);
    expect(redirectUriAt(5678)).toBe(`http://localhost:5678/webhook/${path}`);
  });
});

/** An expression for the day 30 days ago. */
const LAST_30_DAYS = '={{ $today.minus({ days: 30 }).toISODate() }}';

describe('the workflow J4', () => {
  it('lists the stored consents, and reads the transactions of each consent', async () => {
    const workflow = await readExample<ImportableWorkflow>(J4);
    expect(parameters(workflow, journey4Nodes.list)).toEqual({
      resource: 'token',
      operation: 'list',
      options: {},
    });
    expect(parameters(workflow, journey4Nodes.transactions)).toEqual({
      resource: 'transaction',
      operation: 'getAll',
      consent: byId('={{ $json.consent }}'),
      from: LAST_30_DAYS,
      options: {},
    });
  });

  it('continues with the other consents if one fails', async () => {
    const { nodes, connections } = await readExample<ImportableWorkflow>(J4);
    const transactions = nodes.find(({ name }) => name === journey4Nodes.transactions);
    expect(transactions).toMatchObject({ onError: 'continueErrorOutput' });
    const [, failed] = connections[journey4Nodes.transactions]!.main;
    expect(failed).toEqual([{ node: journey4Nodes.failed, type: 'main', index: 0 }]);
  });
});

describe('the workflow J5', () => {
  it('reads accounts, balances and transactions of the consent that J1 stores, each with one node', async () => {
    const workflow = await readExample<ImportableWorkflow>(J5);
    const { schedule, accounts, balances, transactions } = journey5Nodes;
    const consent = byId('household');
    expect(parameters(workflow, accounts)).toMatchObject({
      ...{ resource: 'account', operation: 'getAll', consent },
    });
    expect(parameters(workflow, balances)).toMatchObject({
      ...{ resource: 'account', operation: 'getBalances', consent },
    });
    expect(parameters(workflow, transactions)).toMatchObject({
      ...{ resource: 'transaction', operation: 'getAll', consent, from: LAST_30_DAYS },
    });
    expect(workflow.connections[schedule]?.main).toEqual([
      [accounts, balances, transactions].map((node) => ({ node, type: 'main', index: 0 })),
    ]);
  });
});
