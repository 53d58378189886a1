import type { ImportableWorkflow, WorkflowNode } from '../../../demo/examples';
import { node, row, webhook } from '../workflows';
import type { HostileBank } from './hostileBank';
import type { Identity } from './identity';
import { itemFields, outputFields, type Kind } from './kinds';
import type { Outputs } from './executionText';
import { kindPath } from './requestKinds';
import type { WatchedN8n } from './watchedN8n';

/** Names of nodes in the workflow of each kind. */
const names = { manual: 'Start', webhook: 'Webhook', items: 'Items' };

/** The name of the node under test, by its operation, because outputs may have tokens by operation. */
export const actName = (operation: string) => `Act: ${operation}`;

function nodeName({ node: { type, parameters } }: Kind): string {
  const isRequest = type === 'n8n-nodes-base.httpRequest';
  return actName(isRequest ? 'request' : String(parameters['operation']));
}

/** What n8n stores of codes and tokens by design: the items that a workflow gets, and the outputs of token operations. */
export const outputsByDesign: Outputs = {
  [names.items]: itemFields,
  ...Object.fromEntries(
    Object.entries(outputFields).map(([operation, fields]) => [actName(operation), fields]),
  ),
  Customer: ['redirect', 'state'],
};

/** A kind whose workflow and credential n8n has. */
export interface PreparedKind extends Kind {
  workflow: ImportableWorkflow;
  isPublished: boolean;
}

/** How a kind is prepared. */
export interface Preparation {
  /** The workflow that n8n starts if the workflow fails; the workflow is published then. */
  errorWorkflow?: string;
  /** A node behind the node under test. */
  after?: WorkflowNode;
}

/** Gives n8n the credential and the workflow of a kind. */
export async function prepare(
  watched: WatchedN8n,
  bank: HostileBank,
  identity: Identity,
  kind: Kind,
  { errorWorkflow, after }: Preparation,
): Promise<PreparedKind> {
  const path = kindPath(kind.name);
  bank.prepare(path, kind.answer, () => kind.items?.(bank) ?? [{}]);
  const data = credentialData(bank, identity, kind);
  const id = await watched.createCredential(kind.name, data);
  const credentials = { openBankingApi: { id, name: kind.name } };
  const workflow = workflowOf(kind, bank.itemsUrl(path), credentials, after);
  const isPublished = errorWorkflow !== undefined;
  const settings = { errorWorkflow };
  return {
    ...{ ...kind, isPublished },
    workflow: await watched.createWorkflow(workflow, { settings, isPublished }),
  };
}

/** The fields of a kind's credential. */
export function credentialData(bank: HostileBank, identity: Identity, kind: Kind): object {
  const path = kindPath(kind.name);
  const at = (endpoint: string) => `${bank.url}/${path}/${endpoint}`;
  return {
    ...identity.fields,
    ...{ clientId: path, tokenEndpoint: at('token'), jwksUri: at('jwks') },
    ...{ authorizationEndpoint: at('authorize'), introspectionEndpoint: at('introspect') },
    ...{ pushedAuthorizationRequestEndpoint: at('par'), revocationEndpoint: at('revoke') },
    ...kind.credential,
  };
}

/** The node under test behind the items, with a manual start and a webhook. It is tried twice. */
function workflowOf(
  kind: Kind,
  itemsUrl: string,
  credentials: WorkflowNode['credentials'],
  after?: WorkflowNode,
): Omit<ImportableWorkflow, 'id'> {
  const { type, typeVersion, parameters } = kind.node;
  const trigger = webhook(kindPath(kind.name), 'noData');
  const items = node(names.items, 'n8n-nodes-base.httpRequest', 4.2, {
    url: itemsUrl,
    options: {},
  });
  const act = Object.assign(node(nodeName(kind), type, typeVersion, parameters, credentials), {
    ...{ retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
  });
  const workflow = row(kind.name, [
    node(names.manual, 'n8n-nodes-base.manualTrigger', 1, {}),
    ...[items, act, ...(after ? [after] : [])],
  ]);
  workflow.nodes.push(trigger);
  workflow.connections[names.webhook] = workflow.connections[names.manual]!;
  return workflow;
}

/** Runs the published workflow, as a request from outside does. */
export async function runPublished(watched: WatchedN8n, { name }: Kind): Promise<void> {
  await watched.send('POST', `/webhook/${kindPath(name)}`, {});
}

/** Runs the workflow in the editor, with another choice of what happens if the node fails. */
export async function runInEditor(
  watched: WatchedN8n,
  kind: PreparedKind,
  onError: string,
): Promise<void> {
  const nodes = kind.workflow.nodes.map((own) =>
    own.name === nodeName(kind)
      ? { ...own, onError, retryOnFail: onError === 'stopWorkflow' }
      : own,
  );
  await watched.run({ ...kind.workflow, nodes }, names.manual);
}
