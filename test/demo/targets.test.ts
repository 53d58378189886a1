import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  readExample,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';

const POSTGRES = 'J5-postgresql.json';
const SPREADSHEET = 'J5-spreadsheet.json';

/** The lowest versions of n8n's nodes with which the workflows run. */
const LOWEST: Record<string, number> = {
  'n8n-nodes-base.convertToFile': 1.1,
  'n8n-nodes-base.postgres': 2.5,
  'n8n-nodes-base.scheduleTrigger': 1.2,
  'n8n-nodes-base.set': 3.4,
  'n8n-nodes-base.stickyNote': 1,
  'n8n-nodes-open-banking.openBanking': 1,
};

const parameters = ({ nodes }: ImportableWorkflow, name: string): Record<string, unknown> =>
  nodes.find((candidate) => candidate.name === name)!.parameters;

describe.each([POSTGRES, SPREADSHEET])('%s', (name) => {
  const workflow = () => readExample<ImportableWorkflow & { active: boolean }>(name);

  it('has an ID that n8n accepts, and is not published', async () => {
    const { id, active } = await workflow();
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

  it('connects each node to the next one, and all of them except the note', async () => {
    const { nodes, connections } = await workflow();
    const names = nodes.map((node) => node.name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
    const row = names.slice(0, -1);
    expect(names.at(-1)).toBe('Read Me First');
    expect(Object.keys(connections)).toEqual(row.slice(0, -1));
    const targets = Object.values(connections).map(({ main }) => main);
    expect(targets).toEqual(
      row.slice(1).map((target) => [[{ node: target, type: 'main', index: 0 }]]),
    );
  });

  it('reads the transactions of the consent that J1 stores, with the credential of the template', async () => {
    const {
      id,
      name: called,
      type,
    } = await readExample<ImportableCredential>('credential-sandbox.json');
    const read = (await workflow()).nodes.find(({ name: node }) => node === 'Get Transactions')!;
    expect(read).toMatchObject({
      type: 'n8n-nodes-open-banking.openBanking',
      credentials: { [type]: { id, name: called } },
      parameters: {
        resource: 'transaction',
        operation: 'getAll',
        consent: { __rl: true, mode: 'id', value: 'household' },
      },
    });
    // Booked ones alone, which is the default: a pending one may get another ID when it is booked.
    expect(read.parameters).not.toHaveProperty('status');
    expect(read.parameters).not.toHaveProperty('simplify');
  });
});

describe('the workflow into PostgreSQL', () => {
  it('creates a table whose primary key is what the upsert matches on', async () => {
    const workflow = await readExample<ImportableWorkflow>(POSTGRES);
    const query = String(parameters(workflow, 'Create Table')['query']);
    const [, key = ''] = /PRIMARY KEY \(([^)]+)\)/.exec(query) ?? [];
    const { columns, table } = parameters(workflow, 'Upsert Transactions') as {
      columns: { matchingColumns: string[]; mappingMode: string };
      table: { value: string };
    };
    expect(columns.mappingMode).toBe('autoMapInputData');
    expect(key.split(', ')).toEqual(columns.matchingColumns);
    expect(query).toContain(`CREATE TABLE IF NOT EXISTS ${table.value} (`);
  });
});

it('docs/accounts.md has the table of the example', async () => {
  const workflow = await readExample<ImportableWorkflow>(POSTGRES);
  const text = readFileSync(join(__dirname, '../../docs/accounts.md'), 'utf8');
  const [, statement] = /```sql\n(CREATE TABLE[^]*?)\n```/.exec(text) ?? [];
  expect(statement).toBe(parameters(workflow, 'Create Table')['query']);
});

describe('the workflow into a spreadsheet', () => {
  it('reads the whole last month', async () => {
    const workflow = await readExample<ImportableWorkflow>(SPREADSHEET);
    expect(parameters(workflow, 'Get Transactions')).toMatchObject({
      from: "={{ $today.minus({ months: 1 }).startOf('month').toISODate() }}",
      to: "={{ $today.minus({ months: 1 }).endOf('month').toISODate() }}",
    });
  });

  it('turns amounts into numbers, so that the sheet can sum them', async () => {
    const workflow = await readExample<ImportableWorkflow>(SPREADSHEET);
    expect(parameters(workflow, 'Amounts as Numbers')).toMatchObject({
      includeOtherFields: true,
      assignments: {
        assignments: [{ name: 'amount', type: 'number', value: '={{ Number($json.amount) }}' }],
      },
    });
  });
});
