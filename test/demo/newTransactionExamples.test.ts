import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExample, type ImportableWorkflow } from '../../demo/examples';
import { journey6Nodes } from '../../demo/journey6';

const nodeOf = ({ nodes }: ImportableWorkflow, name: string) =>
  nodes.find((candidate) => candidate.name === name)!;

describe('the workflow J6 into PostgreSQL', () => {
  const workflow = () => readExample<ImportableWorkflow>('J6-new-transactions.json');
  const { trigger, table, upsert, processed } = journey6Nodes;

  it('creates the table before it writes, once in an execution', async () => {
    const read = await workflow();
    const [branches] = read.connections[trigger]!.main;
    expect(branches!.map(({ node }) => node)).toEqual([table, upsert]);
    // n8n runs the branch that is higher on the canvas first.
    expect(nodeOf(read, table).position[1]).toBeLessThan(nodeOf(read, upsert).position[1]);
    expect(read.settings).toMatchObject({ executionOrder: 'v1' });
    expect(nodeOf(read, table)).toMatchObject({ executeOnce: true });
  });

  it('has a table with the fields of the trigger, whose primary key is what the upsert matches on', async () => {
    const read = await workflow();
    const query = String(nodeOf(read, table).parameters['query']);
    const parameters = nodeOf(read, upsert).parameters as {
      columns: { matchingColumns: string[]; mappingMode: string };
      table: { value: string };
    };
    expect(parameters.columns).toMatchObject({
      ...{ mappingMode: 'autoMapInputData', matchingColumns: ['account_key', 'transaction_id'] },
    });
    expect(query).toContain('PRIMARY KEY (account_key, transaction_id)');
    expect(query).toContain(`CREATE TABLE IF NOT EXISTS ${parameters.table.value} (`);
    const other = await readExample<ImportableWorkflow>('J5-postgresql.json');
    const columns = (text: unknown) =>
      [...String(text).matchAll(/^ {2}([a-z_]+) /gm)].map(([, name]) => name);
    expect(columns(query)).toEqual([
      ...columns(nodeOf(other, 'Create Table').parameters['query']),
      ...['event', 'was'],
    ]);
  });

  it('ends with Mark as Processed, by the fields of its items', async () => {
    const read = await workflow();
    expect(read.connections[upsert]!.main).toEqual([[{ node: processed, type: 'main', index: 0 }]]);
    expect(read.connections).not.toHaveProperty(processed);
    expect(nodeOf(read, processed).parameters).toEqual({
      ...{ resource: 'transaction', operation: 'commit', options: {} },
      consent: { __rl: true, mode: 'id', value: '={{ $json.consent }}' },
      accountId: '={{ $json.account_id }}',
      transactionId: '={{ $json.transaction_id }}',
    });
  });
});

describe('the workflow J6 for consents that need attention', () => {
  it('has a sentence for each reason of the trigger', async () => {
    const read = await readExample<ImportableWorkflow>('J6-consent-needs-attention.json');
    const text = String(nodeOf(read, journey6Nodes.message).parameters['text']);
    const [, list = ''] = /type AttentionReason =([^;]+);/.exec(
      readFileSync(join(__dirname, '../../core/sync/attention.ts'), 'utf8'),
    )!;
    const reasons = [...list.matchAll(/'([a-z-]+)'/g)].map(([, reason]) => reason!);
    expect(reasons.length).toBeGreaterThan(5);
    const said = [...text.matchAll(/'([a-z]+(?:-[a-z]+)*)': '/g)].map(([, reason]) => reason!);
    expect(said.sort()).toEqual(reasons.sort());
  });
});
