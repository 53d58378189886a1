import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INode } from 'n8n-workflow';
import { authenticateRequest } from '../../credentials/authenticateRequest';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openConsentTokens } from '../../core/tokens/openStores';
import { sandboxCredential } from '../support/bank/credential';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { passed, tokensOf } from '../support/stores/consents';

let bank: Sandbox;
let credential: BankSettings;
const folder = ownUserFolder();

beforeAll(async () => {
  bank = await startSandbox();
  credential = await sandboxCredential(bank);
});
afterAll(async () => {
  await bank?.stop();
});

/** Runs an operation, and returns its output items. */
async function run(
  operation: string,
  parameters: IDataObject = {},
  items: IDataObject[] = [{}],
  onError?: INode['onError'],
): Promise<IDataObject[]> {
  const task = await runNode({
    credential: { ...credential },
    items,
    onError,
    parameters: { resource: 'token', operation, ...parameters },
  });
  if (task.error) throw task.error as Error;
  return outputOf(task).map(({ json }) => json);
}

/** Exchanges a code of a new consent, and stores the tokens. @param lifetime lifetime of the access token, in seconds */
async function exchangeAndStore(consent: string, lifetime = 3600): Promise<IDataObject> {
  const { code } = await bank.authorize();
  // Set after the authorization, because the authorization also needs an access token.
  await bank.setAccessTokenLifetime(lifetime);
  const [tokens] = await run('exchange', { code, options: { keepForConsent: consent } });
  await bank.setAccessTokenLifetime(3600);
  return tokens!;
}

const requestsTo = async (path: string) =>
  (await bank.requests()).filter((request) => request.path === path);

it('stores the tokens of an exchange, and returns them by the name of the consent', async () => {
  const tokens = await exchangeAndStore('consent-1');
  await bank.clearRequests();
  const [valid] = await run('valid', { consent: 'consent-1' });
  expect(valid).toMatchObject({
    consent: 'consent-1',
    access_token: tokens.access_token,
    authorization: `Bearer ${tokens.access_token as string}`,
    expires_at: tokens.expires_at,
  });
  // Only the store may use the refresh token; the ID token has data about the customer.
  expect(valid).not.toHaveProperty('refresh_token');
  expect(valid).not.toHaveProperty('id_token');
  expect(await bank.requests()).toEqual([]);
});

it('refreshes the token of each item before it expires', async () => {
  const tokens = [await exchangeAndStore('consent-2', 1), await exchangeAndStore('consent-3', 1)];
  // Both tokens have expired: a living one is returned if its refresh takes too long.
  await new Promise((done) => setTimeout(done, 1100));
  const items = [{ id: 'consent-2' }, { id: 'consent-3' }, { id: 'nobody' }, { id: '' }];
  const output = await run('valid', { consent: '={{ $json.id }}' }, items, 'continueRegularOutput');
  expect(output[0]!.access_token).toEqual(expect.any(String));
  expect(output[0]!.access_token).not.toBe(tokens[0]!.access_token);
  expect(output[1]!.access_token).not.toBe(tokens[1]!.access_token);
  expect(output[2]).toMatchObject({ error: { code: 'consent-unknown', stage: 'store' } });
  expect(output[3]).toMatchObject({ error: { code: 'input-missing', stage: 'configuration' } });
  // The refreshed token is stored.
  const [again] = await run('valid', { consent: 'consent-2' });
  expect(again!.access_token).toBe(output[0]!.access_token);
});

it('stores the tokens of an exchange whose check fails', async () => {
  // The ID tokens of the bank name another issuer.
  const own = { ...credential, issuer: 'https://other.example' };
  const { code } = await bank.authorize();
  const parameters = { resource: 'token', operation: 'exchange', code };
  const task = await runNode({
    credential: own,
    onError: 'continueErrorOutput',
    parameters: { ...parameters, options: { keepForConsent: 'unchecked' } },
  });
  const [{ json }] = outputOf(task, 1) as [{ json: IDataObject }];
  expect(json).toMatchObject({ error: { code: 'jwt-issuer' } });
  const kept = openConsentTokens(await clientOf(own), {});
  const stored = await kept.stored('unchecked');
  expect(stored).toMatchObject({ refresh_token: json.refresh_token });
  expect(stored).not.toHaveProperty('authorization');
});

it('rejects a new name with a character that nobody sees before a code is sent, and uses an old one', async () => {
  const name = 'consent\u202e-\u200b7';
  const { code } = await bank.authorize();
  await bank.clearRequests();
  const exchange = () =>
    run('exchange', { code, options: { keepForConsent: name } }, [{}], 'continueRegularOutput');
  const [{ error }] = (await exchange()) as [IDataObject];
  expect(error).toMatchObject({
    code: 'consent-malformed',
    message: expect.stringContaining('changes the direction of writing (U+202E)'),
  });
  expect(await bank.requests()).toEqual([]);

  const stored = openConsentTokens(await clientOf(credential), {});
  await stored.keep(name, passed(tokensOf('at-7')));
  expect(await run('valid', { consent: name })).toMatchObject([{ access_token: 'at-7' }]);
  expect(await exchange()).toMatchObject([{ consent: name, refresh_token: expect.any(String) }]);
  await stored.forget(name);
});

it('stores the tokens of a refresh', async () => {
  const { refresh_token: refreshToken } = await exchangeAndStore('consent-4');
  const [refreshed] = await run('refresh', {
    refreshToken: refreshToken as string,
    options: { keepForConsent: 'consent-4' },
  });
  const [valid] = await run('valid', { consent: 'consent-4' });
  expect(valid!.access_token).toBe(refreshed!.access_token);
});

it('stores the tokens of a refresh for the consent that has the refresh token', async () => {
  const { refresh_token: refreshToken } = await exchangeAndStore('consent-by-hand');
  const task = await runNode({
    credential: { ...credential },
    parameters: { resource: 'token', operation: 'refresh', refreshToken: refreshToken as string },
  });
  const [{ json: refreshed }] = outputOf(task) as [{ json: IDataObject }];
  expect(refreshed).toMatchObject({ consent: 'consent-by-hand', refresh_token_rotated: true });
  expect(task.hints?.map(({ message }) => message)).toEqual([
    expect.stringContaining('stored for the consent "consent-by-hand"'),
  ]);
  const [valid] = await run('valid', { consent: 'consent-by-hand' });
  expect(valid!.access_token).toBe(refreshed.access_token);
  const stored = await openConsentTokens(await clientOf(credential), {}).stored('consent-by-hand');
  expect(stored.refresh_token).toBe(refreshed.refresh_token);
});

it('refreshes a given token if the store cannot be opened', async () => {
  const { code } = await bank.authorize();
  const [{ refresh_token: refreshToken }] = (await run('exchange', { code })) as [IDataObject];
  const postgres = { keepTokensIn: 'postgres', postgresUrl: 'postgres://localhost:1/none' };
  const task = await runNode({
    credential: { ...credential, ...postgres },
    parameters: { resource: 'token', operation: 'refresh', refreshToken: refreshToken as string },
  });
  expect(outputOf(task)[0]!.json).toMatchObject({ refresh_token_rotated: true });
});

it('introspects and revokes the stored token of a consent', async () => {
  const tokens = await exchangeAndStore('consent-5');
  expect(await run('introspect', { tokenFrom: 'consent', consent: 'consent-5' })).toEqual([
    expect.objectContaining({ consent: 'consent-5', active: true }),
  ]);
  expect(await run('revoke', { tokenFrom: 'consent', consent: 'consent-5' })).toEqual([
    { revoked: true, consent: 'consent-5' },
  ]);
  const given = { tokenFrom: 'field', token: tokens.access_token };
  expect(await run('introspect', given)).toEqual([expect.objectContaining({ active: false })]);
  await expect(run('valid', { consent: 'consent-5' })).rejects.toMatchObject({
    context: { code: 'consent-unknown' },
  });
});

it('says what it may mean if the bank calls a stored token inactive whose time is not over', async () => {
  const tokens = await exchangeAndStore('consent-5b');
  const introspected = async () => {
    const parameters = { operation: 'introspect', tokenFrom: 'consent', consent: 'consent-5b' };
    const task = await runNode({
      credential: { ...credential },
      parameters: { resource: 'token', ...parameters },
    });
    return task.hints?.map(({ message }) => message) ?? [];
  };
  expect(await introspected()).toEqual([]);
  await run('revoke', { tokenFrom: 'field', token: tokens.access_token });
  expect(await introspected()).toEqual([
    expect.stringMatching(
      /The bank says that the token of consent "consent-5b" is not active, and/,
    ),
  ]);
});

it('revokes a given token', async () => {
  const tokens = await exchangeAndStore('consent-6');
  await bank.clearRequests();
  const token = tokens.refresh_token as string;
  await run('revoke', { tokenFrom: 'field', token, tokenTypeHint: 'refresh_token' });
  const [{ form }] = (await requestsTo('/oauth2/revoke')) as unknown as [{ form: IDataObject }];
  expect(form).toMatchObject({ token, token_type_hint: 'refresh_token' });
  expect(form.client_assertion).toEqual(expect.any(String));
});

it('lists the stored consents without their tokens', async () => {
  await exchangeAndStore('consent-7');
  const listed = await run('list');
  expect(listed).toContainEqual(
    expect.objectContaining({
      consent: 'consent-7',
      state: 'valid',
      client_id: bank.ready.clientId,
    }),
  );
  expect(JSON.stringify(listed)).not.toMatch(/access_token"|refresh_token"/);
});

describe("HTTP Request in the mode A Consent's Token", () => {
  const accounts = () => `${bank.ready.gatewayUrl}/open-banking/v3.1/aisp/accounts`;
  const authorize = (changes: IDataObject, url = accounts()) =>
    authenticateRequest({ ...credential, authorizeWith: 'consent', ...changes }, { url });

  it('gets the token of the consent and the certificate', async () => {
    const tokens = await exchangeAndStore('consent-8');
    const { headers, agentOptions } = await authorize({ consent: 'consent-8' });
    expect(headers).toMatchObject({ Authorization: tokens.authorization });
    expect(agentOptions).toHaveProperty('cert');
  });

  it('sends the first refresh token once for a thousand requests', async () => {
    const { refresh_token: firstRefreshToken } = await exchangeAndStore('elsewhere');
    await bank.clearRequests();
    const all = await Promise.all(
      Array.from({ length: 1000 }, () => authorize({ consent: 'consent-9', firstRefreshToken })),
    );
    expect(new Set(all.map(({ headers }) => headers!.Authorization as string)).size).toBe(1);
    expect((await bank.requests()).filter(({ path }) => /token$/.test(path))).toHaveLength(1);
  });

  it('does not replace an Authorization header that the user set', async () => {
    const given = { url: accounts(), headers: { authorization: 'mine' } };
    const mode = { ...credential, authorizeWith: 'consent', consent: 'nobody' };
    const { headers } = await authenticateRequest(mode, given);
    expect(headers).toMatchObject({ authorization: 'mine' });
  });

  it('fails with the name of the consent if nothing is stored for it', async () => {
    await expect(authorize({ consent: 'nobody' })).rejects.toMatchObject({
      context: { code: 'consent-unknown' },
      message: expect.stringContaining('"nobody"') as string,
    });
  });
});

it('stores no token in clear text', async () => {
  const tokens = await exchangeAndStore('consent-10');
  const data = join(folder, '.n8n');
  const files = readdirSync(data).map((name) => readFileSync(join(data, name)));
  expect(files.some((file) => file.includes('consent-10'))).toBe(true);
  for (const secret of [tokens.access_token, tokens.refresh_token, tokens.id_token]) {
    expect(files.some((file) => file.includes(secret as string))).toBe(false);
  }
});
