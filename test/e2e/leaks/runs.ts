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

/** The name of a node in the second branch, in which the workflow goes on if the node under test fails. */
const goingOn = (name: string) => `${name} (going on)`;

/** The name of the node under test, by its operation, because outputs may have tokens by operation. */
export const actName = (operation: string) => `Act: ${operation}`;

function nodeName({ node: { type, parameters } }: Kind): string {
  const isRequest = type === 'n8n-nodes-base.httpRequest';
  return actName(isRequest ? 'request' : String(parameters['operation']));
}

/** The name of the redirect trigger; its output has the answer of the bank by design. */
export const triggerName = 'Customer';

/**
 * The codes and tokens that n8n stores by design: the items that a workflow gets, and the outputs of token operations. To an item that
 * failed, n8n adds the fields of the incoming item.
 */
export const outputsByDesign: Outputs = Object.fromEntries([
  [names.items, itemFields],
  [goingOn(names.items), itemFields],
  [triggerName, ['redirect', 'state']],
  ...Object.entries(outputFields).flatMap(([operation, fields]) => [
    [actName(operation), fields],
    [goingOn(actName(operation)), [...fields, ...itemFields]],
  ]),
]) as Outputs;

/** A kind whose workflow and credential n8n has. */
export interface PreparedKind extends Kind {
  workflow: ImportableWorkflow;
  isPublished: boolean;
}

/** How a kind is prepared. */
export interface Preparation {
  /** The workflow that n8n starts if the workflow fails; the workflow is published then. */
  errorWorkflow?: string;
  /** The setting *On Error* of the node under test in the second branch; `continueErrorOutput` if not given. */
  onError?: string;
  /** A node behind the node under test. */
  after?: WorkflowNode;
}

/** Gives n8n the credential and the workflow of a kind. */
export async function prepare(
  watched: WatchedN8n,
  bank: HostileBank,
  identity: Identity,
  kind: Kind,
  preparation: Preparation,
): Promise<PreparedKind> {
  const path = kindPath(kind.name);
  bank.prepare(path, kind.answer, () => kind.items?.(bank) ?? [{}]);
  const data = credentialData(bank, identity, kind);
  const id = await watched.createCredential(kind.name, data);
  const credentials = { openBankingApi: { id, name: kind.name } };
  const workflow = workflowOf(kind, bank.itemsUrl(path), credentials, preparation);
  const { errorWorkflow } = preparation;
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

/**
 * The node under test behind the items, twice: behind a manual start and a webhook, where it is tried twice and then stops the workflow, and
 * behind a second manual start, where the workflow goes on.
 */
function workflowOf(
  kind: Kind,
  itemsUrl: string,
  credentials: WorkflowNode['credentials'],
  { onError = 'continueErrorOutput', after }: Preparation,
): Omit<ImportableWorkflow, 'id'> {
  const { type, typeVersion, parameters } = kind.node;
  const branch = (name: (given: string) => string, settings: object): WorkflowNode[] => [
    node(name(names.manual), 'n8n-nodes-base.manualTrigger', 1, {}),
    node(name(names.items), 'n8n-nodes-base.httpRequest', 4.2, { url: itemsUrl, options: {} }),
    Object.assign(node(name(nodeName(kind)), type, typeVersion, parameters, credentials), settings),
  ];
  const stopping = branch((name) => name, { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 });
  const one = row(kind.name, [...stopping, ...(after ? [after] : [])]);
  const other = row(kind.name, branch(goingOn, { onError }));
  return {
    name: kind.name,
    nodes: [...one.nodes, ...other.nodes, webhook(kindPath(kind.name), 'noData')],
    connections: {
      ...{ ...one.connections, ...other.connections },
      [names.webhook]: one.connections[names.manual]!,
    },
  };
}

/** Runs the published workflow, as a request from outside does. */
export async function runPublished(watched: WatchedN8n, { name }: Kind): Promise<void> {
  await watched.send('POST', `/webhook/${kindPath(name)}`, {});
}

/** Runs a branch of the workflow in the editor. */
export async function runInEditor(
  watched: WatchedN8n,
  { workflow }: PreparedKind,
  branch: 'stopping' | 'going on',
): Promise<void> {
  await watched.run(workflow, branch === 'stopping' ? names.manual : goingOn(names.manual));
}
