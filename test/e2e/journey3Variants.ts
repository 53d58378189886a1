import { withParameters, type ImportableWorkflow } from '../../demo/examples';
import { journey3Nodes } from '../../demo/journey3';
import { node } from './workflows';

/**
 * The asking workflow as docs/consent.md changes it.
 *
 * @param path of its webhook
 */
export function askedByWebhook(
  original: ImportableWorkflow,
  n8nUrl: string,
  path = 'ask-for-consent',
): { workflow: ImportableWorkflow; address: string } {
  const [, ...others] = original.nodes;
  const parameters = { path, responseMode: 'responseNode', options: {} };
  const webhook = Object.assign(node('Webhook', 'n8n-nodes-base.webhook', 2.1, parameters), {
    webhookId: `${path}-0000`,
  });
  const redirect = { respondWith: 'redirect', redirectURL: '={{ $json.url }}', options: {} };
  const respond = node('Respond to Webhook', 'n8n-nodes-base.respondToWebhook', 1.5, redirect);
  const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
  const connections = {
    [webhook.name]: to(journey3Nodes.consent),
    [journey3Nodes.consent]: to(journey3Nodes.url),
    [journey3Nodes.url]: to(respond.name),
  };
  const nodes = [webhook, ...others, respond];
  return {
    workflow: { ...original, id: 'askedByWebhook', nodes, connections },
    address: `${n8nUrl}/webhook/${path}`,
  };
}

/** The asking workflow for a stored consent that is renewed. */
export function askedToRenew(original: ImportableWorkflow, consent: string): ImportableWorkflow {
  const renewConsent = { __rl: true, mode: 'id', value: consent };
  return withParameters(
    { ...original, id: 'renewConsent' },
    { [journey3Nodes.url]: { options: { renewConsent } } },
  );
}
