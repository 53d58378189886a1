import { NodeHelpers, type INodeParameters, type INodeProperties } from 'n8n-workflow';
import example from '../../examples/credential-sandbox.json';
import { loadPackage } from '../support/n8n/nodeExecution';

let fields: INodeProperties[];
beforeAll(async () => {
  fields = (await loadPackage()).getCredential('openBankingApi').type.properties;
});

/** The labels that the form shows with these values, in order. n8n fills in the defaults. */
function shown(values: INodeParameters): string[] {
  const all = NodeHelpers.getNodeParameters(fields, values, true, false, null, null)!;
  return fields
    .filter((field) => field.type !== 'notice')
    .filter((field) => NodeHelpers.displayParameter(all, field, null, null))
    .map(({ displayName }) => displayName);
}

const choices = (name: string) =>
  fields
    .find((field) => field.name === name)!
    .options!.map((option) => (option as { value: string }).value);

it("shows the fields of the bank's e-mail and then one switch", () => {
  expect(shown({})).toEqual([
    ...['Bank', 'Regime', 'Host', 'API Gateway Host', 'Client ID', 'Key Format'],
    ...['Transport Certificate', 'Transport Private Key', 'Passphrase'],
    ...['Certificate Authorities', 'Redirect URI', 'Scope', 'Authorize HTTP Requests With'],
    'Use Custom Settings',
  ]);
});

it('offers the well-known authorities only beside authorities of its own', () => {
  const label = 'Also Trust Well-Known Authorities';
  expect(shown({ certificateAuthorities: '' })).not.toContain(label);
  expect(shown({ certificateAuthorities: '-----BEGIN CERTIFICATE-----' })).toContain(label);
});

it('shows at most thirteen fields for WSO2, and fourteen for discovery, if the switch is off', () => {
  for (const [bank, most] of Object.entries({ wso2: 13, discovery: 14 })) {
    for (const keyFormat of choices('keyFormat')) {
      for (const authorizeWith of choices('authorizeWith')) {
        const labels = shown({ bank, keyFormat, authorizeWith });
        const own = labels.filter((label) => label !== 'Use Custom Settings');
        expect(own.length).toBeLessThanOrEqual(most);
      }
    }
  }
});

it('shows all other fields if the switch is on', () => {
  const labels = shown({ useCustomSettings: true, authorizeWith: 'consent' });
  expect(labels).toEqual(
    expect.arrayContaining([
      ...['Refresh At', 'Consent', 'First Refresh Token', 'Keep Tokens In', 'Encryption Key'],
      ...['Client Authentication', 'Signature Algorithm', 'Key ID From', 'Audience'],
      ...['Use a Separate Signing Key', 'Decryption Keys', 'ID Token Algorithm'],
      ...['Issuer of ID Tokens', 'Exchange Keys on a Date'],
      ...['Extra Headers', 'Account API Headers'],
      ...['Connect Timeout (Seconds)', 'Request Timeout (Seconds)'],
    ]),
  );
  expect(shown({ bank: 'discovery', useCustomSettings: true })).not.toContain('Refresh At');
});

it('shows "API Hosts" if tokens are set: for WSO2, whose gateway has a field, behind the switch', () => {
  for (const authorizeWith of ['application', 'consent']) {
    expect(shown({ bank: 'discovery', authorizeWith })).toContain('API Hosts');
    expect(shown({ bank: 'custom', authorizeWith })).toContain('API Hosts');
    expect(shown({ bank: 'wso2', authorizeWith })).not.toContain('API Hosts');
    const labels = shown({ bank: 'wso2', authorizeWith, useCustomSettings: true });
    expect(labels.filter((label) => label === 'API Hosts')).toHaveLength(1);
  }
  expect(shown({ bank: 'discovery', useCustomSettings: true })).not.toContain('API Hosts');
});

it('gives the value of "API Hosts" to the nodes of every bank', () => {
  const given = { authorizeWith: 'consent', apiHosts: 'api.bank.example' };
  for (const values of [
    { ...given, bank: 'discovery', useCustomSettings: false },
    { ...given, bank: 'custom', useCustomSettings: true },
    { ...given, bank: 'wso2', useCustomSettings: true },
  ]) {
    const all = NodeHelpers.getNodeParameters(fields, values, true, false, null, null)!;
    expect(all.apiHosts).toBe('api.bank.example');
  }
});

it('shows "Account API URL" for banks without a gateway, and for WSO2 behind the switch', () => {
  const label = 'Account API URL';
  expect(shown({ bank: 'discovery' })).toContain(label);
  expect(shown({ bank: 'custom' })).toContain(label);
  expect(shown({ bank: 'wso2' })).not.toContain(label);
  for (const bank of ['discovery', 'custom', 'wso2']) {
    const labels = shown({ bank, useCustomSettings: true });
    expect(labels.filter((shownLabel) => shownLabel === label)).toHaveLength(1);
    expect(labels).toContain('Financial ID');
    expect(shown({ bank })).not.toContain('Financial ID');
  }
});

it('gives the value of "Account API URL" to the nodes of every bank', () => {
  const accountApiUrl = 'https://api.bank.example/aisp';
  for (const values of [
    { bank: 'discovery', useCustomSettings: false },
    { bank: 'custom', useCustomSettings: true },
    { bank: 'wso2', useCustomSettings: true },
  ]) {
    const given = { ...values, accountApiUrl };
    const all = NodeHelpers.getNodeParameters(fields, given, true, false, null, null)!;
    expect(all.accountApiUrl).toBe(accountApiUrl);
  }
});

it('shows the fields for an exchange of keys if it is switched on, and those of the key format', () => {
  const custom = { useCustomSettings: true };
  const next = (values: INodeParameters) =>
    shown({ ...custom, ...values }).filter((label) => label.startsWith('Next '));
  expect(shown(custom)).toContain('Exchange Keys on a Date');
  expect(next({})).toEqual([]);
  const signing = ['Next Passphrase', 'Next Signing Private Key', 'Next Signing Passphrase'];
  expect(next({ exchangeKeys: true })).toEqual([
    ...['Next Keys From', 'Next Transport Certificate', 'Next Transport Private Key'],
    ...signing,
    'Next Signing Certificate',
  ]);
  const assigned = { exchangeKeys: true, keyFormat: 'pkcs12', keyIdSource: 'given' };
  expect(next(assigned)).toEqual([
    ...['Next Keys From', 'Next PKCS #12 File', ...signing],
    ...['Next Signing Certificate', 'Next Key ID'],
  ]);
  expect(shown({ exchangeKeys: true, keyIdSource: 'given' })).not.toContain('Next Keys From');
});

describe('"Client Secret"', () => {
  const ways = ['client_secret_basic', 'client_secret_post'];
  const label = 'Client Secret';

  it('is shown below the choice that needs it, and with no other', () => {
    for (const clientAuthentication of choices('clientAuthentication')) {
      const labels = shown({ useCustomSettings: true, clientAuthentication });
      const isNeeded = ways.includes(clientAuthentication);
      expect(labels.includes(label)).toBe(isNeeded);
      if (isNeeded) expect(labels[labels.indexOf(label) - 1]).toBe('Client Authentication');
    }
    expect(shown({})).not.toContain(label);
    expect(shown({ useCustomSettings: true })).not.toContain(label);
  });

  it('is no custom setting of its own', () => {
    const field = fields.find(({ name }) => name === 'clientSecret')!;
    for (const clientAuthentication of ways) {
      const given = { useCustomSettings: false, clientAuthentication, clientSecret: 's-1' };
      expect(NodeHelpers.displayParameter(given, field, null, null)).toBe(true);
      // Without the choice, the profile sends the secret in the header.
      const all = NodeHelpers.getNodeParameters(fields, given, true, false, null, null)!;
      expect(all).toMatchObject({ clientSecret: 's-1' });
      expect(all).not.toHaveProperty('clientAuthentication');
    }
  });

  it('is a password, and is given to the nodes only with a choice that needs it', () => {
    expect(fields.find(({ name }) => name === 'clientSecret')!.typeOptions).toEqual({
      password: true,
    });
    const given = { useCustomSettings: true, clientSecret: 's-1' };
    const readWith = (values: INodeParameters) =>
      NodeHelpers.getNodeParameters(fields, values, true, false, null, null)!.clientSecret;
    expect(readWith(given)).toBeUndefined();
    for (const clientAuthentication of ways) {
      expect(readWith({ ...given, clientAuthentication })).toBe('s-1');
    }
  });
});

it('requires no field that has a condition, because n8n would refuse credentials that an environment fills in', () => {
  const conditional = fields.filter(({ required, displayOptions }) => required && displayOptions);
  expect(conditional.map(({ name }) => name)).toEqual([]);
});

it('allows no expression in fields that n8n evaluates only for the first item', () => {
  const fixed = fields.filter(({ noDataExpression }) => noDataExpression);
  expect(fixed.map(({ name }) => name)).toEqual(['consent', 'firstRefreshToken']);
});

it('shows every field of the shipped example without the switch', () => {
  const values = example.data as INodeParameters;
  const all = NodeHelpers.getNodeParameters(fields, values, true, false, null, null)!;
  const hidden = Object.keys(values).filter((name) => !(name in all));
  expect(hidden).toEqual([]);
});
