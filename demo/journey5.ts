import type { Bank } from './bank';
import { fillWorkflow, readExample, withManualStart, type ImportableWorkflow } from './examples';
import type { N8n } from './n8n/command';
import { requireSuccess, type Execution } from './n8n/execution';
import { importInto } from './n8n/imports';

/** The names of J5's nodes, which identify their output. */
export const journey5Nodes = {
  schedule: 'Every Hour',
  accounts: 'Get Accounts',
  balances: 'Get Balances',
  transactions: 'Get Transactions',
} as const;

/** The result of J5: rows for a database, by the names of their columns. */
export interface Journey5Result {
  accounts: Record<string, unknown>[];
  balances: Record<string, unknown>[];
  transactions: Record<string, unknown>[];
}

/**
 * Imports the workflow of J5 into an n8n that has the credential of J1, and in which J1 has stored a consent's tokens.
 *
 * @returns the imported workflow, which can also be started by hand
 */
export async function importJourney5(
  n8n: N8n,
  { ready }: Pick<Bank, 'ready'>,
): Promise<ImportableWorkflow> {
  const template = await readExample<ImportableWorkflow>('J5-pull-in-one-node.json');
  const workflow = withManualStart(fillWorkflow(template, { gatewayUrl: ready.gatewayUrl }));
  await importInto(n8n, [], [workflow]);
  return workflow;
}

/**
 * The result of J5 in a run.
 *
 * @throws DemoFailure with the node and its message if the run failed
 */
export function journey5Result(execution: Execution): Journey5Result {
  requireSuccess(execution);
  const { items } = execution;
  const { accounts, balances, transactions } = journey5Nodes;
  return {
    accounts: items[accounts] ?? [],
    balances: items[balances] ?? [],
    transactions: items[transactions] ?? [],
  };
}
