import type { INodeType } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import type { KeepingSettings } from '../../core/tokens/settings';
import { clientCertificate } from '../support/keys/certificates';
import { sandboxCredential } from '../support/bank/credential';
import { loadPackage } from '../support/n8n/nodeExecution';
import { createTestDatabase } from '../support/stores/postgres';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';

let bank: Sandbox;
let credential: BankSettings;

beforeAll(async () => {
  bank = await startSandbox();
  credential = await sandboxCredential(bank);
});
afterAll(() => bank?.stop());

/** The result of the Test button in the editor. */
async function test(changes: BankSettings & KeepingSettings & { authorizeWith?: string } = {}) {
  const { type } = (await loadPackage()).getNode('openBankingToken');
  const data = { ...credential, ...changes };
  const { openBankingApiTest } = (type as INodeType).methods!.credentialTest!;
  return openBankingApiTest!.call({} as never, { data } as never);
}

it('reports OK if the bank knows the client, and requests no real token', async () => {
  await bank.clearRequests();
  expect(await test()).toMatchObject({ status: 'OK' });
  const grants = (await bank.requests()).flatMap(({ form }) => form?.grant_type ?? []);
  expect(grants).toEqual(['authorization_code', 'refresh_token']);
});

it.each<[string, BankSettings, RegExp]>([
  ['no key', { transportPrivateKey: '' }, /^"Transport Private Key" is empty\. Paste /],
  ['an unknown client', { clientId: 'nobody' }, /A valid OAuth client could not be found/],
  [
    'the audience of another bank',
    { audience: 'custom', audienceValue: 'https://other.example' },
    /Failed to match audience values/,
  ],
  [
    'no bank on this port',
    { host: 'localhost:1' },
    /^"localhost:1" \("Host" in the credential\) cannot be reached from here \(ECONNREFUSED\)\. Check host and port, and that a firewall .*\. The bank may be down: try again later\. Nothing was sent\. \(host-unreachable\)\n/,
  ],
  [
    'no gateway on this port',
    { gatewayHost: 'localhost:1' },
    /^"localhost:1" \("API Gateway Host" in the credential\) cannot be reached from here/,
  ],
  [
    'a redirect URI that is no address',
    { redirectUri: 'not registered' },
    /^"Redirect URI" contains white space or a backslash\. Give the address exactly .*\(url-malformed\)\n/,
  ],
  [
    'an untrusted certificate authority',
    { certificateAuthorities: '' },
    /which is not trusted here/,
  ],
])('reports %s', async (_, changes, message) => {
  expect(await test(changes)).toEqual({ status: 'Error', message: expect.stringMatching(message) });
});

it('notes an Encryption Key that can be guessed, and reports OK', async () => {
  const { status, message } = await test({ encryptionKey: 'k'.repeat(32) });
  expect([status, message]).toEqual([
    'OK',
    expect.stringMatching(/Note: "Encryption Key" .* guessed/),
  ]);
});

it('reports swapped hosts, with one full stop after the text of the gateway', async () => {
  const { host, gatewayHost } = credential;
  const { message } = await test({ host: gatewayHost, gatewayHost: host });
  expect(message).toMatch(
    /^"Host" answers as an API gateway, not as an identity server: are "Host" and "API Gateway Host" swapped\? The bank's gateway answered 404 – /,
  );
  expect(message).not.toMatch(/[.?]\s*\./);
});

it('reports an expired certificate once', async () => {
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa', until: -1 });
  const { message } = await test({
    transportCertificate: certificate,
    transportPrivateKey: privateKey,
  });
  expect(message).toMatch(/^"Transport Certificate" expired on [\d-]+\. [^\n]+$/);
});

describe('the token store', () => {
  const saved = process.env.N8N_USER_FOLDER;
  afterEach(() => (process.env.N8N_USER_FOLDER = saved));

  /** Sets a path at which no folder can be created. */
  const noFolder = () => (process.env.N8N_USER_FOLDER = __filename);
  const opened = 'The token store can be opened and written.';

  it('is tested if HTTP requests use its tokens', async () => {
    const { status, message } = await test({ authorizeWith: 'consent' });
    expect([status, message]).toEqual(['OK', expect.stringContaining(opened)]);
    noFolder();
    // Another timeout makes another profile. With the same profile, the open store would be used.
    const refused = await test({ authorizeWith: 'consent', requestTimeout: 29 });
    expect(refused).toEqual({
      status: 'Error',
      message: expect.stringMatching(/^The token store .* \(store-unavailable\)\nProven before: /),
    });
    expect(refused.message).not.toContain(opened);
  });

  it('is tested if it is PostgreSQL', async () => {
    const database = await createTestDatabase();
    const where = { keepTokensIn: 'postgres', postgresUrl: database.connectionString } as const;
    try {
      expect((await test(where)).message).toContain(opened);
    } finally {
      await database.close();
    }
    const unreachable = { ...where, postgresUrl: 'postgres://n8n:secret@localhost:1/n8n' };
    const { status, message } = await test(unreachable);
    expect(status).toBe('Error');
    expect(message).toContain('(store-unavailable)');
    expect(message).not.toContain('secret');
    expect((await test({ ...where, postgresUrl: '' })).message).toMatch(
      /^"PostgreSQL Connection" is empty/,
    );
  });

  it('is not tested if the credential stores no token, or if the test fails before', async () => {
    noFolder();
    expect((await test()).message).not.toContain('store');
    expect(await test({ authorizeWith: 'application' })).toMatchObject({ status: 'OK' });
    const { message } = await test({ authorizeWith: 'consent', clientId: 'nobody' });
    expect(message).toMatch(/A valid OAuth client could not be found/);
  });
});
