import { readFileSync } from 'node:fs';
import type { IDataObject, INodeParameters, ITaskData } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import { Customer } from '../../sandbox/customer';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { outputOf, runNode, type NodeRun } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

let bank: Sandbox;
let credential: BankSettings;
ownUserFolder();

beforeAll(async () => {
  bank = await startSandbox();
  credential = await sandboxCredential(bank);
});
afterAll(() => bank?.stop());
beforeEach(() => bank.clearRequests());

const v4 = (): BankSettings => ({
  ...credential,
  accountApiUrl: `${bank.ready.gatewayUrl}/open-banking/v4.0/aisp`,
});

/** Runs an operation of the resource Consent. */
const run = (operation: string, parameters: INodeParameters = {}, changes: Partial<NodeRun> = {}) =>
  runNode({
    ...{ type: 'openBanking', credential: credential as IDataObject },
    parameters: { resource: 'consent', operation, ...parameters },
    ...changes,
  });

function itemsOf(task: ITaskData): IDataObject[] {
  if (task.error) throw task.error as Error;
  return outputOf(task).map(({ json }) => json);
}

async function one(...given: Parameters<typeof run>): Promise<IDataObject> {
  const items = itemsOf(await run(...given));
  expect(items).toHaveLength(1);
  return items[0]!;
}

/** Runs an operation of the token node. */
const token = (resource: string, operation: string, parameters: INodeParameters) =>
  runNode({
    credential: credential as IDataObject,
    parameters: { resource, operation, ...parameters },
  });

/** A customer who agrees at the address of an item: the address of the redirect. */
async function approve({ url }: IDataObject): Promise<string> {
  const authority = readFileSync(bank.ready.files.certificateAuthority, 'utf8');
  return (await new Customer(authority).approve(url as string, bank.ready.redirectUri)).href;
}

/** Asks for a consent, and lets the customer agree. */
async function agreed(consentId: unknown, options: INodeParameters = {}): Promise<string> {
  const parameters = { consentId: consentId as string, options };
  const [link] = itemsOf(await token('authorization', 'createUrl', parameters));
  return approve(link!);
}

const exchange = (redirect: string, options: INodeParameters = {}) =>
  token('token', 'exchange', { code: redirect, options: { output: 'consent', ...options } });

/** A consent whose tokens are stored under a name. @returns the bank's ID */
async function stored(consent: string): Promise<string> {
  const { consent_id: id } = await one('create');
  itemsOf(await exchange(await agreed(id), { keepForConsent: consent }));
  return id as string;
}

const byId = (consentId: unknown): INodeParameters => ({
  ...{ consentBy: 'id', consentId: consentId as string },
});

const hintsOf = (task: ITaskData) => JSON.stringify(task.hints ?? []);

const seen = async () =>
  (await bank.requests()).map(({ method, path, status }) => `${method} ${path} ${status}`);

describe('the life of a consent', () => {
  it.each([
    ['v3.1', () => credential],
    ['v4.0', v4],
  ])('is the same in %s: created, authorized, ended', async (version, settings) => {
    const changes = { credential: settings() as IDataObject };
    const days = '={{ $now.plus({ days: 10 }).toISO() }}';
    const created = await one(
      'create',
      {
        ...{ permissions: ['balancesAndTransactions', 'ReadBalances'], expires: days },
        options: { transactionsFrom: '2026-01-01T00:00:00Z', transactionsTo: '2026-12-31' },
      },
      changes,
    );
    expect(created).toEqual({
      consent_id: expect.stringMatching(/^urn-sandbox-intent-/),
      status: 'awaiting',
      ends_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      transactions_from: expect.stringContaining('2026-01-01T00:00:00'),
      // The end of the day in the time zone of the workflow: n8n's own default is New York.
      transactions_to: '2027-01-01T04:59:59.000Z',
      permissions: [
        ...['ReadAccountsDetail', 'ReadBalances', 'ReadTransactionsDetail'],
        ...['ReadTransactionsCredits', 'ReadTransactionsDebits'],
      ],
      created_at: expect.any(String),
      status_changed_at: expect.any(String),
    });
    const inDays = (Date.parse(created.ends_at as string) - Date.now()) / 86_400_000;
    expect(inDays).toBeCloseTo(10, 1);
    const { consent_id: id } = created;
    expect(await one('get', byId(id), changes)).toEqual(created);

    const consent = `household of ${version}`;
    const [tokens] = itemsOf(await exchange(await agreed(id), { keepForConsent: consent }));
    expect(tokens).toMatchObject({ consent, consent_id: id });
    expect(await one('get', { consent }, changes)).toMatchObject({
      ...{ consent, consent_id: id, status: 'authorised' },
    });

    await bank.clearRequests();
    expect(await one('delete', { consent }, changes)).toEqual({
      ...{ deleted: true, consent, consent_id: id, position_forgotten: false },
    });
    const path = `/open-banking/${version}/aisp/account-access-consents/${id as string}`;
    // First the consent, then its refresh token and its access token.
    expect((await seen()).filter((request) => !request.includes('/oauth2/token'))).toEqual([
      `DELETE ${path} 204`,
      'POST /oauth2/revoke 200',
      'POST /oauth2/revoke 200',
    ]);
    expect(await one('get', byId(id), changes)).toMatchObject({ status: 'revoked' });
    const gone = await run('get', { consent }, changes);
    expect(gone.error).toMatchObject({ context: { code: 'consent-unknown' } });
  });

  it('comes as the bank sent it, if Simplify is off', async () => {
    const raw = await one('create', { simplify: false });
    expect(raw).toMatchObject({
      Data: { ConsentId: expect.any(String), Status: 'AwaitingAuthorisation' },
      Risk: {},
    });
    const { ConsentId } = raw.Data as IDataObject;
    expect(await one('get', { ...byId(ConsentId), simplify: false })).toMatchObject({
      Data: raw.Data as IDataObject,
    });
    // The node for the link finds the ID in either form.
    const created = await one('create');
    for (const [item, id] of [
      [raw, ConsentId],
      [created, created.consent_id],
    ] as const) {
      const task = await runNode({
        ...{ credential: credential as IDataObject, items: [item] },
        parameters: { resource: 'authorization', operation: 'createUrl' },
      });
      expect(itemsOf(task)[0]).toMatchObject({ consent_id: id });
    }
  });

  it('has no end if Expires is empty', async () => {
    expect(await one('create', { expires: '' })).not.toHaveProperty('ends_at');
  });
});

it.each([
  ['v3.1', () => credential],
  ['v4.0', v4],
])(
  'a bank with %s that refuses the permissions: the error says which one is missing',
  async (_, settings) => {
    const permissions = ['ReadAccountsDetail', 'ReadTransactionsDetail'];
    const changes = { credential: settings() as IDataObject };
    const { error } = await run('create', { permissions }, changes);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^The bank did not create the consent: .* with status 400/),
      description: expect.stringContaining('"ReadTransactionsCredits" or "ReadTransactionsDebits"'),
      context: { code: 'consent-refused', outcome: 'refused' },
    });
  },
);

describe('fields that cannot be used', () => {
  const past = { expires: '2020-01-01' };
  const reversed = { options: { transactionsFrom: '2026-02-01', transactionsTo: '2026-01-01' } };
  it.each<[string, INodeParameters, string, RegExp]>([
    ['no permission', { permissions: '={{ [] }}' }, 'input-missing', /"Permissions"/],
    ['an end in the past', past, 'field-malformed', /"Expires" is in the past/],
    ['no date', { expires: 'soon' }, 'field-malformed', /"Expires" is not a date/],
    ['an expression without a date', { expires: '={{ $json.x }}' }, 'input-missing', /"Expires"/],
    ['reversed dates', reversed, 'dates-reversed', /later than/],
  ])('are an error: %s', async (_, parameters, code, message) => {
    const { error } = await run('create', parameters);
    expect(error).toMatchObject({ message: expect.stringMatching(message), context: { code } });
    expect(await seen()).toEqual([]);
  });

  it.each<[string, INodeParameters]>([
    ['empty', byId('={{ undefined }}')],
    ['an expression', byId('{{ $json.consent_id }}')],
  ])('are an error: an ID that is %s', async (_, parameters) => {
    const { error } = await run('get', parameters);
    expect(error).toMatchObject({ description: expect.stringContaining('Nothing was sent') });
    expect(await seen()).toEqual([]);
  });
});

describe('Delete', () => {
  it('deletes nothing if the bank did not end the consent', async () => {
    await stored('kept');
    const accountApiUrl = `${bank.ready.gatewayUrl}/open-banking/v9/aisp`;
    const { error } = await run(
      'delete',
      { consent: 'kept' },
      { credential: { ...credential, accountApiUrl } },
    );
    expect(error).toMatchObject({ context: { code: 'bank-consent-unknown' } });
    const kept = itemsOf(await token('token', 'valid', { consent: 'kept' }));
    expect(kept[0]).toHaveProperty('authorization');
  });

  it('goes on if the customer ended the consent at the bank before', async () => {
    const id = await stored('ended before');
    await bank.revoke(id);
    const task = await run('delete', { consent: 'ended before' });
    expect(itemsOf(task)).toMatchObject([{ deleted: true, consent: 'ended before' }]);
    expect(hintsOf(task)).toContain('had ended at the bank before');
    const again = await run('delete', { consent: 'ended before' });
    expect(again.error).toMatchObject({ context: { code: 'consent-unknown' } });
  });

  it('also deletes the tokens if the consent is given by its ID', async () => {
    const id = await stored('by its ID');
    const options = { forgetPosition: true };
    expect(await one('delete', { ...byId(id), options })).toEqual({
      ...{ deleted: true, consent: 'by its ID', consent_id: id, position_forgotten: true },
    });
    const { error } = await token('token', 'valid', { consent: 'by its ID' });
    expect(error).toMatchObject({ context: { code: 'consent-unknown' } });
  });

  it('keeps the position for 90 days, or forgets it', async () => {
    const memory = openSyncMemory(await clientOf(credential), {});
    for (const forgetPosition of [false, true]) {
      const consent = `with a position, forgotten: ${forgetPosition}`;
      await stored(consent);
      const mark = () => memory.markProcessed('workflow/node', consent, 'A-1', ['T-1']);
      expect(await mark()).toBe(1);
      await one('delete', { consent, options: forgetPosition ? { forgetPosition } : {} });
      expect(await mark()).toBe(forgetPosition ? 1 : 0);
    }
  });

  it('keeps the position if the tokens could not be revoked', async () => {
    const consent = 'not revoked';
    const { code } = await bank.authorize();
    itemsOf(await exchange(code, { keepForConsent: consent }));
    const memory = openSyncMemory(await clientOf(credential), {});
    const mark = () => memory.markProcessed('workflow/node', consent, 'A-1', ['T-1']);
    expect(await mark()).toBe(1);
    // The same bank, without an endpoint that revokes tokens.
    const { issuer, gatewayUrl } = bank.ready;
    const custom = {
      ...{ bank: 'custom', tokenEndpoint: `https://${credential.host}/oauth2/token`, issuer },
      accountApiUrl: `${gatewayUrl}/open-banking/v3.1/aisp`,
    };
    const { error } = await run(
      'delete',
      { consent, options: { forgetPosition: true } },
      { credential: { ...credential, ...custom } },
    );
    expect(error).toMatchObject({ context: { code: 'endpoint-missing' } });
    expect(await mark()).toBe(0);
  });

  it('ends a consent that no customer authorized', async () => {
    const { consent_id: id } = await one('create');
    expect(await one('delete', byId(id))).toEqual({ deleted: true, consent_id: id });
    expect(await one('get', byId(id))).toMatchObject({ status: 'revoked' });
  });

  it('ends the tokens alone if the bank’s ID of the consent is not known', async () => {
    const { code } = await bank.authorize();
    itemsOf(await exchange(code, { keepForConsent: 'without an ID' }));
    const get = await run('get', { consent: 'without an ID' });
    expect(get.error).toMatchObject({
      ...{ message: '"Consent ID" is empty', context: { code: 'input-missing' } },
    });
    await bank.clearRequests();
    const task = await run('delete', { consent: 'without an ID' });
    expect(itemsOf(task)).toEqual([
      { deleted: true, consent: 'without an ID', position_forgotten: false },
    ]);
    expect(hintsOf(task)).toContain('the bank was not told to end the consent itself');
    expect((await seen()).filter((request) => !request.includes('/oauth2/'))).toEqual([]);
  });
});

describe('Get Many', () => {
  it('shows state, end, last use and accounts, and no token', async () => {
    const id = await stored('listed');
    const accounts = await runNode({
      ...{ type: 'openBanking', credential: credential as IDataObject },
      parameters: { resource: 'account', operation: 'getAll', consent: 'listed' },
    });
    const ids = itemsOf(accounts).map(({ account_id }) => account_id);
    const { reads } = openSyncMemory(await clientOf(credential), {});
    await reads.add('listed', [ids[1] as string], 'a reading');
    await bank.clearRequests();
    const task = await run('getAll');
    const items = itemsOf(task);
    expect(items.map(({ consent }) => consent)).toEqual(
      items.map(({ consent }) => consent as string).toSorted(),
    );
    const listed = items.find(({ consent }) => consent === 'listed');
    expect(listed).toMatchObject({
      ...{ consent: 'listed', consent_id: id, state: 'valid', status: 'authorised' },
      ...{ accounts: ids, ends_at: expect.any(String), refreshed_at: expect.any(String) },
      permissions: expect.arrayContaining(['ReadBalances']),
    });
    expect(ids).toHaveLength(4);
    expect(listed!.last_used_at).not.toBe(listed!.refreshed_at);
    expect(Date.parse(listed!.last_used_at as string)).toBeGreaterThan(
      Date.parse(listed!.refreshed_at as string),
    );
    expect(JSON.stringify(items)).not.toMatch(/Bearer|_token"|certificate_thumbprint/);
    // No account data was read.
    expect((await seen()).filter((request) => /accounts|transactions/.test(request))).toEqual([]);
  });

  it('shows that a customer ended a consent at the bank', async () => {
    await bank.revoke(await stored('revoked at the bank'));
    const of = async (parameters: INodeParameters) =>
      itemsOf(await run('getAll', parameters)).find(
        ({ consent }) => consent === 'revoked at the bank',
      );
    expect(await of({})).toMatchObject({ state: 'revoked', status: 'revoked' });
    await bank.clearRequests();
    const unasked = await of({ askBank: false });
    expect(unasked).toMatchObject({ state: 'valid' });
    expect(unasked).not.toHaveProperty('status');
    expect(await seen()).toEqual([]);
  });

  it('shows what is stored if the bank cannot be asked, and asks once', async () => {
    await stored('one of many');
    await bank.clearRequests();
    const settings = { ...credential, scope: 'openid nothing' };
    const task = await run('getAll', { options: { concurrency: 1 } }, { credential: settings });
    expect(itemsOf(task)).toEqual(
      expect.arrayContaining([expect.objectContaining({ consent: 'one of many' })]),
    );
    expect(hintsOf(task)).toContain(
      'The bank could not be asked, so items say only what is stored',
    );
    const asked = (await seen()).filter((request) => request.includes('/account-access-consents'));
    expect(asked).toHaveLength(1);
  });

  it('returns the first consents by their names, and the list once for all input items', async () => {
    const items = [{}, {}, {}];
    const limited = { returnAll: false, limit: 1, askBank: false };
    expect(itemsOf(await run('getAll', limited, { items }))).toHaveLength(1);
  });
});
