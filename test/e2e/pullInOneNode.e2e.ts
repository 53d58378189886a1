import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExample, withParameters, type ImportableWorkflow } from '../../demo/examples';
import { importJourney2, journey2Nodes } from '../../demo/journey2';
import { importJourney5, journey5Nodes, journey5Result } from '../../demo/journey5';
import { execute, type Execution } from '../../demo/n8n/execution';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { startServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { endAll } from '../../demo/processes';
import type { JournalEntry, SandboxAuthorization } from '../../sandbox/ready';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { startChromium } from './chromium';
import { Editor } from './editor';
import { storeConsent, withdraw } from './customerConsent';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { pictures } from './pictures';

const API = '/open-banking/v3.1/aisp';
const ACCOUNTS = `${API}/accounts`;

/** Transactions of the sandbox' customer, by account, in the order of the bank. */
const TRANSACTIONS: Record<string, number> = {
  '30080012343456': 120,
  '30080098763459': 24,
  '30080056781234': 61,
  '30080044445555': 18,
};
const accountIds = Object.keys(TRANSACTIONS);
const PAGE_SIZE = 10;

/** Default of the option Items at Once. */
const ITEMS_AT_ONCE = 5;

let bank: Sandbox;
let n8n: TemporaryN8n;
let authorization: SandboxAuthorization;
let workflow: ImportableWorkflow;
/** J5 as it is in `examples/`, and twice for all days and statuses. */
let example: Execution;
const runs: Execution[] = [];
/** The result of HTTP Request in J2. */
let stock: Execution;
/** The requests of the first run for all days, and those of the example. */
let journal: JournalEntry[];
let ofExample: JournalEntry[];

const data = () => journal.filter(({ path }) => path.startsWith(API));
const transactions = (run = runs[0]!) => journey5Result(run).transactions;

beforeAll(async () => {
  n8n = await n8nWithPackage();
  bank = await startSandbox({ pageSize: PAGE_SIZE });
  // The stored access token is to be refreshed by the first of the runs, so it has expired by then.
  authorization = await storeConsent(n8n, bank, 11);
  workflow = await importJourney5(n8n, bank);
  const all = { from: '', status: 'all' };
  const whole = withParameters(workflow, { [journey5Nodes.transactions]: all });
  await importInto(n8n, [], [{ ...whole, id: 'journey5Whole' }]);
  await bank.clearRequests();
  runs.push(await execute(n8n, 'journey5Whole'));
  journal = await bank.requests();
  runs.push(await execute(n8n, 'journey5Whole'));
  await bank.clearRequests();
  example = await execute(n8n, workflow.id);
  ofExample = await bank.requests();
  stock = await execute(n8n, (await importJourney2(n8n, bank)).id);
});

afterAll(async () => {
  await endAll();
  await bank?.stop();
  await n8n?.remove();
});

it('each node returns rows for a database: all accounts, their balances, and all pages of their transactions', () => {
  const { accounts, balances, transactions } = journey5Result(runs[0]!);
  expect(accounts.map(({ account_id: id }) => id)).toEqual(accountIds);
  expect(accounts[0]).toMatchObject({ consent: 'household', name: 'Household', currency: 'GBP' });
  expect([...new Set(balances.map(({ account_id: id }) => id))]).toEqual(accountIds);
  const counts = accountIds.map((id) => transactions.filter((row) => row['account_id'] === id));
  expect(counts.map(({ length }) => length)).toEqual(Object.values(TRANSACTIONS));
  for (const row of transactions) {
    expect(row).toMatchObject({
      transaction_id: expect.stringMatching(/./) as string,
      amount: expect.stringMatching(/^-?\d+\.\d{2}$/) as string,
      consent: 'household',
    });
  }
});

it('the transactions are those that HTTP Request gets, in the same order, with a sign at the amount', () => {
  interface RawTransaction {
    AccountId: string;
    Amount: { Amount: string };
    CreditDebitIndicator: string;
  }
  const raw = stock.items[journey2Nodes.transaction] as unknown as RawTransaction[];
  expect(transactions().map(({ account_id: id, amount }) => [id, amount])).toEqual(
    raw.map(({ AccountId, Amount, CreditDebitIndicator }) => [
      AccountId,
      `${CreditDebitIndicator === 'Debit' ? '-' : ''}${Amount.Amount}`,
    ]),
  );
});

it('a transaction has the same ID in each run, and no other one of its account has it', () => {
  const ids = (run: Execution) =>
    transactions(run).map((row) => `${String(row['account_id'])} ${String(row['transaction_id'])}`);
  expect(ids(runs[1]!)).toEqual(ids(runs[0]!));
  expect(new Set(ids(runs[0]!)).size).toBe(ids(runs[0]!).length);
});

it('the three nodes need one token request, and ask for each page once', () => {
  const refused = journal.filter(({ status }) => status !== 200);
  expect(refused.map(({ at, path, status }) => [at, path, status])).toEqual([]);
  const tokens = journal.filter(({ path }) => path.endsWith('/token'));
  expect(tokens.map(({ form }) => form['grant_type'])).toEqual(['refresh_token']);
  const pages = accountIds.flatMap((id) => {
    const path = `${ACCOUNTS}/${id}/transactions`;
    const count = Math.ceil(TRANSACTIONS[id]! / PAGE_SIZE);
    return Array.from({ length: count }, (_, index) =>
      index ? `${path}?page=${index + 1}` : path,
    );
  });
  const balances = accountIds.map((id) => `${ACCOUNTS}/${id}/balances`);
  // Each node asks which accounts there are.
  const expected = [ACCOUNTS, ACCOUNTS, ACCOUNTS, ...balances, ...pages];
  expect(
    data()
      .map(({ path }) => path)
      .sort(),
  ).toEqual(expected.sort());
});

it('all requests share a few connections', () => {
  const connections = new Set(data().map(({ tls }) => tls.connection));
  expect(connections.size).toBeLessThanOrEqual(ITEMS_AT_ONCE);
});

it('every request has the same bearer token, the client certificate and its own interaction ID, and no header of a person', () => {
  expect(new Set(data().map(({ headers }) => headers['authorization'])).size).toBe(1);
  expect(data().every(({ certificate }) => certificate)).toBe(true);
  const ids = data().map(({ headers }) => headers['x-fapi-interaction-id']);
  expect(new Set(ids).size).toBe(data().length);
  const names = data().flatMap(({ headers }) => Object.keys(headers));
  expect(names).not.toContain('x-fapi-customer-ip-address');
  expect(names).not.toContain('x-open-banking-consent');
});

it('the example asks for the booked transactions of the last 30 days, without a time zone', () => {
  const rows = transactions(example);
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['booked']));
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.length).toBeLessThan(transactions().length);
  const [first] = ofExample.filter(({ path }) => path.includes('/transactions'));
  const { searchParams } = new URL(first!.path, bank.ready.gatewayUrl);
  const from = searchParams.get('fromBookingDateTime')!;
  expect(from).toMatch(/^\d{4}-\d{2}-\d{2}T00:00:00$/);
  const days = rows.flatMap(({ booked_at: at }) =>
    typeof at === 'string' ? [at.slice(0, 10)] : [],
  );
  expect(days.filter((day) => day < from.slice(0, 10))).toEqual([]);
});

it('no token is in the workflow or in the output of n8n', () => {
  const token = String(data()[0]?.headers['authorization']).replace('Bearer ', '');
  expect(token.length).toBeGreaterThan(10);
  expect(JSON.stringify(workflow)).not.toContain(token);
  for (const { output } of [...runs, example]) {
    expect(`${output.stdout}${output.stderr}`.includes(token)).toBe(false);
  }
});

if (pictures) {
  it('the picture shows the example after a run', async () => {
    const example = await readExample<ImportableWorkflow>('J5-pull-in-one-node.json');
    await importInto(n8n, [], [example]);
    const server = await startServer(n8n, await freePort());
    await setUpOwner(server);
    const authority = readFileSync(bank.ready.files.certificateAuthority, 'utf8');
    const browser = await startChromium(bank.ready.identityUrl, authority);
    try {
      const editor = await Editor.open(browser, server, `/workflow/${example.id}`);
      await editor.execute();
      await editor.picture(join(pictures!, 'j5-workflow.png'));
    } finally {
      await browser.close();
      await server.stop();
      await importInto(n8n, [], [workflow]);
    }
  });
}

it('after the customer has withdrawn the consent, the first node fails, and says what to do and the interaction ID', async () => {
  await withdraw(bank, authorization.consent_id);
  await bank.clearRequests();

  const { failure } = await execute(n8n, workflow.id);
  expect(failure?.node).toBe(journey5Nodes.accounts);
  const [asked, ...others] = await bank.requests();
  expect(others).toEqual([]);
  expect(asked).toMatchObject({ path: ACCOUNTS, status: 403 });
  expect(failure?.description).toContain(String(asked!.headers['x-fapi-interaction-id']));
});
