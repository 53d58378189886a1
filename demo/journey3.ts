import type { Bank } from './bank';
import { exampleCredential, fillWorkflow, readExample, type ImportableWorkflow } from './examples';
import type { N8n } from './n8n/command';
import { requireSuccess, type Execution } from './n8n/execution';
import { importInto } from './n8n/imports';
import { publishBeforeStart } from './n8n/publish';

/** The names of the nodes of J3's two workflows, which identify their output. */
export const journey3Nodes = {
  consent: 'Create Consent',
  url: 'Create Authorization URL',
  trigger: 'Open Banking Redirect Trigger',
  exchange: 'Exchange Authorization Code',
  accounts: 'Get Accounts',
  notAuthorized: 'Access Not Given',
} as const;

/** The two imported workflows of J3. */
export interface Journey3 {
  /** The workflow that creates the link with which a customer gives consent. */
  ask: ImportableWorkflow;
  /** The workflow that starts when the customer comes back from the bank. */
  receive: ImportableWorkflow;
}

/** The address of J3's trigger in an n8n on this port. It is registered at the bank as redirect URI. */
export function redirectUriAt(port: number): string {
  return `http://localhost:${port}/webhook/open-banking-redirect`;
}

/**
 * Imports the workflows and the credential of J3 into an n8n that is not running, and publishes the workflow with the trigger.
 *
 * @param redirectUri address of the trigger, as registered at the bank
 */
export async function importJourney3(
  n8n: N8n,
  { ready }: Pick<Bank, 'ready'>,
  redirectUri: string,
): Promise<Journey3> {
  const filled = await exampleCredential({ ready });
  const credential = { ...filled, data: { ...filled.data, redirectUri } };
  const read = async (name: string) =>
    fillWorkflow(await readExample<ImportableWorkflow>(name), { gatewayUrl: ready.gatewayUrl });
  const ask = await read('J3-ask-for-consent.json');
  const receive = await read('J3-receive-consent.json');
  await importInto(n8n, [credential], [ask, receive]);
  await publishBeforeStart(n8n, receive.id);
  return { ask, receive };
}

/**
 * The customer's link in a run of the first workflow. It is valid for ten minutes and one answer.
 *
 * @throws DemoFailure with the node and its message if the run failed
 */
export function customerLink(execution: Execution): string {
  requireSuccess(execution);
  return String(execution.items[journey3Nodes.url]?.[0]?.['url']);
}
