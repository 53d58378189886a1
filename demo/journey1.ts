import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bank } from './bank';
import {
  credentialValues,
  fillCredential,
  fillWorkflow,
  readExample,
  type ImportableCredential,
  type ImportableWorkflow,
} from './examples';
import { DemoFailure } from './failure';
import { importCredentials, importWorkflows, type N8n } from './n8n/command';
import type { Execution } from './n8n/execution';

/** The names of J1's nodes, by which its output is found. */
export const journey1Nodes = {
  exchange: 'Exchange Authorization Code',
  accounts: 'Get Accounts',
  refresh: 'Refresh Token',
  accountsAgain: 'Get Accounts Again',
} as const;

/** An account as the bank returned it, in the words of the Account and Transaction API. */
export interface Account {
  AccountId: string;
  Currency?: string;
  AccountType?: string;
  AccountSubType?: string;
  Nickname?: string;
}

/** What J1 brought. No token is in it. */
export interface Journey1Result {
  accounts: Account[];
  /** Whether the refresh gave another access token, and the bank returned the same accounts for it. */
  refreshed: boolean;
  tokenType: string;
  /** Seconds. */
  expiresIn: number;
  scope: string;
}

/**
 * Imports the credential and the workflow of J1 into n8n, with a fresh authorization code.
 *
 * @returns the workflow as it was imported
 */
export async function importJourney1(
  n8n: N8n,
  bank: Pick<Bank, 'ready' | 'authorize'>,
): Promise<ImportableWorkflow> {
  const credential = fillCredential(
    await readExample<ImportableCredential>('credential-sandbox.json'),
    await credentialValues(bank.ready),
  );
  const template = await readExample<ImportableWorkflow>('J1-exchange-and-refresh.json');
  // The file with the private key in the clear lives as long as the import.
  const directory = await mkdtemp(join(n8n.userFolder, 'import-'));
  try {
    const credentialFile = join(directory, 'credential.json');
    await writeFile(credentialFile, JSON.stringify([credential]), { mode: 0o600 });
    await importCredentials(n8n, credentialFile);
    const { code } = await bank.authorize();
    const workflow = fillWorkflow(template, { gatewayUrl: bank.ready.gatewayUrl, code });
    const workflowFile = join(directory, 'workflow.json');
    await writeFile(workflowFile, JSON.stringify([workflow]), { mode: 0o600 });
    await importWorkflows(n8n, workflowFile);
    return workflow;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Reads the result of J1 out of a run.
 *
 * @throws {@link DemoFailure} with the node and its message when the run failed
 */
export function journey1Result({ items, failure }: Execution): Journey1Result {
  if (failure) {
    const { node, message, description } = failure;
    throw new DemoFailure(
      `The workflow stopped at "${node}": ${message}${description ? ` (${description})` : ''}`,
    );
  }
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

function accountsOf(items: Array<Record<string, unknown>> = []): Account[] {
  return items.flatMap(({ Data }) => (Data as { Account?: Account[] } | undefined)?.Account ?? []);
}
