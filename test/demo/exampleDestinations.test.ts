import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExample, type ImportableWorkflow } from '../../demo/examples';

const POSTGRES = 'J5-postgresql.json';
const SPREADSHEET = 'J5-spreadsheet.json';

const parameters = ({ nodes }: ImportableWorkflow, name: string): Record<string, unknown> =>
  nodes.find((candidate) => candidate.name === name)!.parameters;

describe.each([POSTGRES, SPREADSHEET])('%s', (name) => {
  it('connects each node to the next one', async () => {
    const { nodes, connections } = await readExample<ImportableWorkflow>(name);
    const row = nodes.map((node) => node.name).slice(0, -1);
    expect(Object.keys(connections)).toEqual(row.slice(0, -1));
    const next = Object.values(connections).map(({ main }) => main);
    expect(next).toEqual(row.slice(1).map((node) => [[{ node, type: 'main', index: 0 }]]));
  });

  it('reads the booked transactions of the consent that J1 stores', async () => {
    const read = parameters(await readExample<ImportableWorkflow>(name), 'Get Transactions');
    expect(read).toMatchObject({
      ...{ resource: 'transaction', operation: 'getAll' },
      consent: { __rl: true, mode: 'id', value: 'household' },
    });
    // Booked ones alone, which is the default: a pending one may get another ID when it is booked.
    expect(read).not.toHaveProperty('status');
    expect(read).not.toHaveProperty('simplify');
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
