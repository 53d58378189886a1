import type { ICredentialType, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { fillCredential, readExample, type ImportableCredential } from '../../demo/examples';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { errorsOf, formsOf, type Values } from './credentialSchema';
import { N8nClient } from './n8nClient';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';

const NODES = [
  ...['openBanking', 'openBankingRedirectTrigger', 'openBankingToken', 'openBankingTrigger'],
].map((name) => `n8n-nodes-open-banking.${name}`);

let n8n: TemporaryN8n;
let server: N8nServer;
let editor: N8nClient;
let api: N8nClient;
let example: ImportableCredential;
let credential: ICredentialType & { iconUrl: object };
let nodes: (INodeTypeDescription & { iconUrl: object })[];

beforeAll(async () => {
  n8n = await n8nWithPackage();
  example = fillCredential(
    await readExample<ImportableCredential>('credential-sandbox.json'),
    values,
  );
  await importInto(n8n, [example], []);
  server = await startServer(n8n, await freePort());
  await setUpOwner(server);
  editor = await N8nClient.logIn(server.url);
  api = await editor.withApiKey();
  const credentials = await editor.call<(typeof credential)[]>('GET', '/types/credentials.json');
  credential = credentials.find(({ name }) => name === 'openBankingApi')!;
  const all = await editor.call<typeof nodes>('GET', '/types/nodes.json');
  nodes = NODES.map((name) => all.find((node) => node.name === name)!);
});

afterAll(async () => {
  await server?.stop();
  await n8n?.remove();
});

const values = {
  identityUrl: 'https://is.bank.example:9446',
  gatewayUrl: 'https://api.bank.example:8243',
  clientId: 'client',
  redirectUri: 'https://app.example/redirect',
  scope: 'openid accounts',
  transportCertificate: 'a certificate',
  transportPrivateKey: 'a private key',
  certificateAuthorities: 'an authority',
};

describe('the editor', () => {
  it('gets a credential for HTTP Request with a link to its documentation', () => {
    expect(credential).toMatchObject({
      displayName: 'Open Banking API',
      authenticate: expect.anything() as unknown,
      documentationUrl: expect.stringMatching(/^https:\/\/\S+#credential$/) as unknown,
      supportedNodes: expect.arrayContaining(NODES) as unknown,
    });
  });

  it('gets nodes whose credential can be tested', async () => {
    for (const node of nodes) {
      expect(node.credentials).toEqual([
        expect.objectContaining({ name: 'openBankingApi', testedBy: 'openBankingApiTest' }),
      ]);
    }
    const { data } = await editor.call<{ data: { status: string; message: string } }>(
      'POST',
      '/rest/credentials/test',
      { credentials: example },
    );
    expect(data.status).toBe('Error');
    expect(data.message).toMatch(/"Transport Certificate"/);
  });

  it('gets icons for both themes that load', async () => {
    const icons = [credential, ...nodes].flatMap(({ iconUrl }) => Object.values(iconUrl));
    expect(icons).toHaveLength(10);
    for (const icon of icons) {
      const response = await editor.send('GET', `/${icon}`);
      expect([icon, response.status, response.headers.get('content-type')]).toEqual([
        ...[icon, 200],
        expect.stringContaining('image/svg+xml'),
      ]);
    }
  });

  it('gets absolute links to the documentation of each node', () => {
    for (const { codex } of nodes) {
      const [link] = codex?.resources?.primaryDocumentation ?? [];
      expect(link?.url).toMatch(/^https:\/\/\S+#\S+$/);
    }
  });

  it("gets n8n's Custom API Call after the operations of each list", () => {
    const { properties } = nodes.find(({ name }) => name.endsWith('Token'))!;
    const lists = properties.filter(({ name }) => ['resource', 'operation'].includes(name));
    expect(lists.length).toBeGreaterThan(2);
    for (const { options } of lists) {
      expect(options?.at(-1)).toEqual({ name: 'Custom API Call', value: '__CUSTOM_API_CALL__' });
    }
  });

  it('gets lists whose methods exist', async () => {
    for (const node of nodes) {
      for (const { path, methodName } of listsOf(node.properties)) {
        const response = await editor.send(
          'POST',
          '/rest/dynamic-node-parameters/resource-locator-results',
          {
            ...{ path, methodName, currentNodeParameters: {} },
            nodeTypeAndVersion: { name: node.name, version: 1 },
            credentials: { openBankingApi: { id: example.id, name: example.name } },
          },
        );
        // The method is found; it reports the mistake in the credential.
        expect(await response.text()).toMatch(/"results"|Transport Certificate/);
      }
    }
  });
});

describe("n8n's public API", () => {
  it('accepts the shipped example after the command line has imported it', async () => {
    const { data } = await editor.call<{ data: { data: Values } }>(
      'GET',
      `/rest/credentials/${example.id}?includeData=true`,
    );
    expect(data.data).toMatchObject({ host: 'is.bank.example:9446', clientId: 'client' });
    await api.call('DELETE', `/api/v1/credentials/${example.id}`);
    const created = await api.call<{ id: string }>('POST', '/api/v1/credentials', example);
    expect(created.id).toBe(example.id);
  });

  it('accepts the visible fields of the form for all combinations of choices', async () => {
    const schema = await api.call<object>('GET', '/api/v1/credentials/schema/openBankingApi');
    const forms = formsOf(credential.properties);
    expect(forms.length).toBeGreaterThan(1000);
    expect(await errorsOf(n8n.runtime, schema, forms)).toEqual([]);
    const simple = forms.filter(({ useCustomSettings }) => !useCustomSettings);
    for (const data of simple) {
      const response = await api.send('POST', '/api/v1/credentials', {
        ...{ name: 'by API', type: 'openBankingApi', data },
      });
      expect(await response.text()).not.toMatch(/message/);
    }
  });

  it('rejects a form without a client ID', async () => {
    const data = { bank: 'wso2', host: 'is.bank.example' };
    const response = await api.send('POST', '/api/v1/credentials', {
      ...{ name: 'by API', type: 'openBankingApi', data },
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/clientId/);
  });
});

/** The lists "From list" of all fields, those of collections included. */
function listsOf(
  properties: INodeProperties[],
  parent = 'parameters',
): { path: string; methodName: string }[] {
  return properties.flatMap(({ name, type, modes = [], options = [] }) => {
    const path = `${parent}.${name}`;
    const methods = modes.map(({ typeOptions }) => typeOptions?.searchListMethod);
    const own = methods.flatMap((methodName) => (methodName ? [{ path, methodName }] : []));
    return type === 'collection' ? [...own, ...listsOf(options as INodeProperties[], path)] : own;
  });
}
