import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { INodeType } from 'n8n-workflow';
import { loadPackage } from '../support/n8n/nodeExecution';
import { n8n } from '../../package.json';
import { packedPackage } from '../support/package/packedPackage';

describe("n8n's loader", () => {
  it('finds the nodes and the credential under their public names', async () => {
    const loader = await loadPackage();
    expect(loader.packageName).toBe('n8n-nodes-open-banking');
    const nodes = [
      ...['openBanking', 'openBankingRedirectTrigger', 'openBankingToken', 'openBankingTrigger'],
    ];
    expect(Object.keys(loader.known.nodes).sort()).toEqual(nodes);
    expect(Object.keys(loader.known.credentials)).toEqual(['openBankingApi']);
    expect([...loader.known.credentials.openBankingApi!.supportedNodes!].sort()).toEqual(nodes);
    const { description } = loader.getNode('openBankingToken').type as INodeType;
    expect(description).toMatchObject({ displayName: 'Open Banking Token', version: 1 });
    expect(description.codex).toMatchObject({
      categories: expect.arrayContaining(['Development']),
    });
    const data = loader.getNode('openBanking').type as INodeType;
    expect(data.description).toMatchObject({
      ...{ displayName: 'Open Banking', version: 1, group: ['input'], usableAsTool: true },
      codex: { categories: ['Finance & Accounting', 'Data & Storage'] },
    });
    const trigger = loader.getNode('openBankingRedirectTrigger').type as INodeType;
    expect(trigger.description).toMatchObject({
      ...{ displayName: 'Open Banking Redirect Trigger', version: 1, group: ['trigger'] },
      codex: { categories: expect.arrayContaining(['Development']) },
    });
    const watching = loader.getNode('openBankingTrigger').type as INodeType;
    expect(watching.description).toMatchObject({
      ...{ displayName: 'Open Banking Trigger', version: 1, group: ['trigger'], inputs: [] },
      codex: { categories: ['Finance & Accounting', 'Data & Storage'] },
    });
    expect(loader.getCredential('openBankingApi').type).toMatchObject({
      displayName: 'Open Banking API',
    });
  });

  it('finds every icon in the package', async () => {
    const { types } = await loadPackage();
    const urls = [...types.nodes, ...types.credentials].flatMap(({ iconUrl }) =>
      typeof iconUrl === 'string' ? [iconUrl] : Object.values(iconUrl ?? {}),
    );
    expect(urls).toHaveLength(10);
    for (const url of urls) {
      const path = url.replace('icons/n8n-nodes-open-banking/', '');
      expect(existsSync(resolve(packedPackage, path))).toBe(true);
    }
  });

  it('offers the credential to HTTP Request, with every secret masked', async () => {
    const { type } = (await loadPackage()).getCredential('openBankingApi');
    expect(typeof type.authenticate).toBe('function');
    // The editor gets a copy that is made with a spread, as JSON.
    const inEditor = JSON.parse(JSON.stringify({ ...type })) as object;
    expect(inEditor).toHaveProperty('authenticate');
    const secrets = type.properties.filter(({ typeOptions }) => typeOptions?.password);
    expect(secrets.map(({ name }) => name)).toEqual([
      'transportPrivateKey',
      'pkcs12',
      'passphrase',
      'firstRefreshToken',
      'postgresUrl',
      'encryptionKey',
      'clientSecret',
      'signingPrivateKey',
      'signingPassphrase',
      'decryptionKeys',
      'decryptionPassphrase',
      'extraHeaders',
      'accountApiHeaders',
      'nextTransportPrivateKey',
      'nextPkcs12',
      'nextPassphrase',
      'nextSigningPrivateKey',
      'nextSigningPassphrase',
    ]);
  });

  it('masks all texts of the credential except these', async () => {
    const { type } = (await loadPackage()).getCredential('openBankingApi');
    const plain = type.properties.filter(
      (field) => field.type === 'string' && !field.typeOptions?.password,
    );
    expect([...new Set(plain.map(({ name }) => name))].sort()).toEqual([
      ...[
        'accountApiUrl',
        'apiHosts',
        'audienceValue',
        'authorizationEndpoint',
        'certificateAuthorities',
        'clientId',
        'consent',
        'financialId',
        'gatewayHost',
        'host',
        'introspectionEndpoint',
      ],
      ...[
        'issuer',
        'jwksUri',
        'keyId',
        ...['nextKeyId', 'nextKeysFrom', 'nextSigningCertificate', 'nextTransportCertificate'],
        'postgresSchema',
        'pushedAuthorizationRequestEndpoint',
        'redirectUri',
        'refreshEndpoint',
        'requestObjectAudience',
        'revocationEndpoint',
      ],
      ...['scope', 'signingCertificate', 'tokenEndpoint', 'transportCertificate'],
    ]);
  });

  it('finds the function that tests the credential in each node', async () => {
    const loader = await loadPackage();
    // n8n uses only the first node that it finds.
    for (const name of Object.keys(loader.known.nodes)) {
      const { description, methods } = loader.getNode(name).type as INodeType;
      const { testedBy } = description.credentials![0]!;
      expect(methods?.credentialTest).toHaveProperty(testedBy as string, expect.any(Function));
    }
  });
});

describe('the packed package in plain Node.js', () => {
  it('loads only the file with descriptions before a node is used', () => {
    const script = `
      require('n8n-workflow');
      const before = new Set(Object.keys(require.cache));
      for (const file of ${JSON.stringify([...n8n.nodes, ...n8n.credentials])}) require('./' + file);
      const added = Object.keys(require.cache).filter((file) => !before.has(file));
      console.log(JSON.stringify(added.map((file) => require('node:path').relative('.', file))));
    `;
    const loaded = JSON.parse(
      execFileSync(process.execPath, ['-e', script], { cwd: packedPackage, encoding: 'utf8' }),
    ) as string[];
    expect(loaded.sort()).toEqual([...n8n.nodes, ...n8n.credentials, 'dist/start.js'].sort());
  });
});
