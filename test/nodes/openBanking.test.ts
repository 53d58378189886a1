import type { INodeParameters } from 'n8n-workflow';
import { outputOf } from '../support/n8n/nodeExecution';
import { accountsOfConsents, one } from './accountsOfConsents';

const at = accountsOfConsents({
  household: { 'A-1': 5, 'A-2': 1 },
  office: { 'B-1': 3 },
  empty: {},
});

const household: INodeParameters = { consent: 'household' };
const ids = async (parameters: INodeParameters, items?: object[]) =>
  (await at.bank.items(parameters, items as never)).map(({ transaction_id: id }) => id);

describe('Account → Get Many', () => {
  const accounts = { resource: 'account', operation: 'getAll', ...household };

  it('returns an item for each account of the consent', async () => {
    expect(await at.bank.items(accounts)).toEqual(
      ['A-1', 'A-2'].map((id) => ({
        ...{ account_id: id, account_key: id, consent: 'household', consent_id: 'id-household' },
        ...{ name: `Account ${id}`, type: 'CurrentAccount', currency: 'GBP' },
        ...{ identification: `GB00TEST${id}`, scheme: 'UK.OBIE.IBAN' },
      })),
    );
    expect(at.bank.asked()).toEqual(['household /accounts']);
  });

  it('returns no more than "Limit"', async () => {
    expect(await at.bank.items({ ...accounts, returnAll: false, limit: 1 })).toHaveLength(1);
  });

  it('returns the accounts as the bank sent them if "Simplify" is off', async () => {
    expect((await at.bank.items({ ...accounts, simplify: false }))[0]).toEqual({
      ...{ AccountId: 'A-1', Currency: 'GBP', AccountType: 'Personal', Nickname: 'Account A-1' },
      AccountSubType: 'CurrentAccount',
      Account: [{ SchemeName: 'UK.OBIE.IBAN', Identification: 'GB00TESTA-1' }],
    });
  });

  it.each([{ resource: 'account' }, { resource: 'transaction' }])(
    'returns no item for a consent without accounts, and says so: %j',
    async (resource) => {
      const task = await at.bank.run({ ...accounts, ...resource, consent: 'empty' });
      expect(outputOf(task)).toEqual([]);
      expect(task.hints?.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^In 1 list, the bank gave no account of the consent\. /),
      ]);
    },
  );
});

it('Account → Get returns one account', async () => {
  const parameters = { resource: 'account', operation: 'get', ...household, ...one('A-2') };
  expect(await at.bank.items(parameters)).toMatchObject([{ account_id: 'A-2', currency: 'GBP' }]);
  expect(at.bank.asked()).toEqual(['household /accounts/A-2']);
});

describe('Account → Get Balances', () => {
  const balances = { resource: 'account', operation: 'getBalances', ...household };

  it('returns the balances of all accounts', async () => {
    expect(await at.bank.items(balances)).toEqual(
      ['A-1', 'A-2'].map((id) => ({
        ...{ account_id: id, account_key: id, type: 'InterimBooked' },
        ...{ amount: '12.50', currency: 'GBP', at: '2026-03-02T08:00:00+00:00' },
      })),
    );
  });

  it('asks for one account alone', async () => {
    expect(await at.bank.items({ ...balances, ...one('A-2') })).toMatchObject([
      { account_id: 'A-2' },
    ]);
    expect(at.bank.asked()).toEqual(['household /accounts/A-2/balances']);
  });
});

describe('Transaction → Get Many', () => {
  it('returns the booked transactions of all pages and accounts, in the order of the bank', async () => {
    expect(await ids(household)).toEqual(['A-1-1', 'A-1-2', 'A-1-3', 'A-1-4', 'A-2-1']);
    expect(at.bank.asked().sort()).toEqual([
      'household /accounts',
      'household /accounts/A-1/transactions',
      'household /accounts/A-1/transactions?page=2',
      'household /accounts/A-1/transactions?page=3',
      'household /accounts/A-2/transactions',
    ]);
  });

  it('returns simplified items', async () => {
    const [first] = await at.bank.items({ ...household, ...one('A-2') });
    expect(first).toEqual({
      ...{ transaction_id: 'A-2-1', id_source: 'bank', account_id: 'A-2', account_key: 'A-2' },
      ...{ consent: 'household', consent_id: 'id-household', status: 'booked' },
      ...{ booked_at: '2026-03-02T00:00:00+00:00', amount: '-12.50', currency: 'GBP' },
      description: 'SHOP 1',
    });
  });

  it.each([
    ['booked', ['A-1-1', 'A-1-2', 'A-1-3', 'A-1-4']],
    ['pending', ['A-1-5']],
    ['all', ['A-1-1', 'A-1-2', 'A-1-3', 'A-1-4', 'A-1-5']],
  ])('returns the rows with the status "%s"', async (status, expected) => {
    expect(await ids({ ...household, ...one('A-1'), status })).toEqual(expected);
  });

  it('returns at most "Limit" rows for each input item, and asks for no page in vain', async () => {
    const parameters = { consent: '={{ $json.consent }}', returnAll: false, limit: 2 };
    const items = [{ consent: 'household' }, { consent: 'office' }];
    expect(await ids(parameters, items)).toEqual(['A-1-1', 'A-1-2', 'B-1-1', 'B-1-2']);
    expect(at.bank.asked().sort()).toEqual([
      ...['household /accounts', 'household /accounts/A-1/transactions'],
      ...['office /accounts', 'office /accounts/B-1/transactions'],
    ]);
  });

  it('takes the limit and the account from each input item', async () => {
    const items = [
      { account: 'A-1', limit: 3 },
      { account: 'A-2', limit: '1' },
    ];
    const parameters = { ...household, returnAll: false, limit: '={{ $json.limit }}' };
    const all = await ids({ ...parameters, ...one('={{ $json.account }}') }, items);
    expect(all).toEqual(['A-1-1', 'A-1-2', 'A-1-3', 'A-2-1']);
  });

  it.each([
    ['plain days', '2026-03-01', '2026-03-31', '2026-03-01T00:00:00', '2026-03-31T23:59:59'],
    [
      'dates of an expression, by their wall clock',
      '={{ DateTime.fromISO("2026-03-01T08:00", { zone: "Asia/Tokyo" }) }}',
      '={{ DateTime.fromISO("2026-03-31T09:30", { zone: "Asia/Tokyo" }) }}',
      '2026-03-01T08:00:00',
      '2026-03-31T09:30:00',
    ],
    ['a day from the item', '={{ $json.from }}', '', '2026-03-02T00:00:00', undefined],
  ])('sends From and To without a zone: %s', async (_, from, to, sentFrom, sentTo) => {
    await at.bank.items({ ...household, ...one('A-2'), from, to }, [{ from: '2026-03-02' }]);
    const { searchParams } = new URL(at.bank.server.requests[0]!.url, 'https://bank.example');
    expect(searchParams.get('fromBookingDateTime')).toBe(sentFrom ?? null);
    expect(searchParams.get('toBookingDateTime')).toBe(sentTo ?? null);
  });

  it('leaves out rows outside From and To, and says so', async () => {
    const task = await at.bank.run({ ...household, from: '2026-03-03' });
    expect(outputOf(task)).toEqual([]);
    expect(task.hints?.map(({ message }) => message)).toEqual([
      expect.stringContaining('outside From and To'),
    ]);
  });
});

describe('many consents', () => {
  const consents = Array.from({ length: 12 }, (_, index) => `many-${index}`);
  const parameters = { consent: '={{ $json.consent }}', options: { concurrency: 3 } };
  const items = consents.map((consent) => ({ consent }));
  const shared = { 'A-1': 3, 'A-2': 4 };

  beforeAll(() => at.bank.share(Object.fromEntries(consents.map((consent) => [consent, shared]))));

  it('come out in the order of the input, each item paired with its input item', async () => {
    const output = outputOf(await at.bank.run(parameters, { items }));
    expect(
      output.map(({ json }) => `${json.consent as string} ${json.transaction_id as string}`),
    ).toEqual(
      consents.flatMap((consent) =>
        ['A-1-1', 'A-1-2', 'A-1-3', 'A-2-1', 'A-2-2', 'A-2-3', 'A-2-4'].map(
          (id) => `${consent} ${id}`,
        ),
      ),
    );
    expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
      consents.flatMap((_, item) => Array.from({ length: 7 }, () => ({ item }))),
    );
  });

  it('share the slots of "Items at Once" with their accounts', async () => {
    let underWay = 0;
    let most = 0;
    for (const consent of consents) {
      for (const path of ['', '/A-1/transactions', '/A-2/transactions']) {
        at.bank.answers.set(`${consent} /accounts${path}`, (response) => {
          most = Math.max(most, ++underWay);
          setTimeout(() => {
            underWay--;
            const rows = path
              ? { Transaction: [] }
              : { Account: [{ AccountId: 'A-1' }, { AccountId: 'A-2' }] };
            response.end(JSON.stringify({ Data: rows, Links: {}, Meta: {} }));
          }, 5);
        });
      }
    }
    await at.bank.run(parameters, { items });
    expect(at.bank.asked()).toHaveLength(36);
    expect(most).toBe(3);
  });
});

describe('with an access token of another node', () => {
  const given = { authorizeWith: 'accessToken' };

  it.each([
    ['by default the authorization of the item', {}, { authorization: 'Bearer at-office' }],
    [
      'with or without "Bearer"',
      { accessToken: '={{ $json.access_token }}' },
      { access_token: 'at-office' },
    ],
  ])('sends %s', async (_, parameters, item) => {
    const output = await at.bank.items({ ...given, ...parameters }, [item]);
    expect(output.map(({ transaction_id: id }) => id)).toEqual(['B-1-1', 'B-1-2', 'B-1-3']);
    expect(output[0]).not.toHaveProperty('consent');
    expect(JSON.stringify(output)).not.toContain('at-office');
  });
});

describe('the options', () => {
  const options = (values: INodeParameters) =>
    at.bank.items({ ...household, ...one('A-2'), options: values });

  it('become headers', async () => {
    await options({
      ...{ financialId: '0015800000aBcDeFAA', customerIpAddress: '203.0.113.7' },
      customerLastLoggedAt: '2026-03-01T09:05:00Z',
    });
    expect(at.bank.server.requests[0]!.headers).toMatchObject({
      'x-fapi-financial-id': '0015800000aBcDeFAA',
      'x-fapi-customer-ip-address': '203.0.113.7',
      'x-fapi-auth-date': 'Sun, 01 Mar 2026 09:05:00 GMT',
    });
  });

  it('send no header about a customer who is not there', async () => {
    await options({});
    const sent = Object.keys(at.bank.server.requests[0]!.headers);
    expect(sent.filter((name) => name.startsWith('x-fapi-'))).toEqual(['x-fapi-interaction-id']);
  });

  it.each<[INodeParameters, string]>([
    [{ customerIpAddress: '203.0.113' }, '"Customer IP Address" is not an IP address'],
    [{ customerIpAddress: ' ' }, '"Customer IP Address" is empty'],
    [{ customerLastLoggedAt: 'yesterday' }, '"Customer Last Logged In" is not a date'],
    [{ customerLastLoggedAt: '' }, '"Customer Last Logged In" is empty'],
    [{ financialId: '' }, '"Financial ID" is empty'],
    [{ maximumPage: 0.5 }, '"Maximum Page Size" is not a number from 1 to 16'],
    [{ maximumPage: 17 }, '"Maximum Page Size" is not a number from 1 to 16'],
    [{ maximumWait: -1 }, '"Maximum Wait" is not a number of seconds'],
  ])('are refused before anything is sent: %j', async (values, message) => {
    await expect(options(values)).rejects.toMatchObject({
      name: 'NodeOperationError',
      message: expect.stringContaining(message),
    });
    expect(at.bank.asked()).toEqual([]);
  });
});
