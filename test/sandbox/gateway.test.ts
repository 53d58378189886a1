import { sandboxWithThirdParty } from './sandboxWithThirdParty';

const at = sandboxWithThirdParty();
let userToken: string;
let applicationToken: string;

beforeAll(async () => {
  userToken = (await at.thirdParty.exchange((await at.bank.authorize()).code)).body.access_token;
  applicationToken = await application('accounts');
});

const application = async (scope: string): Promise<string> =>
  (await at.thirdParty.token({ grant_type: 'client_credentials', scope })).body.access_token;

describe('the account API', () => {
  it('lists the accounts that the customer shares', async () => {
    const { status, body } = await at.thirdParty.api('/accounts', userToken);
    expect(status).toBe(200);
    expect(body.Data.Account.length).toBeGreaterThanOrEqual(3);
    expect(body.Data.Account[0]).toMatchObject({
      AccountId: expect.any(String) as string,
      Currency: 'GBP',
      AccountType: 'Personal',
      AccountSubType: 'CurrentAccount',
      Account: [
        {
          SchemeName: 'UK.OBIE.SortCodeAccountNumber',
          Identification: expect.any(String) as string,
          Name: 'Alex Morgan',
        },
      ],
    });
    expect(body.Links.Self).toBe(`${at.bank.ready.gatewayUrl}/open-banking/v3.1/aisp/accounts`);
    expect(body.Meta).toEqual({ TotalPages: 1 });
  });

  it('returns balances as text with two decimals', async () => {
    const { body: list } = await at.thirdParty.api('/accounts', userToken);
    for (const { AccountId } of list.Data.Account) {
      const { status, body } = await at.thirdParty.api(
        `/accounts/${AccountId}/balances`,
        userToken,
      );
      expect(status).toBe(200);
      expect(body.Data.Balance[0]).toMatchObject({
        AccountId,
        CreditDebitIndicator: expect.stringMatching(/^(Credit|Debit)$/) as string,
        Amount: {
          Amount: expect.stringMatching(/^\d+\.\d\d$/) as string,
          Currency: expect.any(String) as string,
        },
      });
    }
  });

  it('pages through transactions with Links.Next', async () => {
    const { body: list } = await at.thirdParty.api('/accounts', userToken);
    let path: string | undefined = `/accounts/${list.Data.Account[0]!.AccountId}/transactions`;
    const seen: string[] = [];
    let pages = 0;
    let totalPages: number | undefined;
    while (path) {
      const { status, body } = await at.thirdParty.api(path, userToken);
      expect(status).toBe(200);
      expect(body.Links.Self).toContain('/transactions');
      seen.push(...body.Data.Transaction.map(({ TransactionId }) => TransactionId));
      totalPages = body.Meta.TotalPages;
      pages += 1;
      const next: string | undefined = body.Links.Next;
      if (next) expect(next.startsWith(at.bank.ready.gatewayUrl)).toBe(true);
      path = next?.slice(`${at.bank.ready.gatewayUrl}/open-banking/v3.1/aisp`.length);
    }
    expect(pages).toBe(5);
    expect(totalPages).toBe(5);
    expect(new Set(seen).size).toBe(120);
  });

  it('filters transactions by booking date', async () => {
    const from = new Date(Date.now() - 14 * 86_400_000).toISOString().slice(0, 19);
    const path = `/accounts/30080012343456/transactions?fromBookingDateTime=${from}`;
    const { body } = await at.thirdParty.api(path, userToken);
    const dates = body.Data.Transaction.map(({ BookingDateTime }) => BookingDateTime);
    expect(dates.length).toBeGreaterThan(0);
    expect(dates.every((date) => date >= from)).toBe(true);
  });

  it.each([
    ['/accounts/999', 400, 'UK.OBIE.Resource.NotFound'],
    ['/accounts/30080012343456/transactions?page=99', 400, 'UK.OBIE.Field.Invalid'],
    [
      '/accounts/30080012343456/transactions?fromBookingDateTime=soon',
      400,
      'UK.OBIE.Field.Invalid',
    ],
  ])('refuses %s', async (path, status, ErrorCode) => {
    expect(await at.thirdParty.api(path, userToken)).toMatchObject({
      status,
      body: { Errors: [{ ErrorCode }] },
    });
  });

  it('returns x-fapi-interaction-id, and makes one if the request has none', async () => {
    const id = '93bac548-d2de-4546-b106-880a5018460d';
    const headers = { 'x-fapi-interaction-id': id };
    const echoed = await at.thirdParty.api('/accounts', userToken, { headers });
    expect(echoed.headers['x-fapi-interaction-id']).toBe(id);
    const made = await at.thirdParty.api('/accounts', userToken);
    expect(made.headers['x-fapi-interaction-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a consent', () => {
  const data = { Permissions: ['ReadAccountsBasic'] };
  const create = (body: unknown, token = applicationToken) =>
    at.thirdParty.api('/account-access-consents', token, { method: 'POST', body });

  it('is created, read and revoked with an application token', async () => {
    const { status, body } = await create({ Data: data, Risk: {} });
    expect(status).toBe(201);
    expect(body.Data).toMatchObject({ Status: 'AwaitingAuthorisation', ...data });
    const path = `/account-access-consents/${body.Data.ConsentId}`;
    expect((await at.thirdParty.api(path, applicationToken)).body.Data).toEqual(body.Data);
    const removed = await at.thirdParty.api(path, applicationToken, { method: 'DELETE' });
    expect(removed.status).toBe(204);
    const { body: after } = await at.thirdParty.api(path, applicationToken);
    expect(after.Data.Status).toBe('Revoked');
    const again = await at.thirdParty.api(path, applicationToken, { method: 'DELETE' });
    expect(again).toMatchObject({
      status: 400,
      body: { Errors: [{ ErrorCode: 'UK.OBIE.Resource.InvalidConsentStatus' }] },
    });
  });

  it('ends access to the accounts when it is revoked', async () => {
    const { code, consent_id } = await at.bank.authorize();
    const { access_token } = (await at.thirdParty.exchange(code)).body;
    const path = `/account-access-consents/${consent_id}`;
    expect((await at.thirdParty.api(path, applicationToken)).body.Data.Status).toBe('Authorised');
    await at.thirdParty.api(path, applicationToken, { method: 'DELETE' });
    expect(await at.thirdParty.api('/accounts', access_token)).toMatchObject({
      status: 403,
      body: { Errors: [{ ErrorCode: 'UK.OBIE.Resource.InvalidConsentStatus' }] },
    });
  });

  it.each<[string, unknown, string]>([
    ['without Data', {}, 'UK.OBIE.Field.Missing'],
    ['without permissions', { Data: {} }, 'UK.OBIE.Field.Missing'],
    ['with an unknown permission', { Data: { Permissions: ['x'] } }, 'UK.OBIE.Field.Invalid'],
    ['without accounts', { Data: { Permissions: ['ReadBalances'] } }, 'UK.OBIE.Field.Invalid'],
    [
      'with transactions that neither came nor went',
      { Data: { Permissions: ['ReadAccountsBasic', 'ReadTransactionsDetail'] } },
      'UK.OBIE.Field.Invalid',
    ],
    [
      'that has ended before it began',
      { Data: { ...data, ExpirationDateTime: '2020-01-01T00:00:00Z' } },
      'UK.OBIE.Field.Invalid',
    ],
  ])('%s is refused', async (_name, body, ErrorCode) => {
    expect(await create(body)).toMatchObject({ status: 400, body: { Errors: [{ ErrorCode }] } });
  });

  it('needs an application token', async () => {
    expect(await create({ Data: data }, userToken)).toMatchObject({
      status: 403,
      body: { errors: [{ code: '900912' }] },
    });
  });
});

describe('the gateway', () => {
  const invalidCredentials = {
    status: 401,
    body: {
      errors: [
        {
          code: '900901',
          message: 'Invalid Credentials',
          description:
            'Access failure for API: /open-banking/v3.1/aisp, version: v3.1 status: (900901) - Invalid Credentials. Make sure you have provided the correct security credentials',
        },
      ],
    },
  };

  it('answers 900901 to an unknown token', async () => {
    expect(await at.thirdParty.api('/accounts', 'unknown')).toMatchObject(invalidCredentials);
  });

  it('answers 900901 to a token that is bound to another certificate', async () => {
    const certificate = 'otherClient';
    const answer = await at.thirdParty.api('/accounts', userToken, { certificate });
    expect(answer).toMatchObject(invalidCredentials);
  });

  it('answers 900902 without a token', async () => {
    expect(await at.thirdParty.api('/accounts')).toMatchObject({
      status: 401,
      body: { errors: [{ code: '900902', message: 'Missing Credentials' }] },
    });
  });

  it('answers 900912 to an application token at the accounts', async () => {
    expect(await at.thirdParty.api('/accounts', applicationToken)).toMatchObject({
      status: 403,
      body: { errors: [{ code: '900912', message: 'Claim Mismatch' }] },
    });
  });

  it('refuses a token without the scope', async () => {
    const token = await application('openid');
    const answer = await at.thirdParty.api('/account-access-consents', token, {
      method: 'POST',
      body: {},
    });
    expect(answer).toMatchObject({
      status: 403,
      body: {
        errors: [
          { message: 'The access token does not allow you to access the requested resource' },
        ],
      },
    });
  });

  it("refuses a customer's token with a scope that a refresh narrowed, and returns the interaction ID", async () => {
    const { code } = await at.bank.authorize();
    const { refresh_token } = (await at.thirdParty.exchange(code)).body;
    const narrowed = await at.thirdParty.token({
      grant_type: 'refresh_token',
      refresh_token,
      scope: 'openid',
    });
    const { access_token } = narrowed.body as { access_token: string };
    const headers = { 'x-fapi-interaction-id': 'c770aef3-6784-41f7-8e0e-ff5f97bddb3a' };
    const answer = await at.thirdParty.api('/accounts', access_token, { headers });
    expect(answer).toMatchObject({ status: 403, headers, body: { errors: [{ code: '900910' }] } });
  });

  it('answers 404 to other paths', async () => {
    expect((await at.thirdParty.api('/payments', userToken)).status).toBe(404);
    expect((await at.thirdParty.call(`${at.bank.ready.gatewayUrl}/`)).status).toBe(404);
    expect((await at.thirdParty.api('/accounts/%/balances', userToken)).status).toBe(400);
  });
});
