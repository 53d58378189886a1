import { withManualStart } from '../../demo/examples';
import { importJourney1 } from '../../demo/journey1';
import { execute, type Execution } from '../../demo/n8n/execution';
import { importInto } from '../../demo/n8n/imports';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { execute as query, type TestDatabase } from '../support/stores/postgres';
import { exampleInto, postgresCredential } from './destination';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { closeAll, opening } from './opened';
import { database } from './queueMode';

let bank: Sandbox;
let n8n: TemporaryN8n;
let own: TestDatabase;

beforeAll(async () => {
  n8n = await opening(n8nWithPackage(), (temporary) => temporary.remove());
  bank = await opening(startSandbox(), (sandbox) => sandbox.stop());
  own = await database();
  const exchange = await importJourney1(n8n, bank);
  await importInto(
    n8n,
    [postgresCredential(own)],
    [await workflowInto('J5-postgresql.json'), await workflowInto('J5-spreadsheet.json')],
  );
  expect((await execute(n8n, exchange.id)).failure).toBeUndefined();
});

afterAll(closeAll);

/** An example that can be started by hand. */
const workflowInto = async (name: string) => withManualStart(await exampleInto(name));

const rows = () =>
  query(
    own.connectionString,
    `SELECT account_key, transaction_id, status, booked_at::date::text AS day, amount::text, currency
     FROM bank_transactions ORDER BY account_key, booked_at, transaction_id`,
  );

const read = ({ items }: Execution) => items['Get Transactions'] ?? [];

it('J5 into PostgreSQL writes each booked transaction once, however often it runs', async () => {
  const first = await execute(n8n, 'openBankingJ5Pg');
  expect(first.failure).toBeUndefined();
  const transactions = read(first);
  expect(transactions.length).toBeGreaterThan(20);
  const written = await rows();
  expect(written).toHaveLength(transactions.length);
  const key = ({ account_key, transaction_id }: Record<string, unknown>) =>
    `${String(account_key)} ${String(transaction_id)}`;
  const byKey = new Map(written.map((row) => [key(row), row]));
  for (const transaction of transactions) {
    const { status, amount, currency, booked_at } = transaction;
    // The digits and the day of the bank.
    expect(byKey.get(key(transaction))).toMatchObject({
      ...{ status, amount, currency },
      day: String(booked_at).slice(0, 10),
    });
  }

  // The same transactions again, and those that were pending.
  await bank.nextDay();
  const second = await execute(n8n, 'openBankingJ5Pg');
  expect(second.failure).toBeUndefined();
  const after = await rows();
  const keys = new Set([...transactions, ...read(second)].map(key));
  expect(after).toHaveLength(keys.size);
  expect(after.length).toBeGreaterThan(written.length);
});

it('J5 into a spreadsheet makes one file', async () => {
  const run = await execute(n8n, 'openBankingJ5Sheet');
  expect(run.failure).toBeUndefined();
  const numbers = run.items['Amounts as Numbers'] ?? [];
  expect(numbers).toHaveLength(read(run).length);
  expect(numbers.length).toBeGreaterThan(0);
  for (const { amount } of numbers) expect(typeof amount).toBe('number');
  expect(run.items['Convert to File']).toHaveLength(1);
  expect(run.output.stdout).toMatch(/transactions-\d{4}-\d{2}\.xlsx/);
});
