import { accountsOf, type Account } from './accounts';
import type { Bank } from './bank';
import {
  consentCredential,
  credentialValues,
  fillCredential,
  fillWorkflow,
  readExample,
  withManualStart,
  type ConsentValues,
  type ImportableCredential,
  type ImportableWorkflow,
} from './examples';
import type { N8n } from './n8n/command';
import { requireSuccess, type Execution } from './n8n/execution';
import { importInto } from './n8n/imports';

/** The names of J2's nodes, by which its output is found. */
export const journey2Nodes = {
  schedule: 'Every Hour',
  accounts: 'Get Accounts',
  transactions: 'Get Transactions',
  transaction: 'Each Transaction',
} as const;

/** What J2 brought. */
export interface Journey2Result {
  accounts: Account[];
  /** Transactions on all pages of all accounts. */
  transactions: number;
}

/**
 * Imports the workflow of J2 into n8n, and a credential that authorises its requests with a consent's token.
 *
 * @returns the workflow as it was imported: it can be started by hand, too
 */
export async function importJourney2(
  n8n: N8n,
  { ready }: Pick<Bank, 'ready'>,
  values: ConsentValues,
): Promise<ImportableWorkflow> {
  const credential = fillCredential(
    await readExample<ImportableCredential>('credential-sandbox.json'),
    await credentialValues(ready),
  );
  const template = await readExample<ImportableWorkflow>('J2-scheduled-account-pull.json');
  const workflow = withManualStart(fillWorkflow(template, { gatewayUrl: ready.gatewayUrl }));
  await importInto(n8n, [consentCredential(credential, values)], [workflow]);
  return workflow;
}

/**
 * Reads the result of J2 out of a run.
 *
 * @throws DemoFailure with the node and its message when the run failed
 */
export function journey2Result(execution: Execution): Journey2Result {
  requireSuccess(execution);
  const { items } = execution;
  return {
    accounts: accountsOf(items[journey2Nodes.accounts]),
    transactions: items[journey2Nodes.transaction]?.length ?? 0,
  };
}
