import { email } from '../sandbox/email';
import type { Bank } from './bank';
import { withParameters, type ImportableWorkflow } from './examples';
import { DemoFailure } from './failure';
import { journey1Nodes } from './journey1';
import { customerLink, importJourney3, journey3Nodes, redirectUriAt } from './journey3';
import { journey4 } from './journey4';
import { journey6 } from './journey6';
import type { N8n } from './n8n/command';
import { execute } from './n8n/execution';
import { importInto } from './n8n/imports';
import { owner, setUpOwner } from './n8n/owner';
import { triggerAnswers } from './n8n/publish';
import { startServer } from './n8n/server';

/**
 * Starts n8n's editor with the workflows of J1 to J6 and creates a consent. It prints the customer's link and the e-mail of the bank, and
 * runs until Ctrl-C.
 *
 * @throws {@link DemoFailure} if the editor does not start, or ends unexpectedly
 */
export async function stayOpen(
  n8n: N8n,
  bank: Bank,
  [workflow, pull, rows]: [ImportableWorkflow, ImportableWorkflow, ImportableWorkflow],
  port: number,
): Promise<never> {
  console.log('Importing the workflows that ask a customer for consent, and starting the editor …');
  const redirectUri = redirectUriAt(port);
  const { ask, receive } = await importJourney3(n8n, bank, redirectUri);
  const many = await journey4(bank);
  const { transactions, attention } = await journey6(bank);
  await importInto(n8n, [], [byHand(workflow, bank), many, transactions, attention]);
  const server = await startServer(n8n, port);
  const ours = await setUpOwner(server);
  await triggerAnswers(server, redirectUri);
  console.log(`Running "${ask.name}" …`);
  const link = await bank.shorten(customerLink(await execute(n8n, ask.id)));
  const address = ({ id }: ImportableWorkflow) => `${server.url}/workflow/${id}`;
  console.log(`
Give consent as the bank's customer: open this link within ten minutes, log in and agree.

${link}

  The browser warns about the bank's certificate, because the sandbox signed it itself: accept it.
  The result           ${address(receive)}/executions
  Another link         ${address(ask)}
                       Execute workflow: the link is the "url" of "${journey3Nodes.url}"

Editor      ${server.url}
Log-in      ${ours ? `${owner.email}   ${owner.password}` : 'the one you chose'}
${workflow.name}
            ${address(workflow)}
            Agree at ${bank.ready.identityUrl}/sandbox/customer-link,
            and paste the address of the last page into Authorization Code
            of "${journey1Nodes.exchange}".
${pull.name}
            ${address(pull)}
${many.name}
            ${address(many)}
${rows.name}
            ${address(rows)}
${transactions.name}
            ${address(transactions)}
            "Execute step" in its trigger shows transactions. Its database is yours.
${attention.name}
            ${address(attention)}

${email(bank.ready)}

Ctrl-C ends everything.`);
  await server.ended;
  throw new DemoFailure(`n8n’s editor ended unexpectedly: its log is in ${server.logFile}.`);
}

/** J1 with the redirect URI of the bank's own page, which shows the address. The credential has that of J3's trigger. */
function byHand(workflow: ImportableWorkflow, { ready }: Bank): ImportableWorkflow {
  const { redirectUri } = ready;
  const exchange = workflow.nodes.find(({ name }) => name === journey1Nodes.exchange);
  const options = { ...(exchange?.parameters['options'] as object), redirectUri };
  return withParameters(workflow, { [journey1Nodes.exchange]: { code: '', options } });
}
