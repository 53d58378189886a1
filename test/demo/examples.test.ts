import {
  fillCredential,
  fillWorkflow,
  readExample,
  type CredentialValues,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';

const values: CredentialValues = {
  identityUrl: 'https://localhost:19446',
  gatewayUrl: 'https://localhost:18243',
  clientId: 'client-1',
  redirectUri: 'https://third-party.example/callback',
  scope: 'openid accounts',
  transportCertificate: 'CERTIFICATE',
  transportPrivateKey: 'PRIVATE KEY',
  certificateAuthorities: 'AUTHORITY',
};

describe('the credential template', () => {
  it('holds placeholders only, and no placeholder is left once it is filled in', async () => {
    const template = await readExample<ImportableCredential>('credential-sandbox.json');
    const filled = fillCredential(template, values);
    expect(JSON.stringify(template)).not.toMatch(/BEGIN|eyJ/);
    expect(JSON.stringify(filled)).not.toContain('<');
    expect(filled.data).toMatchObject({
      bank: 'wso2',
      host: 'localhost:19446',
      gatewayHost: 'localhost:18243',
      clientId: 'client-1',
      transportPrivateKey: 'PRIVATE KEY',
      authorizeWith: 'certificate',
    });
  });
});

describe('the workflow J1', () => {
  const node = (workflow: ImportableWorkflow, name: string): Record<string, unknown> =>
    workflow.nodes.find((candidate) => candidate.name === name)?.parameters ?? {};

  it('gets the code and the address of the bank, and keeps everything else', async () => {
    const template = await readExample<ImportableWorkflow>('J1-exchange-and-refresh.json');
    const before = JSON.stringify(template);
    const filled = fillWorkflow(template, { gatewayUrl: values.gatewayUrl, code: 'code-1' });

    expect(node(filled, 'Exchange Authorization Code')['code']).toBe('code-1');
    for (const name of ['Get Accounts', 'Get Accounts Again']) {
      expect(node(filled, name)['url']).toBe(
        'https://localhost:18243/open-banking/v3.1/aisp/accounts',
      );
    }
    expect(node(filled, 'Refresh Token')).toEqual(node(template, 'Refresh Token'));
    expect(JSON.stringify(template)).toBe(before);
  });

  it('uses the credential of the template in every node that needs one', async () => {
    const { id, name, type } = await readExample<ImportableCredential>('credential-sandbox.json');
    const { nodes } = await readExample<{ nodes: Array<{ credentials?: object }> }>(
      'J1-exchange-and-refresh.json',
    );
    const used = nodes.flatMap(({ credentials }) => (credentials ? [credentials] : []));
    expect(used).toHaveLength(4);
    for (const credentials of used) expect(credentials).toEqual({ [type]: { id, name } });
  });
});
