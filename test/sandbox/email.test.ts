import { OpenBankingApi } from '../../credentials/OpenBankingApi.credentials';
import { email } from '../../sandbox/email';
import type { SandboxReady } from '../../sandbox/ready';

const ready = {
  regime: 'wso2',
  identityUrl: 'https://localhost:19446',
  gatewayUrl: 'https://localhost:18243',
  clientId: 'client-1',
  redirectUri: 'https://127.0.0.1:19446/sandbox/redirect',
  scope: 'openid accounts',
  files: {
    certificateAuthority: '/bank/certificate-authority.pem',
    clientCertificate: '/bank/client.pem',
    clientKey: '/bank/client.key',
  },
} as SandboxReady;

const lines = email(ready).split('\n');

it.each([
  ['Host', 'localhost:19446'],
  ['API Gateway Host', 'localhost:18243'],
  ['Client ID', 'client-1'],
  ['Transport Certificate', '/bank/client.pem'],
  ['Transport Private Key', '/bank/client.key'],
  ['Certificate Authorities', '/bank/certificate-authority.pem'],
  ['Redirect URI', 'https://127.0.0.1:19446/sandbox/redirect'],
  ['Scope', 'openid accounts'],
])('the e-mail has the value of the field %s', (field, value) => {
  expect(
    lines.filter((line) => line.endsWith(`  ${value}`) && line.includes(` ${field} `)),
  ).toHaveLength(1);
});

const ofBrazil = {
  ...ready,
  regime: 'brazil',
  issuer: 'https://localhost:19446',
  accountApiUrl: 'https://localhost:18243/open-banking',
  files: { ...ready.files, clientEncryptionKey: '/bank/client-encryption.key' },
} as SandboxReady;

it.each([
  ['Bank', 'Discovery'],
  ['Regime', 'Brazil'],
  ['Issuer', 'https://localhost:19446'],
  ['Account API URL', 'https://localhost:18243/open-banking'],
  ['Authorize HTTP Requests With', "A Consent's Token"],
  ['Use Custom Settings', 'on'],
  ['Decryption Keys', '/bank/client-encryption.key'],
])('the e-mail of a bank of a regime has the value of the field %s', (field, value) => {
  const found = email(ofBrazil)
    .split('\n')
    .filter((line) => line.endsWith(`  ${value}`) && line.includes(` ${field} `));
  expect(found).toHaveLength(1);
});

it.each<[SandboxReady['regime'], RegExp]>([
  ['brazil', /"Brazil: CPF" .* 529\.982\.247-25\b/],
  ['saudiArabiaFapi2', /"Saudi Arabia: National ID" .* 1111111111\b/],
])('the e-mail of %s says which option names the customer, and its value', (regime, words) => {
  expect(email({ ...ofBrazil, regime })).toMatch(words);
});

it.each<[SandboxReady['regime'], string, string]>([
  ['brazil', 'https://localhost:18243/open-banking/accounts/v2/accounts', 'x-open-banking-consent'],
  ['australia', 'https://localhost:18243/open-banking/banking/accounts', 'x-v'],
])('the e-mail of %s says how HTTP Request reads the accounts', (regime, address, header) => {
  const text = email({ ...ofBrazil, regime });
  expect(text).toContain(address);
  expect(text).toContain(header);
});

it('the e-mail of the United Kingdom has no field of other countries', () => {
  const text = email({ ...ofBrazil, regime: 'uk' });
  for (const words of ['Use Custom Settings', 'Decryption Keys', 'HTTP Request', 'Brazil']) {
    expect(text).not.toContain(words);
  }
});

it('the e-mail of a regime has the redirect URI that the bank was started with', () => {
  const redirectUri = 'http://localhost:5678/webhook/open-banking-redirect';
  const row = email(ofBrazil, redirectUri)
    .split('\n')
    .find((line) => line.includes('Redirect URI  '));
  expect(row).toMatch(new RegExp(` {2}${redirectUri}$`));
  expect(email(ofBrazil, redirectUri)).not.toContain('--redirect-uri');
  expect(email(ofBrazil)).toContain('--redirect-uri');
});

it.each([
  ['WSO2', ready],
  ['a regime', ofBrazil],
])('the e-mail of %s has the fields of the credential in the order of its form', (_bank, of) => {
  const lines = email(of).split('\n');
  const begin = lines.findIndex((line) => line.includes('Field in n8n'));
  const end = lines.indexOf('', begin);
  const column = lines[begin]!.indexOf('Field in n8n');
  const named = lines.slice(begin + 1, end).map((line) => line.slice(column).split('  ')[0]!);
  const fields = new OpenBankingApi().properties.map(({ displayName }) => displayName);
  // A field that is elsewhere for another bank has its first place here.
  const inForm = [...new Set(fields)].filter((name) => named.includes(name));
  expect(inForm).toEqual(named);
});

it('the e-mail is at most 100 columns wide, apart from the values', () => {
  for (const bank of [ready, ofBrazil, { ...ofBrazil, regime: 'australia' as const }]) {
    const wide = email(bank)
      .split('\n')
      .filter((line) => line.length > 100);
    expect(wide).toEqual([]);
  }
});
