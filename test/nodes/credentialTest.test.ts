import type { INodeType } from 'n8n-workflow';
import type { BankSettings } from '../../oauth/settings';
import { sandboxCredential } from '../support/credential';
import { loadPackage } from '../support/nodeExecution';
import { startSandbox, type Sandbox } from '../support/sandbox';

let bank: Sandbox;
let credential: BankSettings;

beforeAll(async () => {
  bank = await startSandbox();
  credential = await sandboxCredential(bank);
});
afterAll(() => bank?.stop());

/** What the editor shows after the Test button. */
async function test(changes: BankSettings = {}) {
  const { type } = (await loadPackage()).getNode('openBankingToken');
  const data = { ...credential, ...changes };
  const { openBankingApiTest } = (type as INodeType).methods!.credentialTest!;
  return openBankingApiTest!.call({} as never, { data } as never);
}

it('proves that the bank knows the client, and uses nothing up', async () => {
  await bank.clearRequests();
  expect(await test()).toMatchObject({ status: 'OK' });
  const grants = (await bank.requests()).flatMap(({ form }) => form?.grant_type ?? []);
  expect(grants).toEqual(['authorization_code']);
});

it.each<[string, BankSettings, RegExp]>([
  ['no key', { transportPrivateKey: '' }, /^"Transport Private Key" is empty\. Paste /],
  ['a client that is not known', { clientId: 'nobody' }, /A valid OAuth client could not be found/],
  [
    'an audience that is not the bank',
    { audience: 'custom', audienceValue: 'https://other.example' },
    /Failed to match audience values/,
  ],
  [
    'no bank on this port',
    { host: 'localhost:1' },
    /^"localhost:1" cannot be reached from here \(ECONNREFUSED\)/,
  ],
  [
    'an authority that is not trusted',
    { certificateAuthorities: '' },
    /certificate authority that is not trusted/,
  ],
])('names %s', async (_, changes, message) => {
  expect(await test(changes)).toEqual({ status: 'Error', message: expect.stringMatching(message) });
});
