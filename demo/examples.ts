import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxReady } from '../sandbox/ready';

const folder = join(__dirname, '..', 'examples');

/** Values for the placeholders of the credential template. */
export interface CredentialValues {
  identityUrl: string;
  gatewayUrl: string;
  clientId: string;
  redirectUri: string;
  scope: string;
  /** PEM. */
  transportCertificate: string;
  /** PEM. */
  transportPrivateKey: string;
  /** PEM. */
  certificateAuthorities: string;
}

/** Values for the placeholders of a workflow. */
export interface WorkflowValues {
  gatewayUrl: string;
  /** Authorization code or redirect URL. Only J1 needs one. */
  code?: string;
}

/** A credential for `n8n import:credentials`. */
export interface ImportableCredential {
  id: string;
  name: string;
  type: string;
  data: Record<string, string | number | boolean>;
}

/** A workflow as n8n's editor exports it. */
export interface ImportableWorkflow {
  id: string;
  name: string;
  nodes: WorkflowNode[];
  connections: Record<
    string,
    { main: Array<Array<{ node: string; type: string; index: number }>> }
  >;
  settings?: Record<string, unknown>;
}

/** A node of a workflow. */
export interface WorkflowNode {
  id: string;
  name: string;
  type: string;
  typeVersion: number;
  position: [number, number];
  parameters: Record<string, unknown>;
  credentials?: Record<string, { id: string; name: string }>;
  /** ID of the webhook, if the node is a trigger that listens for requests. */
  webhookId?: string;
}

/** Reads and parses a file in `examples/`. */
export async function readExample<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
}

/** Reads the values for the credential template from a running sandbox bank and its files. */
async function credentialValues(ready: SandboxReady): Promise<CredentialValues> {
  const pem = (file: string): Promise<string> => readFile(file, 'utf8');
  const { identityUrl, gatewayUrl, clientId, redirectUri, scope, files } = ready;
  return {
    identityUrl,
    gatewayUrl,
    clientId,
    redirectUri,
    scope,
    transportCertificate: await pem(files.clientCertificate),
    transportPrivateKey: await pem(files.clientKey),
    certificateAuthorities: await pem(files.certificateAuthority),
  };
}

/** A copy of the credential template with its placeholders filled in. */
export function fillCredential(
  template: ImportableCredential,
  { identityUrl, gatewayUrl, ...fields }: CredentialValues,
): ImportableCredential {
  const hosts = { host: new URL(identityUrl).host, gatewayHost: new URL(gatewayUrl).host };
  return { ...template, data: { ...template.data, ...hosts, ...fields } };
}

/** The credential of `examples/` for a running sandbox bank. */
export async function exampleCredential(bank: {
  ready: SandboxReady;
}): Promise<ImportableCredential> {
  const template = await readExample<ImportableCredential>('credential-sandbox.json');
  return fillCredential(template, await credentialValues(bank.ready));
}

/** The address of the API gateway in the workflows of `examples/`. */
const EXAMPLE_GATEWAY = 'https://localhost:8243';

/** A copy of the workflow with the authorization code and the bank's address filled in. */
export function fillWorkflow(
  template: ImportableWorkflow,
  { gatewayUrl, code }: WorkflowValues,
): ImportableWorkflow {
  const nodes = template.nodes.map((node) => {
    const parameters = { ...node.parameters };
    if (typeof parameters['code'] === 'string' && code !== undefined) parameters['code'] = code;
    if (typeof parameters['url'] === 'string') {
      // Replaced in the text, because an address may be part of an expression.
      parameters['url'] = parameters['url'].replace(EXAMPLE_GATEWAY, gatewayUrl);
    }
    return { ...node, parameters };
  });
  return { ...template, nodes };
}

/** A copy of the workflow with one more trigger, which starts the same nodes as its own trigger. */
export function withTrigger(
  workflow: ImportableWorkflow,
  trigger: WorkflowNode,
): ImportableWorkflow {
  const [own] = workflow.nodes as [WorkflowNode];
  return {
    ...workflow,
    nodes: [...workflow.nodes, trigger],
    connections: { ...workflow.connections, [trigger.name]: workflow.connections[own.name]! },
  };
}

/** A copy of the workflow with an additional Manual Trigger, because `n8n execute` starts no Schedule Trigger. */
export function withManualStart(workflow: ImportableWorkflow): ImportableWorkflow {
  const [{ position }] = workflow.nodes as [WorkflowNode];
  return withTrigger(workflow, {
    parameters: {},
    id: '8f1f5f0e-2a0b-4d6e-9a38-3d3c8f0f6c55',
    name: 'When clicking ‘Execute workflow’',
    type: 'n8n-nodes-base.manualTrigger',
    typeVersion: 1,
    position: [position[0], position[1] + 192],
  });
}

/** A copy of the workflow with other parameters for some nodes, by the nodes' names. */
export function withParameters(
  workflow: ImportableWorkflow,
  changes: Record<string, Record<string, unknown>>,
): ImportableWorkflow {
  const nodes = workflow.nodes.map((node) => ({
    ...node,
    parameters: { ...node.parameters, ...changes[node.name] },
  }));
  return { ...workflow, nodes };
}
