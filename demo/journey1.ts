import { accountsOf, type Account } from './accounts';
import type { Bank } from './bank';
import {
  exampleCredential,
  fillWorkflow,
  readExample,
  type ImportableCredential,
  type ImportableWorkflow,
} from './examples';
import type { N8n } from './n8n/command';
import { requireSuccess, type Execution } from './n8n/execution';
import { importInto } from './n8n/imports';

/** The names of J1's nodes, which identify their output. */
export const journey1Nodes = {
  exchange: 'Exchange Authorization Code',
  accounts: 'Get Accounts',
  refresh: 'Refresh Token',
  accountsAgain: 'Get Accounts Again',
} as const;

/** The result of J1. It contains no token. */
export interface Journey1Result {
  accounts: Account[];
  /** Whether the refresh returned another access token, and the bank returned the same accounts for it. */
  refreshed: boolean;
  tokenType: string;
  /** Seconds. */
  expiresIn: number;
  scope: string;
}

/**
 * Imports the credential and the workflow of J1 into n8n, with a new authorization code.
 *
 * @param settings fields of the credential that differ from the template's
 * @returns the imported workflow
 */
export async function importJourney1(
  n8n: N8n,
  bank: Pick<Bank, 'ready' | 'authorize'>,
  settings: ImportableCredential['data'] = {},
): Promise<ImportableWorkflow> {
  const credential = await exampleCredential(bank);
  const template = await readExample<ImportableWorkflow>('J1-exchange-and-refresh.json');
  const { code } = await bank.authorize();
  const workflow = fillWorkflow(template, { gatewayUrl: bank.ready.gatewayUrl, code });
  const data = { ...credential.data, ...settings };
  await importInto(n8n, [{ ...credential, data }], [workflow]);
  return workflow;
}

/**
 * The result of J1 in a run.
 *
 * @throws {@link DemoFailure} with the node and its message if the run failed
 */
export function journey1Result(execution: Execution): Journey1Result {
  requireSuccess(execution);
  const { items } = execution;
  const [first] = items[journey1Nodes.exchange] ?? [];
  const [second] = items[journey1Nodes.refresh] ?? [];
  const accounts = accountsOf(items[journey1Nodes.accounts]);
  const again = accountsOf(items[journey1Nodes.accountsAgain]);
  return {
    accounts,
    refreshed:
      typeof second?.['access_token'] === 'string' &&
      second['access_token'] !== first?.['access_token'] &&
      again.length > 0 &&
      JSON.stringify(again) === JSON.stringify(accounts),
    tokenType: String(first?.['token_type']),
    expiresIn: Number(first?.['expires_in']),
    scope: String(first?.['scope']),
  };
}
