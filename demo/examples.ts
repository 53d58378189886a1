import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxReady } from '../sandbox/ready';

const folder = join(__dirname, '..', 'examples');

/** What the credential template needs to become a working credential of the sandbox bank. */
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

/** What the workflow J1 needs to run against the sandbox bank. */
export interface WorkflowValues {
  gatewayUrl: string;
  /** Authorization code, or the whole redirect URL. */
  code: string;
}

/** A credential as `n8n import:credentials` takes it. */
export interface ImportableCredential {
  id: string;
  name: string;
  type: string;
  data: Record<string, string>;
}

/** A workflow as n8n's editor exports it. */
export interface ImportableWorkflow {
  id: string;
  name: string;
  nodes: Array<{ name: string; type: string; parameters: Record<string, unknown> }>;
  connections: Record<string, unknown>;
}

/** The parsed text of a file in `examples/`. */
export async function readExample<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
}

/** Collects what the credential template needs from a running sandbox bank and its files. */
export async function credentialValues(ready: SandboxReady): Promise<CredentialValues> {
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

/** The credential template with its placeholders filled in; the template itself stays as it is. */
export function fillCredential(
  template: ImportableCredential,
  { identityUrl, gatewayUrl, ...fields }: CredentialValues,
): ImportableCredential {
  const hosts = { host: new URL(identityUrl).host, gatewayHost: new URL(gatewayUrl).host };
  return { ...template, data: { ...template.data, ...hosts, ...fields } };
}

/** The workflow with the authorization code and the bank's address filled in; the template itself stays as it is. */
export function fillWorkflow(
  template: ImportableWorkflow,
  { gatewayUrl, code }: WorkflowValues,
): ImportableWorkflow {
  const nodes = template.nodes.map((node) => {
    const parameters = { ...node.parameters };
    if (typeof parameters['code'] === 'string') parameters['code'] = code;
    if (typeof parameters['url'] === 'string') {
      const { pathname, search } = new URL(parameters['url']);
      parameters['url'] = `${gatewayUrl}${pathname}${search}`;
    }
    return { ...node, parameters };
  });
  return { ...template, nodes };
}
