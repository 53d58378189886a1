import type {
  ImportableCredential,
  ImportableWorkflow,
  WorkflowNode,
} from '../../../demo/examples';
import { allPages, node, row, webhook } from '../../../test/e2e/workflows';
import type { Approach } from './approaches';

/** The bank and the client of the benchmark's workflows. */
export interface WorkflowTarget {
  /** `https://127.0.0.1:<port>` of the bank. */
  bankUrl: string;
  /** The same bank behind a network with a delay. */
  distantUrl: string;
  clientId: string;
  keyId: string;
  pem: { certificateAuthority: string; clientCertificate: string; clientKey: string };
}

/** A credential as a node names it. */
export interface CredentialName {
  id: string;
  name: string;
}

const credentialIds = {
  bank: 'bankOfBench',
  consent: 'consentOfBench',
  distant: 'distantOfBench',
  jwt: 'jwtOfBench',
  ssl: 'sslOfBench',
};

/** The credential with the tokens of a consent. */
export const consentCredential: CredentialName = { id: credentialIds.consent, name: 'Consent' };

/** The same credential for the bank behind a network with a delay. */
export const distantCredential: CredentialName = { id: credentialIds.distant, name: 'Distant' };

/** Path of the bank's account API. */
export const ACCOUNT_API = '/open-banking/v3.1/aisp';

/** The credentials of all workflows. */
export function credentials(target: WorkflowTarget): ImportableCredential[] {
  const { bankUrl, distantUrl, clientId, pem } = target;
  const { certificateAuthority: ca, clientCertificate: cert, clientKey: key } = pem;
  const tokenEndpoint = `${bankUrl}/token`;
  const bank = {
    ...{ bank: 'custom', issuer: tokenEndpoint, tokenEndpoint, clientId, scope: 'accounts' },
    ...{ transportCertificate: cert, transportPrivateKey: key, certificateAuthorities: ca },
  };
  const consent = {
    ...{ ...bank, authorizeWith: 'consent', useCustomSettings: true },
    ...{ consent: 'c', firstRefreshToken: 'rt-consent' },
  };
  const at = (url: string) => ({
    ...consent,
    ...{ accountApiUrl: url + ACCOUNT_API, apiHosts: new URL(url).host },
  });
  return [
    { id: credentialIds.bank, name: 'Bank', type: 'openBankingApi', data: bank },
    { ...consentCredential, type: 'openBankingApi', data: at(bankUrl) },
    { ...distantCredential, type: 'openBankingApi', data: at(distantUrl) },
    {
      id: credentialIds.jwt,
      name: 'Signing Key',
      type: 'jwtAuth',
      data: { keyType: 'pemKey', privateKey: key, publicKey: '', algorithm: 'PS256' },
    },
    { id: credentialIds.ssl, name: 'Certificate', type: 'httpSslAuth', data: { ca, cert, key } },
  ];
}

/**
 * A workflow that gets a token for each refresh token in the body of its webhook. It answers with the milliseconds that this took in n8n,
 * and with the number of tokens. The path of the webhook is the name of the approach.
 */
export function tokenWorkflow(approach: Approach, target: WorkflowTarget): ImportableWorkflow {
  const nodes: Record<Approach, WorkflowNode[]> = {
    package: [refreshNode()],
    diy: [signNode(target), requestNode(target)],
  };
  return timed(approach, 'refresh_token', nodes[approach]);
}

/** A workflow that reads all pages of accounts with HTTP Request and a consent's token. It answers as {@link tokenWorkflow} does. */
export function pagesWorkflow({ bankUrl }: WorkflowTarget): ImportableWorkflow {
  return timed('pages', 'start', [pagesNode(`${bankUrl}/accounts`, consentCredential)]);
}

/** HTTP Request with a consent's token, which reads all pages. */
export function pagesNode(url: string, credential: CredentialName): WorkflowNode {
  const parameters = {
    url,
    authentication: 'predefinedCredentialType',
    nodeCredentialType: 'openBankingApi',
    options: allPages,
  };
  const used = { openBankingApi: credential };
  return node('Get Pages', 'n8n-nodes-base.httpRequest', 4.5, parameters, used);
}

/** An expression for the refresh token of the item. Both approaches use it, and n8n evaluates it for each item. */
const REFRESH_TOKEN_OF_EACH = "={{ $('Each').item.json.refresh_token }}";

function refreshNode(): WorkflowNode {
  return node(
    'Refresh',
    'n8n-nodes-open-banking.openBankingToken',
    1,
    { resource: 'token', operation: 'refresh', refreshToken: REFRESH_TOKEN_OF_EACH },
    { openBankingApi: { id: credentialIds.bank, name: 'Bank' } },
  );
}

function signNode({ bankUrl, clientId, keyId }: WorkflowTarget): WorkflowNode {
  const now = 'Math.floor(Date.now() / 1000)';
  const claims = `{ iss: '${clientId}', sub: '${clientId}', aud: '${bankUrl}/token', jti: $json.refresh_token + Date.now() + Math.random(), nbf: ${now}, exp: ${now} + 60 }`;
  return node(
    'Sign',
    'n8n-nodes-base.jwt',
    1,
    {
      operation: 'sign',
      useJson: true,
      claimsJson: `={{ ${claims} }}`,
      options: { kid: keyId },
    },
    { jwtAuth: { id: credentialIds.jwt, name: 'Signing Key' } },
  );
}

function requestNode({ bankUrl, clientId }: WorkflowTarget): WorkflowNode {
  const form = {
    grant_type: 'refresh_token',
    refresh_token: REFRESH_TOKEN_OF_EACH,
    client_id: clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: '={{ $json.token }}',
  };
  const parameters = Object.entries(form).map(([name, value]) => ({ name, value }));
  return node(
    'Request',
    'n8n-nodes-base.httpRequest',
    4.5,
    {
      method: 'POST',
      url: `${bankUrl}/token`,
      provideSslCertificates: true,
      sendBody: true,
      contentType: 'form-urlencoded',
      bodyParameters: { parameters },
      options: {},
    },
    { httpSslAuth: { id: credentialIds.ssl, name: 'Certificate' } },
  );
}

/**
 * A workflow that measures nodes. Its webhook makes an item for each value in `items` of the body; then come a node that reads the clock,
 * the measured nodes, and another node that reads the clock. The first clock is a branch of its own: n8n runs the first branch first, so it
 * reads the clock when the items are there.
 */
export function timed(
  path: string,
  field: string,
  nodes: WorkflowNode[],
  answered = answeredByBank(nodes.at(-1)!),
): ImportableWorkflow {
  const begin = clock('Begin', { at: '={{ Date.now() }}' });
  const end = clock('End', {
    milliseconds: "={{ Date.now() - $('Begin').first().json.at }}",
    items: `={{ $('${nodes.at(-1)!.name}').all().length }}`,
    answered,
  });
  const answering = webhook(path, 'noData');
  answering.parameters.responseData = 'firstEntryJson';
  const workflow = row(path, [answering, each(field), ...nodes, end]);
  workflow.connections['Each']!.main[0]!.unshift({ node: 'Begin', type: 'main', index: 0 });
  // n8n runs branches from the top to the bottom.
  begin.position = [0, -500];
  return { ...workflow, nodes: [...workflow.nodes, begin] };
}

/** Makes an item for each value in `items` of the webhook's body. */
export function each(field: string): WorkflowNode {
  return node('Each', 'n8n-nodes-base.splitOut', 1, {
    fieldToSplitOut: 'body.items',
    options: { destinationFieldName: field },
  });
}

/** An expression for the number of items that have an answer of the bank. */
function answeredByBank({ name }: WorkflowNode): string {
  return `={{ $('${name}').all().filter((item) => item.json.access_token || item.json.Data).length }}`;
}

function clock(name: string, fields: Record<string, string>): WorkflowNode {
  const assignments = Object.entries(fields).map(([field, value]) => ({
    ...{ id: field, name: field, value, type: 'number' },
  }));
  const parameters = { assignments: { assignments }, options: {} };
  return Object.assign(node(name, 'n8n-nodes-base.set', 3.4, parameters), { executeOnce: true });
}
