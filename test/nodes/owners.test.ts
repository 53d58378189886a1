import { randomBytes } from 'node:crypto';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { transportFields } from '../support/bank/credential';
import { rotated, tokenBank, type TokenBank } from '../support/bank/tokenBank';
import { generatePrivateKey } from '../support/keys/certificates';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

ownUserFolder();

/** The credential of a user, and one that another user of the same n8n made for the same bank and client ID, with keys of his own. */
let owners: IDataObject;
let others: IDataObject;
let bank: TokenBank;
let clients = 0;

beforeEach(async () => {
  bank = await tokenBank();
  const { tokenEndpoint } = bank.settings;
  owners = {
    ...bank.settings,
    clientId: `client-of-owners-${++clients}`,
    revocationEndpoint: tokenEndpoint!.replace('/token', '/revoke'),
    introspectionEndpoint: tokenEndpoint!.replace('/token', '/introspect'),
  };
  others = { ...owners, ...(await transportFields({ key: generatePrivateKey('rsa') })) };
  bank.answerWith(rotated());
});

async function run(
  credential: IDataObject,
  operation: string,
  parameters: INodeParameters,
): Promise<{ items: IDataObject[]; hints: string[]; code?: string }> {
  const all = { resource: 'token', operation, ...parameters };
  const task = await runNode({ credential, parameters: all });
  const { context } = (task.error ?? {}) as { context?: { code: string } };
  const items = task.error ? [] : outputOf(task).map(({ json }) => json);
  return { items, hints: task.hints?.map(({ message }) => message) ?? [], code: context?.code };
}

/** Refreshes a refresh token, and stores the tokens. */
const store = (credential: IDataObject, refreshToken: string) =>
  run(credential, 'refresh', { refreshToken, options: { keepForConsent: 'household' } });

const refreshNow = (credential: IDataObject) =>
  run(credential, 'valid', { consent: 'household', options: { refreshNow: true } });

it('another user of the same bank and client sees, uses and deletes nothing of a stored consent', async () => {
  expect((await store(owners, 'rt-of-owner')).items).toHaveLength(1);

  expect((await run(others, 'list', {})).items).toEqual([]);
  for (const operation of ['valid', 'revoke', 'introspect']) {
    expect(await run(others, operation, { consent: 'household' })).toMatchObject({
      code: 'consent-unknown',
    });
  }
  const forgotten = { consent: 'household', options: { onlyForget: true } };
  expect((await run(others, 'revoke', forgotten)).items).toEqual([
    { consent: 'household', forgotten: false },
  ]);
  expect(bank.sent).toEqual(['rt-of-owner']);

  expect((await refreshNow(owners)).items).toMatchObject([{ consent: 'household' }]);
  expect(bank.sent).toHaveLength(2);
});

it('another user stores tokens under the same name beside those of the first', async () => {
  const [owned] = (await store(owners, 'rt-of-owner')).items;
  const [other] = (await store(others, 'rt-of-other')).items;
  expect(bank.sent).toEqual(['rt-of-owner', 'rt-of-other']);
  const valid = async (credential: IDataObject) =>
    (await run(credential, 'valid', { consent: 'household' })).items[0]!.access_token;
  expect(await valid(owners)).toBe(owned!.access_token);
  expect(await valid(others)).toBe(other!.access_token);

  const forgotten = { consent: 'household', options: { onlyForget: true } };
  expect((await run(others, 'revoke', forgotten)).items).toMatchObject([{ forgotten: true }]);
  expect((await run(others, 'list', {})).items).toEqual([]);
  expect((await run(owners, 'list', {})).items).toMatchObject([
    { consent: 'household', state: 'valid' },
  ]);
  expect((await refreshNow(owners)).items).toHaveLength(1);
});

it('List Stored Consents warns until the private key can be replaced without losing a consent', async () => {
  await store(owners, 'rt-of-owner');
  const encryptionKey = randomBytes(32).toString('base64');
  const list = async (credential: IDataObject) => (await run(credential, 'list', {})).hints;
  expect(await list(owners)).toEqual([]);
  expect(await list({ ...owners, encryptionKey })).toEqual([
    expect.stringContaining('Not yet encrypted with the first key of the credential: "household"'),
  ]);
  expect((await refreshNow({ ...owners, encryptionKey })).items).toHaveLength(1);
  expect(await list({ ...owners, encryptionKey })).toEqual([]);
  expect((await refreshNow({ ...others, encryptionKey })).items).toHaveLength(1);
});

it('List Stored Consents warns about an Encryption Key that can be guessed, and uses it', async () => {
  const guessable = { ...owners, encryptionKey: 'k'.repeat(32) };
  await store(guessable, 'rt-of-owner');
  const { items, hints } = await run(guessable, 'list', {});
  expect(items).toMatchObject([{ consent: 'household' }]);
  expect(hints).toEqual([
    expect.stringContaining('"Encryption Key" begins with a key that can be'),
  ]);
});
