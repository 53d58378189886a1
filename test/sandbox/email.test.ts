import { OpenBankingApi } from '../../credentials/OpenBankingApi.credentials';
import { email } from '../../sandbox/email';
import type { SandboxReady } from '../../sandbox/ready';

const ready = {
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

it('the e-mail has the fields of the credential in the order of its form', () => {
  const begin = lines.findIndex((line) => line.includes('Field in n8n'));
  const end = lines.indexOf('', begin);
  const column = lines[begin]!.indexOf('Field in n8n');
  const named = lines.slice(begin + 1, end).map((line) => line.slice(column).split('  ')[0]!);
  const inForm = new OpenBankingApi().properties
    .map(({ displayName }) => displayName)
    .filter((name) => named.includes(name));
  expect(inForm).toEqual(named);
});

it('the e-mail is at most 100 columns wide, apart from the values', () => {
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});
