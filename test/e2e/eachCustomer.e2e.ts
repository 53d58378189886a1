import {
  fillWorkflow,
  readExample,
  exampleCredential,
  withManualStart,
  withParameters,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';
import { importJourney2, journey2Nodes, journey2Result } from '../../demo/journey2';
import { journey4, journey4Nodes } from '../../demo/journey4';
import { execute } from '../../demo/n8n/execution';
import { importInto } from '../../demo/n8n/imports';
import { endAll } from '../../demo/processes';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { withdraw } from './customerConsent';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { exchangeEach, node, row } from './workflows';

const ACCOUNTS = '/open-banking/v3.1/aisp/accounts';

/** Transactions of the bank's accounts. */
const TRANSACTIONS: Record<string, number> = {
  '30080012343456': 120,
  '30080098763459': 24,
  '30080056781234': 61,
  '30080044445555': 18,
};
const [A, B, C, D] = Object.keys(TRANSACTIONS) as [string, string, string, string];

/** The accounts that each customer shares. */
const SHARED: Record<string, string[]> = {
  'customer-1': [B, C],
  'customer-2': [A, C, D],
  'customer-3': [D],
  household: [A, B],
};
const customers = Object.keys(SHARED);

let bank: Sandbox;
let n8n: TemporaryN8n;
/** The customer whose consent a header `Authorization` belongs to. */
const owner = new Map<string, string>();
/** The bank's consent IDs of the customers. */
const consentIds: Record<string, string> = {};

beforeAll(async () => {
  n8n = await n8nWithPackage();
  bank = await startSandbox({ pageSize: 1 });
  const credential = await exampleCredential(bank);
  const authorizations: object[] = [];
  for (const consent of customers) {
    const { code, consent_id: id } = await bank.authorize(undefined, SHARED[consent]);
    authorizations.push({ consent, code });
    consentIds[consent] = id;
  }
  const keeping = keepingEach(credential, authorizations);
  await importInto(n8n, [credential], [keeping]);
  const { items, failure } = await execute(n8n, keeping.id);
  expect(failure).toBeUndefined();
  items['Exchange']!.forEach(({ authorization }, index) =>
    owner.set(String(authorization), customers[index]!),
  );
});

afterAll(async () => {
  await endAll();
  await bank?.stop();
  await n8n?.remove();
});

/** The paths that were requested with the token of each customer. */
async function asked(): Promise<Record<string, string[]>> {
  const journal = (await bank.requests()).filter(({ path }) => path.startsWith(ACCOUNTS));
  expect(journal.filter(({ status }) => status !== 200)).toEqual([]);
  expect(journal.filter(({ headers }) => 'x-open-banking-consent' in headers)).toEqual([]);
  const paths: Record<string, string[]> = {};
  for (const { headers, path } of journal) {
    (paths[owner.get(String(headers['authorization'])) ?? 'nobody'] ??= []).push(path);
  }
  return paths;
}

async function run(workflow: ImportableWorkflow) {
  await importInto(n8n, [], [workflow]);
  await bank.clearRequests();
  return execute(n8n, workflow.id);
}

/** The pages of a list with one entry on each page. */
const pages = (path: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => (index ? `${path}?page=${index + 1}` : path));

const accountPages = (accounts: string[]): string[] => pages(ACCOUNTS, accounts.length);

const accountAndTransactionPages = (accounts: string[]): string[] => [
  ...accountPages(accounts),
  ...accounts.flatMap((id) => pages(`${ACCOUNTS}/${id}/transactions`, TRANSACTIONS[id]!)),
];

/** The expected or actual values of each customer, in any order. */
const sorted = (lists: Record<string, string[]>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...list].sort()]));

const ofEach = (of: (accounts: string[]) => string[], names = customers) =>
  sorted(Object.fromEntries(names.map((name) => [name, of(SHARED[name]!)])));

/** The transactions of each account, by customer: from the rows for a database. */
function countsOf(rows: Record<string, unknown>[] = []): Record<string, string[]> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { consent, account_id: id } of rows) {
    const own = (counts[String(consent)] ??= {});
    own[String(id)] = (own[String(id)] ?? 0) + 1;
  }
  return sorted(
    Object.fromEntries(
      Object.entries(counts).map(([consent, own]) => [
        consent,
        Object.entries(own).map(([id, count]) => `${id}: ${count}`),
      ]),
    ),
  );
}

const transactionCounts = (accounts: string[]): string[] =>
  accounts.map((id) => `${id}: ${TRANSACTIONS[id]}`);

/** J4 for all days and statuses. */
async function wholeJourney4(): Promise<ImportableWorkflow> {
  const all = { from: '', status: 'all' };
  return withParameters(await journey4(bank), { [journey4Nodes.transactions]: all });
}

describe('J4', () => {
  it('requests every page of every customer with the customer’s own token', async () => {
    const { items, failure } = await run(await wholeJourney4());
    expect(failure).toBeUndefined();
    expect(sorted(await asked())).toEqual(ofEach(accountAndTransactionPages));
    expect(countsOf(items[journey4Nodes.transactions])).toEqual(ofEach(transactionCounts));
    expect(items[journey4Nodes.failed]).toBeUndefined();
  });

  it('continues with the other consents if one is unknown or empty, and names the one that failed', async () => {
    const known = ['household', 'customer-2', 'customer-3'];
    const given = [known[0], 'nobody', known[1], '', known[2]];
    const { items, failure } = await run(ofGiven(await wholeJourney4(), given));
    expect(failure).toBeUndefined();
    expect(sorted(await asked())).toEqual(ofEach(accountAndTransactionPages, known));
    const failed = items[journey4Nodes.failed]!;
    const rows = items[journey4Nodes.transactions]!.filter((row) => !('error' in row));
    expect(countsOf(rows)).toEqual(ofEach(transactionCounts, known));
    expect(failed.map(({ consent }) => consent)).toEqual(['nobody', '']);
    expect(failed.map(({ error }) => error)).toMatchObject([
      { message: expect.stringContaining('"nobody"') as string, code: 'consent-unknown' },
      { code: 'input-missing' },
    ]);
  });
});

describe('J2', () => {
  it('requests every page with the token of its consent if other consents are stored, too', async () => {
    const workflow = await importJourney2(n8n, bank);
    const { accounts, transactions } = journey2Result(await run(workflow));
    expect(accounts.map(({ AccountId }) => AccountId)).toEqual([A, B]);
    expect(transactions).toBe(TRANSACTIONS[A]! + TRANSACTIONS[B]!);
    expect(sorted(await asked())).toEqual(ofEach(accountAndTransactionPages, ['household']));
  });

  it('requests every page of every customer with the customer’s own token if its header names each consent', async () => {
    const { items, failure } = await run(await journey2ForAll());
    expect(failure).toBeUndefined();
    expect(sorted(await asked())).toEqual(ofEach(accountAndTransactionPages));
    const transactions = customers.flatMap((name) => SHARED[name]!.map((id) => TRANSACTIONS[id]!));
    expect(items[journey2Nodes.transaction]).toHaveLength(
      transactions.reduce((sum, count) => sum + count),
    );
  });
});

describe('J4 with a consent that the API refuses, and one that gets no answer', () => {
  it('continues with the others, and names both in Consents to Look After, without a token', async () => {
    const [refused, hanging, ...others] = customers as [string, string, ...string[]];
    await withdraw(bank, consentIds[refused]!);
    await bank.hang(consentIds[hanging]!);
    // The usual time limit is too long for a test.
    const credential = await exampleCredential(bank);
    const impatient = { ...credential.data, useCustomSettings: true, requestTimeout: 3 };
    await importInto(n8n, [{ ...credential, data: impatient }], []);
    const { items, failure, output } = await run(await wholeJourney4());
    expect(failure).toBeUndefined();
    const failed = items[journey4Nodes.failed]!;
    const rows = items[journey4Nodes.transactions]!.filter((row) => !('error' in row));
    expect(countsOf(rows)).toEqual(ofEach(transactionCounts, others));
    // A refused consent has an item for each account that is known of it.
    expect(new Set(failed.map(({ consent }) => consent))).toEqual(new Set([refused, hanging]));
    expect(failed.every(({ error }) => Boolean(error))).toBe(true);
    for (const authorization of owner.keys()) {
      expect(output.stdout).not.toContain(authorization.replace('Bearer ', ''));
    }
  });
});

/** Exchanges the codes of customers, and stores the tokens under their names. */
function keepingEach(
  credential: ImportableCredential,
  authorizations: object[],
): ImportableWorkflow {
  return row('keeping', [
    node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
    ...given('authorizations', authorizations),
    exchangeEach(credential),
  ]);
}

/** Two nodes that output an item for each value; the second one has the given name. */
function given(field: string, values: unknown[], name = 'Each') {
  return [
    node('Values', 'n8n-nodes-base.set', 3.4, {
      mode: 'raw',
      jsonOutput: JSON.stringify({ [field]: values }),
      options: {},
    }),
    node(name, 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: field, options: {} }),
  ];
}

/** J4 for the given consents instead of the stored ones. */
function ofGiven(workflow: ImportableWorkflow, consents: unknown[]): ImportableWorkflow {
  const instead = given('consent', consents, journey4Nodes.list);
  const [first] = instead;
  const others = workflow.nodes.filter(({ name }) => name !== journey4Nodes.list);
  return {
    ...workflow,
    nodes: [...others, ...instead],
    connections: {
      ...redirected(workflow, journey4Nodes.list, first!.name),
      [first!.name]: to(journey4Nodes.list),
    },
  };
}

const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });

/** The connections of a workflow; those to one node lead to another one instead. */
function redirected({ connections }: ImportableWorkflow, from: string, target: string) {
  return Object.fromEntries(
    Object.entries(connections).map(([name, targets]) => [
      name,
      targets.main.flat().some((connection) => connection.node === from) ? to(target) : targets,
    ]),
  );
}

/** J2 after a list of the stored consents; its requests name each of them. */
async function journey2ForAll(): Promise<ImportableWorkflow> {
  const template = await readExample<ImportableWorkflow>('J2-scheduled-account-pull.json');
  const { nodes } = await journey4(bank);
  const list = nodes.find(({ name }) => name === journey4Nodes.list)!;
  const consent = `={{ $('${list.name}').item.json.consent }}`;
  const headerParameters = { parameters: [{ name: 'X-Open-Banking-Consent', value: consent }] };
  const workflow = withManualStart(
    withParameters(fillWorkflow(template, { gatewayUrl: bank.ready.gatewayUrl }), {
      [journey2Nodes.accounts]: { headerParameters },
      [journey2Nodes.transactions]: { headerParameters },
    }),
  );
  return {
    ...workflow,
    id: 'journey2ForAll',
    nodes: [...workflow.nodes, list],
    connections: {
      ...redirected(workflow, journey2Nodes.accounts, list.name),
      [list.name]: to(journey2Nodes.accounts),
    },
  };
}
