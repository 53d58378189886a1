import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withParameters, type ImportableWorkflow } from '../../demo/examples';
import { importJourney2, journey2Nodes, journey2Result } from '../../demo/journey2';
import { dataFolder } from '../../demo/n8n/environment';
import { execute, type Execution } from '../../demo/n8n/execution';
import { importInto } from '../../demo/n8n/imports';
import { endAll } from '../../demo/processes';
import type { JournalEntry, SandboxAuthorization } from '../../sandbox/ready';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { storeConsent, withdraw } from './customerConsent';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';

const ACCOUNTS = '/open-banking/v3.1/aisp/accounts';
/** Transactions of all accounts of the sandbox' customer. */
const TRANSACTIONS = 223;
/** Pages of accounts in each run. */
const ACCOUNT_PAGES = 4;
const RUNS = 5;

let bank: Sandbox;
let n8n: TemporaryN8n;
let workflow: ImportableWorkflow;
let authorization: SandboxAuthorization;
const runs: Execution[] = [];
let journal: JournalEntry[];

const tokenRequests = () => journal.filter(({ path }) => path.endsWith('/token'));
const calls = () => journal.filter(({ path }) => path.startsWith(ACCOUNTS));

beforeAll(async () => {
  n8n = await n8nWithPackage();
  bank = await startSandbox({ pageSize: 1 });
  // The tokens that J1 stores are to be refreshed after half their life, by the first of the runs.
  authorization = await storeConsent(n8n, bank, 5);
  workflow = await importJourney2(n8n, bank);
  await bank.clearRequests();
  for (let run = 0; run < RUNS; run++) runs.push(await execute(n8n, workflow.id));
  journal = await bank.requests();
});

afterAll(async () => {
  await endAll();
  await bank?.stop();
  await n8n?.remove();
});

it('every run gets the accounts and all pages of their transactions', () => {
  for (const run of runs) {
    const { accounts, transactions } = journey2Result(run);
    expect(accounts).toHaveLength(4);
    expect(transactions).toBe(TRANSACTIONS);
    // One account has transactions without an ID.
    const identified = run.items[journey2Nodes.transaction]!.filter((row) => row.TransactionId);
    const ids = identified.map((row) => `${String(row.AccountId)} ${String(row.TransactionId)}`);
    expect(identified.length).toBeGreaterThan(TRANSACTIONS / 2);
    expect(new Set(ids).size).toBe(identified.length);
  }
});

it('more than a thousand pages need one token request', () => {
  expect(calls().length).toBe(RUNS * (ACCOUNT_PAGES + TRANSACTIONS));
  expect(tokenRequests().map(({ form }) => form['grant_type'])).toEqual(['refresh_token']);
  expect(journal.filter(({ status }) => status !== 200)).toEqual([]);
});

it('every request has the same bearer token, the client certificate and its own interaction ID', () => {
  expect(new Set(calls().map(({ headers }) => headers['authorization'])).size).toBe(1);
  expect(calls()[0]?.headers['authorization']).toMatch(/^Bearer ./);
  expect(calls().every(({ certificate }) => certificate)).toBe(true);
});

it('no token is in the workflow, in the output of n8n, or in the clear in its files', () => {
  const [call] = calls();
  const [refresh] = tokenRequests();
  const secrets = [
    String(call?.headers['authorization']).replace('Bearer ', ''),
    String(refresh?.form['client_assertion']),
  ];
  const folder = dataFolder(n8n);
  const stored = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(folder, 'nodes')))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
  for (const secret of secrets) {
    expect(JSON.stringify(workflow).includes(secret)).toBe(false);
    for (const { output } of runs) {
      expect(`${output.stdout}${output.stderr}`.includes(secret)).toBe(false);
    }
    expect(stored.some((content) => content.includes(secret))).toBe(false);
  }
});

it('a 403 after the customer has withdrawn the consent causes no refresh, and fails unless "Never Error" is set', async () => {
  await withdraw(bank, authorization.consent_id);
  await bank.clearRequests();

  const { failure } = await execute(n8n, workflow.id);
  expect(failure?.node).toBe(journey2Nodes.accounts);
  const asked = (await bank.requests()).map(({ method, path, status }) => [method, path, status]);
  expect(asked).toEqual([['GET', ACCOUNTS, 403]]);

  await bank.clearRequests();
  const { options } = workflow.nodes.find(({ name }) => name === journey2Nodes.accounts)!
    .parameters as { options: object };
  const lenient = { ...options, response: { response: { neverError: true } } };
  const never = withParameters(workflow, { [journey2Nodes.accounts]: { options: lenient } });
  await importInto(n8n, [], [{ ...never, id: 'neverError' }]);
  const { items } = await execute(n8n, 'neverError');
  expect(JSON.stringify(items[journey2Nodes.accounts])).toContain('403');
  const again = (await bank.requests()).map(({ method, path, status }) => [method, path, status]);
  expect(again).toEqual(asked);
});
