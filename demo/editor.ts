import type { Bank } from './bank';
import type { ImportableWorkflow } from './examples';
import { DemoFailure } from './failure';
import { journey1Nodes } from './journey1';
import type { N8n } from './n8n/command';
import { owner, setUpOwner } from './n8n/owner';
import { startServer } from './n8n/server';

/**
 * Opens n8n's editor with the workflows of J1 and J2, says how to go on by hand, and stays until Ctrl-C.
 *
 * @throws {@link DemoFailure} when the editor does not start, or ends by itself
 */
export async function stayOpen(
  n8n: N8n,
  bank: Bank,
  [workflow, pull]: [ImportableWorkflow, ImportableWorkflow],
  port: number,
): Promise<never> {
  console.log('Starting the editor …');
  const server = await startServer(n8n, port);
  const ours = await setUpOwner(server);
  console.log(`
Editor      ${server.url}/workflow/${workflow.id}
Log-in      ${ours ? `${owner.email}   ${owner.password}` : 'the one you chose'}
Workflow    ${workflow.name}

To run it by hand, as a customer and an operator would:
  1. Open ${bank.ready.identityUrl}/sandbox/customer-link in a browser, and accept the
     sandbox's certificate (it is signed by ${bank.ready.files.certificateAuthority}).
  2. Log in and agree. The browser ends at ${bank.ready.redirectUri}… (it may ask once
     more about the certificate): copy that whole address.
  3. In the editor open the node "${journey1Nodes.exchange}" and paste it into Authorization Code.
  4. Press Execute workflow.

Without a token in it, and so without these steps:
  ${pull.name}   ${server.url}/workflow/${pull.id}

Ctrl-C ends everything.`);
  await server.ended;
  throw new DemoFailure(`n8n’s editor has ended by itself: its log is in ${server.logFile}.`);
}
