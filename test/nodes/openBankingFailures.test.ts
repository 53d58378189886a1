import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { data, refusal, startDataBank, type DataBank } from '../support/bank/dataBank';
import { outputOf, type NodeRun } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import { until } from '../support/waiting';

let bank: DataBank;
ownUserFolder();

beforeAll(async () => {
  bank = await startDataBank();
  await bank.share({ household: { 'A-1': 5, 'A-2': 1, 'A-3': 1 }, office: { 'B-1': 3 } });
});
afterAll(() => bank.close());
beforeEach(() => {
  bank.server.requests.length = 0;
  bank.answers.clear();
});

const byConsent: INodeParameters = { consent: '={{ $json.consent }}' };
const one = (id: string): INodeParameters => ({
  accounts: 'one',
  account: { __rl: true, mode: 'id', value: id },
});
const consents = (...names: string[]): IDataObject[] => names.map((consent) => ({ consent }));

/** The second page of A-1 fails for the consent household. */
const failsOnPage2 = () =>
  bank.answers.set('household /accounts/A-1/transactions', (response, request) => {
    if (request.url.includes('page=2')) {
      refusal(403, 'UK.OBIE.Reauthenticate', 'Reauthentication required')(response, request);
      return;
    }
    const row = { AccountId: 'A-1', TransactionId: 'T1', Status: 'Booked' };
    const money = { CreditDebitIndicator: 'Debit', Amount: { Amount: '1.00', Currency: 'GBP' } };
    const Next = `${bank.server.url}${request.url.split('?')[0]}?page=2`;
    const Transaction = [{ ...row, ...money, BookingDateTime: '2026-03-02T00:00:00+00:00' }];
    data({ Data: { Transaction }, Links: { Next }, Meta: {} })(response, request);
  });

/** The items of an output, in short. */
const shown = (items: ReturnType<typeof outputOf>) =>
  items.map(({ json, pairedItem }) => ({
    id: json.transaction_id ?? (json.error as IDataObject).code,
    ...(json.error !== undefined && json.account_id !== undefined && { of: json.account_id }),
    item: (pairedItem as { item: number }).item,
  }));

describe('an account whose second page fails', () => {
  beforeEach(failsOnPage2);

  it('stops the node', async () => {
    const task = await bank.run(byConsent, { items: consents('office', 'household') });
    expect(task.executionStatus).toBe('error');
    expect(task.error).toMatchObject({
      name: 'NodeApiError',
      message: expect.stringContaining('Reauthentication required'),
      description: expect.stringMatching(/\(api: reauthentication-needed\)$/),
      httpCode: '403',
      context: { itemIndex: 1, stage: 'api', code: 'reauthentication-needed' },
    });
    expect(JSON.stringify(task)).not.toContain('at-household');
  });

  it('keeps the rows before it, and the other accounts and consents, if the node continues', async () => {
    const items = consents('household', 'office');
    const task = await bank.run(byConsent, { items, onError: 'continueRegularOutput' });
    expect(shown(outputOf(task))).toEqual([
      { id: 'T1', item: 0 },
      { id: 'reauthentication-needed', of: 'A-1', item: 0 },
      { id: 'A-2-1', item: 0 },
      { id: 'A-3-1', item: 0 },
      { id: 'B-1-1', item: 1 },
      { id: 'B-1-2', item: 1 },
      { id: 'B-1-3', item: 1 },
    ]);
    expect(outputOf(task)[1]!.json).toEqual({
      error: {
        message: expect.stringContaining('Reauthentication required'),
        stage: 'api',
        code: 'reauthentication-needed',
        description: expect.any(String),
      },
      account_id: 'A-1',
    });
  });

  it('sends the errors to the error output, without the tokens of the incoming item', async () => {
    const items = [{ authorization: 'Bearer at-household', refresh_token: 'rt', customer: 7 }];
    const task = await bank.run(
      { authorizeWith: 'accessToken' },
      { items, onError: 'continueErrorOutput' },
    );
    expect(shown(outputOf(task)).map(({ id }) => id)).toEqual(['T1', 'A-2-1', 'A-3-1']);
    expect(outputOf(task, 1).map(({ json }) => json)).toEqual([
      {
        error: expect.objectContaining({ stage: 'api', code: 'reauthentication-needed' }),
        ...{ account_id: 'A-1', customer: 7 },
      },
    ]);
    expect(JSON.stringify(outputOf(task, 1))).not.toMatch(/at-household|"rt"/);
  });

  it('asks the same again with "Retry On Fail", and nothing else', async () => {
    const task = await bank.run(
      { consent: 'household', ...one('A-1') },
      { retryOnFail: true, onError: 'continueRegularOutput' },
    );
    expect(shown(outputOf(task))).toEqual([
      { id: 'T1', item: 0 },
      { id: 'reauthentication-needed', of: 'A-1', item: 0 },
    ]);
    const paths = ['', '?page=2'].map((page) => `household /accounts/A-1/transactions${page}`);
    expect([...new Set(bank.asked())]).toEqual(paths);
  });
});

it('throws the failure of the first item that fails, although a later one fails earlier', async () => {
  bank.answers.set('household /accounts', (response, request) => {
    void until(() => bank.asked().includes('office /accounts')).then(() =>
      setTimeout(() => data({ message: 'OK' })(response, request), 50),
    );
  });
  bank.answers.set('office /accounts', refusal(400, 'UK.OBIE.Field.Invalid'));
  const task = await bank.run(byConsent, { items: consents('household', 'office') });
  expect(task.error).toMatchObject({ context: { itemIndex: 0, code: 'data-missing' } });
});

it('begins no further item after a failure', async () => {
  bank.answers.set('household /accounts', refusal(400, 'UK.OBIE.Field.Invalid'));
  const items = consents('household', 'office', 'office');
  await bank.run({ ...byConsent, options: { concurrency: 1 } }, { items });
  expect(bank.asked()).toEqual(['household /accounts']);
});

describe('an execution that is cancelled', () => {
  it('ends the requests that are under way, and begins no other', async () => {
    const cancelling = new AbortController();
    let closed = 0;
    for (const consent of ['household', 'office']) {
      bank.answers.set(`${consent} /accounts`, (response) => {
        response.on('close', () => closed++);
        if (bank.asked().length === 2) cancelling.abort();
      });
    }
    const items = consents('household', 'office', 'household', 'office');
    const run: Partial<NodeRun> = { items, signal: cancelling.signal };
    await bank.run({ ...byConsent, options: { concurrency: 2 } }, run);
    await until(() => closed === 2);
    expect(bank.asked().sort()).toEqual(['household /accounts', 'office /accounts']);
  });

  it('ends the wait that the bank asked for', async () => {
    const cancelling = new AbortController();
    bank.answers.set('household /accounts', (response) => {
      response.writeHead(429, { 'Retry-After': '60' }).end();
      setTimeout(() => cancelling.abort(), 20);
    });
    await bank.run({ consent: 'household' }, { signal: cancelling.signal });
    expect(bank.asked()).toEqual(['household /accounts']);
  });
});

describe('a mistake in the node', () => {
  it.each<[string, INodeParameters, string, string]>([
    ['no consent', { consent: '={{ $json.none }}' }, 'input-missing', '"Consent" is empty'],
    ['a consent that is not stored', { consent: 'nobody' }, 'consent-unknown', 'nobody'],
    [
      'an empty access token',
      { authorizeWith: 'accessToken' },
      'input-missing',
      '"Access Token" is empty',
    ],
    [
      'no account',
      { consent: 'household', ...one('={{ $json.none }}') },
      'input-missing',
      '"Account" is empty',
    ],
    [
      'the text of an expression as account',
      { consent: 'household', ...one('{{ $json.account_id }}') },
      'field-malformed',
      '"Account" is the text of an expression',
    ],
    [
      'a limit of zero',
      { consent: 'household', returnAll: false, limit: 0 },
      'field-malformed',
      '"Limit" is not a whole number from 1 on',
    ],
    [
      'a limit that is no number',
      { consent: 'household', returnAll: false, limit: '={{ $json.none }}' },
      'field-malformed',
      '"Limit" is not',
    ],
    [
      'a switch that is neither on nor off',
      { consent: 'household', simplify: '={{ $json.none }}' },
      'input-missing',
      '"Simplify" is empty',
    ],
    [
      'From after To',
      { consent: 'household', from: '2026-03-31', to: '2026-03-01' },
      'dates-reversed',
      '2026-03-31',
    ],
    [
      'a From that is no date',
      { consent: 'household', from: 'last week' },
      'field-malformed',
      '"From" is not a date',
    ],
    [
      'an expression for From that yields no date',
      { consent: 'household', from: '={{ $json.none }}' },
      'input-missing',
      '"From" is empty',
    ],
    [
      'an unknown status',
      { consent: 'household', status: '={{ "open" }}' },
      'field-malformed',
      '"Status" has an unknown value',
    ],
  ])('is refused before anything is sent: %s', async (_, parameters, code, message) => {
    const { error } = await bank.run(parameters);
    expect(error).toMatchObject({ context: { code, itemIndex: 0 } });
    expect(error!.message).toContain(message);
    expect(bank.asked()).toEqual([]);
  });

  it('becomes an item with an error for the item that has it alone', async () => {
    const items = consents('nobody', '', 'office');
    const task = await bank.run(byConsent, { items, onError: 'continueRegularOutput' });
    expect(shown(outputOf(task))).toEqual([
      { id: 'consent-unknown', item: 0 },
      { id: 'input-missing', item: 1 },
      ...['B-1-1', 'B-1-2', 'B-1-3'].map((id) => ({ id, item: 2 })),
    ]);
  });

  it.each([
    [
      { resource: 'account', operation: 'commit', consent: 'c' },
      /^This version of the node does not know/,
    ],
    [{ resource: '__CUSTOM_API_CALL__' }, /^To make a custom API call, use the HTTP Request node/],
  ])('names the way if the operation is unknown: %j', async (parameters, message) => {
    const { error } = await bank.run(parameters);
    expect(error).toMatchObject({ name: 'NodeOperationError' });
    expect(error!.message).toMatch(message);
  });
});

it('says that the account belongs to another consent', async () => {
  const { error } = await bank.run({ consent: 'household', ...one('B-1') });
  expect(error).toMatchObject({ context: { code: 'account-unknown', stage: 'api' } });
  expect(bank.asked()).toEqual(['household /accounts/B-1/transactions']);
});

it('reads the accounts that the bank listed before, if it lists none any more', async () => {
  await bank.items({ consent: 'household' });
  bank.answers.set('household /accounts', refusal(403, 'UK.OBIE.Reauthenticate'));
  const task = await bank.run({ consent: 'household' });
  expect(shown(outputOf(task)).map(({ id }) => id)).toEqual([
    ...['A-1-1', 'A-1-2', 'A-1-3', 'A-1-4', 'A-2-1', 'A-3-1'],
  ]);
  expect(task.hints?.map(({ message }) => message)).toEqual([
    expect.stringContaining('refuses the list of accounts. The node read the'),
  ]);
});

it('does not read them for a consent that the bank does not accept', async () => {
  await bank.items({ consent: 'household' });
  bank.answers.set('household /accounts', refusal(403, 'UK.OBIE.Resource.InvalidConsentStatus'));
  bank.server.requests.length = 0;
  const { error } = await bank.run({ consent: 'household' });
  expect(error).toMatchObject({ context: { code: 'consent-not-accepted' } });
  expect(bank.asked()).toEqual(['household /accounts']);
});

it('does not wait longer than a timer can', async () => {
  bank.answers.set('household /accounts', (response) => {
    response.writeHead(429, { 'Retry-After': '2147484' }).end();
  });
  const { error } = await bank.run({ consent: 'household', options: { maximumWait: 9e9 } });
  expect(error).toMatchObject({ context: { code: 'api-limit-reached' } });
  expect(bank.asked()).toHaveLength(1);
});

it('shows each warning once for all items and accounts', async () => {
  const row = { Status: 'Booked', CreditDebitIndicator: 'Debit', BookingDateTime: '2026-03-02' };
  const Transaction = [
    { ...row, TransactionId: 'T', Amount: { Amount: '-1.00', Currency: 'GBP' } },
  ];
  for (const path of [
    'household /accounts/A-1',
    'household /accounts/A-2',
    'office /accounts/B-1',
  ]) {
    bank.answers.set(`${path}/transactions`, data({ Data: { Transaction }, Links: {}, Meta: {} }));
  }
  const task = await bank.run(byConsent, { items: consents('household', 'office') });
  expect(outputOf(task)).toHaveLength(4);
  expect(task.hints).toEqual([
    expect.objectContaining({ type: 'warning', message: expect.stringContaining('3') }),
  ]);
});
