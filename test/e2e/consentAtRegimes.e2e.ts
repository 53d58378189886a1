import { readFileSync } from 'node:fs';
import {
  readExample,
  withParameters,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';
import { journey3Nodes } from '../../demo/journey3';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { publish, triggerAnswers } from '../../demo/n8n/publish';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { endAll } from '../../demo/processes';
import { Customer } from '../../sandbox/customer';
import type { RegimeName } from '../../sandbox/regimes/regime';
import { regimeCredential } from '../support/bank/regimeCredential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { endedExecutions } from './executions';
import { askedByWebhook } from './journey3Variants';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { node } from './workflows';

/** The bank of a regime, and what differs there from J3 as it is shipped. */
interface RegimeBank {
  regime: RegimeName;
  /** Options of "Create Consent", because the bank wants to know them of the customer. */
  customer?: Record<string, string>;
  /** Path of the accounts and headers for HTTP Request, if the bank has another account API than Open Banking UK's. */
  http?: { path: string; headers: Record<string, string> };
}

const REGIMES: RegimeBank[] = [
  { regime: 'fapi1' },
  { regime: 'fapi2' },
  { regime: 'uk' },
  {
    regime: 'brazil',
    customer: { cpf: '529.982.247-25' },
    http: { path: '/accounts/v2/accounts', headers: {} },
  },
  { regime: 'australia', http: { path: '/banking/accounts', headers: { 'x-v': '2' } } },
  { regime: 'saudiArabia' },
  { regime: 'saudiArabiaFapi2', customer: { nationalId: '1111111111' } },
];

/** J3 at the bank of a regime. */
interface Walk {
  bank: Sandbox;
  /** Where the customer begins. */
  address: string;
  redirectUri: string;
  receive: ImportableWorkflow;
}

let n8n: TemporaryN8n;
let server: N8nServer;
const banks: Sandbox[] = [];
const walks = new Map<RegimeName, Walk>();

beforeAll(async () => {
  n8n = await n8nWithPackage();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const ask = await readExample<ImportableWorkflow>('J3-ask-for-consent.json');
  const receive = await readExample<ImportableWorkflow>('J3-receive-consent.json');
  const credentials: ImportableCredential[] = [];
  const workflows: ImportableWorkflow[] = [];
  for (const regimeBank of REGIMES) {
    const { regime, customer = {} } = regimeBank;
    const redirectUri = `${url}/webhook/back-${regime}`;
    const bank = await startSandbox({ regime, redirectUris: [redirectUri] });
    banks.push(bank);
    const settings = await regimeCredential(bank, redirectUri);
    const fields = {
      ...settings,
      authorizeWith: 'consent',
      // The switch shows the field for Brazil's decryption key.
      ...(settings.decryptionKeys && { useCustomSettings: true }),
    };
    const data = fields as unknown as ImportableCredential['data'];
    const credential = { id: regime, name: regime, type: 'openBankingApi', data };
    const { workflow, address } = askedByWebhook(ask, url, `ask-${regime}`);
    const asking = withParameters(workflow, { [journey3Nodes.consent]: { options: customer } });
    const back = { [journey3Nodes.trigger]: { path: `back-${regime}` } };
    const receiving = readingByHttp(withParameters(receive, back), bank, regimeBank);
    const own = [asking, receiving].map((each) => withCredential(each, credential));
    credentials.push(credential);
    workflows.push(...own);
    walks.set(regime, { bank, address, redirectUri, receive: own[1]! });
  }
  await importInto(n8n, credentials, workflows);
  server = await startServer(n8n, port);
  await setUpOwner(server);
  for (const { id } of workflows) await publish(server, id);
  for (const { redirectUri } of walks.values()) await triggerAnswers(server, redirectUri);
}, 240_000);

afterAll(async () => {
  await server?.stop();
  await endAll();
  for (const bank of banks) await bank.stop();
  await n8n?.remove();
});

/** A workflow with another credential, and an ID of its own. */
function withCredential(
  workflow: ImportableWorkflow,
  { id, name, type }: ImportableCredential,
): ImportableWorkflow {
  const nodes = workflow.nodes.map((each) => ({
    ...each,
    ...(each.credentials && { credentials: { [type]: { id, name } } }),
    ...(each.webhookId && { webhookId: `${each.webhookId}-${id}` }),
  }));
  return { ...workflow, id: `${workflow.id}-${id}`, nodes };
}

/** The receiving workflow with HTTP Request in place of "Get Accounts", if the bank has another account API. */
function readingByHttp(
  workflow: ImportableWorkflow,
  { ready }: Sandbox,
  { http }: RegimeBank,
): ImportableWorkflow {
  if (!http) return workflow;
  const headers = { 'x-open-banking-consent': '={{ $json.consent }}', ...http.headers };
  const request = {
    ...node(journey3Nodes.accounts, 'n8n-nodes-base.httpRequest', 4.2, {
      url: ready.accountApiUrl + http.path,
      authentication: 'predefinedCredentialType',
      nodeCredentialType: 'openBankingApi',
      sendHeaders: true,
      headerParameters: {
        parameters: Object.entries(headers).map(([name, value]) => ({ name, value })),
      },
      options: {},
    }),
    credentials: { openBankingApi: { id: '', name: '' } },
  };
  const nodes = workflow.nodes.map((each) =>
    each.name === journey3Nodes.accounts ? request : each,
  );
  return { ...workflow, nodes };
}

/** Sends the answer of the bank to n8n as the customer's browser does: the page at the redirect URI posts a fragment. */
async function comeBack(redirect: URL, redirectUri: string): Promise<Response> {
  if (!redirect.hash) return fetch(redirect);
  const body = new URLSearchParams({ address: redirect.href });
  return fetch(redirectUri, { method: 'POST', body });
}

it.each(REGIMES)(
  'J3 leads to the accounts at the bank of $regime, with the regime as the only change',
  async ({ regime, http }) => {
    const { bank, address, redirectUri, receive } = walks.get(regime)!;
    const link = (await fetch(address, { redirect: 'manual' })).headers.get('location')!;
    const customer = new Customer(readFileSync(bank.ready.files.certificateAuthority, 'utf8'));
    const redirect = await customer.approve(link, redirectUri);
    expect(await (await comeBack(redirect, redirectUri)).text()).toContain('connected');
    const [execution] = await endedExecutions(server.url, receive.id, 1);
    expect(execution!.failure).toBeUndefined();
    expect(execution!.status).toBe('success');
    const [rows = []] = execution!.items[journey3Nodes.accounts] ?? [];
    expect(rows).toHaveLength(http ? 1 : 4);
    expect(JSON.stringify(rows)).toContain('3456');
    expect((await bank.requests()).filter(({ error }) => error)).toEqual([]);
  },
);
