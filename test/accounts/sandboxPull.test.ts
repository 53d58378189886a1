import type { IDataObject } from 'n8n-workflow';
import { GivenAccess } from '../../core/accounts/access';
import { AccountApi } from '../../core/accounts/accountApi';
import { periodOf } from '../../core/accounts/bookingDates';
import {
  pullAccounts,
  pullBalances,
  pullOfAllAccounts,
  pullTransactions,
  type TransactionQuery,
} from '../../core/accounts/pull';
import type { SimplifiedTransaction } from '../../core/accounts/simplified/transaction';
import { Remarks } from '../../core/lib/remarks';
import { Slots } from '../../core/lib/slots';
import { createClient } from '../../core/oauth/client';
import type { Profile } from '../../core/profile/profile';
import { TestThirdParty } from '../sandbox/thirdParty';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import type { BankSettings } from '../../core/profile/settings';

const VERSIONS = ['v3.1', 'v4.0'] as const;
type Version = (typeof VERSIONS)[number];

const HOUSEHOLD = '30080012343456';
const SAVINGS = '30080098763459';
const CARD = '30080044445555';

let bank: Sandbox;
let thirdParty: TestThirdParty;
let settings: BankSettings;
const profiles = {} as Record<Version, Profile>;
let token: string;

beforeAll(async () => {
  bank = await startSandbox({ pageSize: '5-25' });
  thirdParty = new TestThirdParty(bank.ready);
  settings = await sandboxCredential(bank);
  for (const version of VERSIONS) {
    const accountApiUrl = `${bank.ready.gatewayUrl}/open-banking/${version}/aisp`;
    profiles[version] = (await createClient({ ...settings, accountApiUrl })).profile;
  }
  token = await newToken();
}, 60_000);

afterAll(async () => {
  thirdParty?.close();
  await bank?.stop();
});

/** The access token of a new consent. */
async function newToken(accounts?: string[]): Promise<string> {
  return (await thirdParty.exchange((await bank.authorize(undefined, accounts)).code)).body
    .access_token;
}

/** The input of a pull, without real pauses. */
function requestOf(version: Version, given = token, simplify = true) {
  const pauses: number[] = [];
  const pause = (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  const api = new AccountApi(profiles[version], new GivenAccess(given), { pause });
  return { api, origin: {}, simplify, remarks: new Remarks(), pauses };
}

async function allTransactions(version: Version, query: TransactionQuery, simplify = true) {
  const request = requestOf(version, token, simplify);
  const pull = (id: string) => pullTransactions(request, id, query);
  const pulled = await pullOfAllAccounts(request, pull, { slots: new Slots(4), continues: true });
  expect(pulled.filter(({ failure }) => failure)).toEqual([]);
  return {
    rows: pulled.flatMap(({ rows }) => rows) as SimplifiedTransaction[],
    remarks: request.remarks.texts,
  };
}

describe.each(VERSIONS)('the sandbox bank in %s', (version) => {
  it('gives all transactions, each with its own ID, without a warning', async () => {
    const { rows, remarks } = await allTransactions(version, { status: 'all' });
    expect(rows).toHaveLength(223);
    const keys = rows.map(({ account_key, transaction_id }) => `${account_key} ${transaction_id}`);
    expect(new Set(keys).size).toBe(223);
    expect(remarks).toEqual([]);
  });

  it.each([
    ['booked', 218],
    ['pending', 4],
  ] as const)('gives %s ones alone', async (status, count) => {
    const { rows } = await allTransactions(version, { status });
    expect(rows).toHaveLength(count);
    const { rows: raw } = await allTransactions(version, { status }, false);
    expect(raw).toHaveLength(count);
  });

  it('gives those of a period', async () => {
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const query: TransactionQuery = { status: 'booked', period: periodOf(day(9), day(3)) };
    const { rows } = await allTransactions(version, query);
    const days = rows.map(({ booked_at }) => booked_at!.slice(0, 10));
    expect(days.length).toBeGreaterThan(14);
    expect(days.every((at) => at >= day(9) && at <= day(3))).toBe(true);
  });

  it('gives balances with the credit line that is in them', async () => {
    const { rows } = await pullBalances(requestOf(version), HOUSEHOLD);
    expect(rows).toMatchObject([
      { type: 'InterimBooked', amount: '2483.16' },
      { type: 'InterimAvailable', credit_included: '1000.00' },
    ]);
  });

  it('waits as long as the bank wants, and gives all rows', async () => {
    await bank.refuse({ count: 2, status: 429, retryAfter: '7' });
    const request = requestOf(version);
    const { rows, failure } = await pullTransactions(request, SAVINGS, { status: 'all' });
    expect(failure).toBeUndefined();
    expect(rows).toHaveLength(24);
    expect(request.pauses).toEqual([7_000, 7_000]);
  });

  it.each([
    ['nobody knows', () => token, '999', 'account-unknown'],
    ['belongs to another consent', () => newToken([SAVINGS]), HOUSEHOLD, 'account-unknown'],
    ['is asked with an unknown token', () => 'unknown', HOUSEHOLD, 'token-not-accepted'],
    [
      'is asked with the token of an application',
      application,
      HOUSEHOLD,
      'application-token-refused',
    ],
    ['is asked with a token without the scope', narrowed, HOUSEHOLD, 'scope-missing'],
    ['is asked with a token of another certificate', foreign, HOUSEHOLD, 'token-not-accepted'],
  ])('refuses an account that %s', async (_name, given, accountId, code) => {
    const { rows, failure } = await pullTransactions(requestOf(version, await given()), accountId, {
      status: 'all',
    });
    expect(rows).toEqual([]);
    expect(failure).toMatchObject({ code, stage: 'api' });
    expect(failure!.description).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });

  it('ends a consent in the middle of paging: the rows that were read stay', async () => {
    const { code, consent_id: id } = await bank.authorize();
    const request = requestOf(version, (await thirdParty.exchange(code)).body.access_token);
    const { api } = request;
    const ending = {
      async get(path: string, query?: string) {
        const answer = await api.get(path, query);
        await thirdParty.api(`/account-access-consents/${id}`, await application(), {
          method: 'DELETE',
        });
        return answer;
      },
    };
    const { rows, failure } = await pullTransactions({ ...request, api: ending }, HOUSEHOLD, {
      status: 'all',
    });
    expect(rows).toHaveLength(25);
    expect(failure?.code).toBe('consent-not-accepted');
  });
});

async function application(): Promise<string> {
  return (await thirdParty.token({ grant_type: 'client_credentials', scope: 'accounts' })).body
    .access_token;
}

async function narrowed(): Promise<string> {
  const { refresh_token } = (await thirdParty.exchange((await bank.authorize()).code)).body;
  const form = { grant_type: 'refresh_token', refresh_token, scope: 'openid' };
  return (await thirdParty.token(form)).body.access_token;
}

/** A token that is bound to the certificate of another client. */
async function foreign(): Promise<string> {
  const { otherClientId } = bank.ready;
  const claims = { iss: otherClientId, sub: otherClientId };
  const answer = await thirdParty.token(
    { grant_type: 'client_credentials', scope: 'accounts', client_id: otherClientId },
    {
      certificate: 'otherClient',
      assertion: { claims, key: 'otherClient', header: { kid: thirdParty.x5t('otherClient') } },
    },
  );
  return answer.body.access_token;
}

it('the same transactions come in both versions, but for the codes and what v4.0 says better', async () => {
  const [older, newer] = await Promise.all(
    VERSIONS.map(async (version) => (await allTransactions(version, { status: 'all' })).rows),
  );
  const common = (row: SimplifiedTransaction) => ({ ...row, code: undefined, status: undefined });
  expect(newer!.map(common)).toEqual(older!.map(common));
  const different = newer!.filter(({ status }, index) => status !== older![index]!.status);
  expect(different.map(({ status }) => status)).toEqual(['future', 'information']);
  const accounts = await Promise.all(VERSIONS.map((version) => pullAccounts(requestOf(version))));
  expect(accounts[1]!.rows).toEqual(accounts[0]!.rows);
});

describe('the node', () => {
  const run = (parameters: IDataObject, onError?: 'continueRegularOutput') =>
    runNode({
      type: 'openBanking',
      credential: { ...settings },
      items: [{}],
      onError,
      parameters: {
        ...{ resource: 'transaction', operation: 'getAll', authorizeWith: 'accessToken' },
        ...{ accessToken: token, accounts: 'all', status: 'all', returnAll: true },
        ...parameters,
      },
    });

  it('puts out the rows of a household, ready for a database', async () => {
    const task = await run({});
    expect(task.error).toBeUndefined();
    const items = outputOf(task).map(({ json }) => json);
    expect(items).toHaveLength(223);
    expect(
      items.flatMap((item) => Object.values(item)).every((value) => typeof value === 'string'),
    ).toBe(true);
    expect(JSON.stringify(items)).not.toContain(token);
    const rent = items.find(({ counterparty }) => counterparty === 'Oakfield Lettings');
    expect(rent).toMatchObject({
      amount: '-980.00',
      currency: 'GBP',
      reference: 'FLAT 7 RENT',
      counterparty_account: '20000055512345',
    });
  });

  it('puts out the error alone if the one account that was asked for is unknown', async () => {
    const task = await run(
      { accounts: 'one', account: { __rl: true, mode: 'id', value: '999' } },
      'continueRegularOutput',
    );
    const [failed, ...others] = outputOf(task).map(({ json }) => json);
    expect(others).toEqual([]);
    expect(failed).toMatchObject({ error: { code: 'account-unknown', stage: 'api' } });
  });
});

// Last, because it changes the bank's day.
it('payments that are pending are booked on the next day under another ID', async () => {
  const before = (await allTransactions('v4.0', { status: 'pending' })).rows;
  await bank.nextDay();
  const after = (await allTransactions('v4.0', { status: 'booked' })).rows;
  const today = before.filter(({ status }) => status === 'pending');
  expect(today).toHaveLength(3);
  const booked = new Map(after.map((row) => [row.transaction_id, row]));
  for (const row of today) {
    expect(booked.has(row.transaction_id)).toBe(false);
    const twin = after.find(
      ({ account_id, counterparty, booked_at }) =>
        account_id === row.account_id &&
        counterparty === row.counterparty &&
        booked_at === row.booked_at,
    );
    expect(twin).toBeDefined();
    if (row.account_id !== CARD) expect(twin!.amount).toBe(row.amount);
  }
});
