import { accountsOf, type Account } from './accounts';
import type { Bank } from './bank';
import { fillWorkflow, readExample, withManualStart, type ImportableWorkflow } from './examples';
import type { N8n } from './n8n/command';
import { requireSuccess, type Execution } from './n8n/execution';
import { importInto } from './n8n/imports';

/** The names of J2's nodes, which identify their output. */
export const journey2Nodes = {
  schedule: 'Every Hour',
  accounts: 'Get Accounts',
  transactions: 'Get Transactions',
  transaction: 'Each Transaction',
} as const;

/** The result of J2. */
export interface Journey2Result {
  accounts: Account[];
  /** Transactions on all pages of all accounts. */
  transactions: number;
}

/**
 * Imports the workflow of J2 into an n8n that has the credential of J1, and in which J1 has stored a consent's tokens.
 *
 * @returns the imported workflow, which can also be started by hand
 */
export async function importJourney2(
  n8n: N8n,
  { ready }: Pick<Bank, 'ready'>,
): Promise<ImportableWorkflow> {
  const template = await readExample<ImportableWorkflow>('J2-scheduled-account-pull.json');
  const workflow = withManualStart(fillWorkflow(template, { gatewayUrl: ready.gatewayUrl }));
  await importInto(n8n, [], [workflow]);
  return workflow;
}

/**
 * The result of J2 in a run.
 *
 * @throws DemoFailure with the node and its message if the run failed
 */
export function journey2Result(execution: Execution): Journey2Result {
  requireSuccess(execution);
  const { items } = execution;
  return {
    accounts: accountsOf(items[journey2Nodes.accounts]),
    transactions: items[journey2Nodes.transaction]?.length ?? 0,
  };
}
