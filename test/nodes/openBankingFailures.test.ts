import { data, refusal } from '../support/bank/dataBank';
import { outputOf, type NodeRun } from '../support/n8n/nodeExecution';
import { until } from '../support/waiting';
import { accountsOfConsents, byConsent, consents, one, shown } from './accountsOfConsents';

const at = accountsOfConsents({
  household: { 'A-1': 5, 'A-2': 1, 'A-3': 1 },
  office: { 'B-1': 3 },
});

/** The second page of A-1 fails for the consent household. */
const failsOnPage2 = () =>
  at.bank.answers.set('household /accounts/A-1/transactions', (response, request) => {
    if (request.url.includes('page=2')) {
      refusal(403, 'UK.OBIE.Reauthenticate', 'Reauthentication required')(response, request);
      return;
    }
    const row = { AccountId: 'A-1', TransactionId: 'T1', Status: 'Booked' };
    const money = { CreditDebitIndicator: 'Debit', Amount: { Amount: '1.00', Currency: 'GBP' } };
    const Next = `${at.bank.server.url}${request.url.split('?')[0]}?page=2`;
    const Transaction = [{ ...row, ...money, BookingDateTime: '2026-03-02T00:00:00+00:00' }];
    data({ Data: { Transaction }, Links: { Next }, Meta: {} })(response, request);
  });

describe('an account whose second page fails', () => {
  beforeEach(failsOnPage2);

  it('stops the node', async () => {
    const task = await at.bank.run(byConsent, { items: consents('office', 'household') });
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
    const task = await at.bank.run(byConsent, { items, onError: 'continueRegularOutput' });
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
    const task = await at.bank.run(
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
    const task = await at.bank.run(
      { consent: 'household', ...one('A-1') },
      { retryOnFail: true, onError: 'continueRegularOutput' },
    );
    expect(shown(outputOf(task))).toEqual([
      { id: 'T1', item: 0 },
      { id: 'reauthentication-needed', of: 'A-1', item: 0 },
    ]);
    const paths = ['', '?page=2'].map((page) => `household /accounts/A-1/transactions${page}`);
    expect([...new Set(at.bank.asked())]).toEqual(paths);
  });
});

it('throws the failure of the first item that fails, although a later one fails earlier', async () => {
  at.bank.answers.set('household /accounts', (response, request) => {
    void until(() => at.bank.asked().includes('office /accounts')).then(() =>
      setTimeout(() => data({ message: 'OK' })(response, request), 50),
    );
  });
  at.bank.answers.set('office /accounts', refusal(400, 'UK.OBIE.Field.Invalid'));
  const task = await at.bank.run(byConsent, { items: consents('household', 'office') });
  expect(task.error).toMatchObject({ context: { itemIndex: 0, code: 'data-missing' } });
});

it('begins no further item after a failure', async () => {
  at.bank.answers.set('household /accounts', refusal(400, 'UK.OBIE.Field.Invalid'));
  const items = consents('household', 'office', 'office');
  await at.bank.run({ ...byConsent, options: { concurrency: 1 } }, { items });
  expect(at.bank.asked()).toEqual(['household /accounts']);
});

describe('an execution that is cancelled', () => {
  it('ends the requests that are under way, and begins no other', async () => {
    const cancelling = new AbortController();
    let closed = 0;
    for (const consent of ['household', 'office']) {
      at.bank.answers.set(`${consent} /accounts`, (response) => {
        response.on('close', () => closed++);
        if (at.bank.asked().length === 2) cancelling.abort();
      });
    }
    const items = consents('household', 'office', 'household', 'office');
    const run: Partial<NodeRun> = { items, signal: cancelling.signal };
    await at.bank.run({ ...byConsent, options: { concurrency: 2 } }, run);
    await until(() => closed === 2);
    expect(at.bank.asked().sort()).toEqual(['household /accounts', 'office /accounts']);
  });

  it('ends the wait that the bank asked for', async () => {
    const cancelling = new AbortController();
    at.bank.answers.set('household /accounts', (response) => {
      response.writeHead(429, { 'Retry-After': '60' }).end();
      setTimeout(() => cancelling.abort(), 20);
    });
    await at.bank.run({ consent: 'household' }, { signal: cancelling.signal });
    expect(at.bank.asked()).toEqual(['household /accounts']);
  });
});

it('says that the account belongs to another consent', async () => {
  const { error } = await at.bank.run({ consent: 'household', ...one('B-1') });
  expect(error).toMatchObject({ context: { code: 'account-unknown', stage: 'api' } });
  expect(at.bank.asked()).toEqual(['household /accounts/B-1/transactions']);
});

it('reads the accounts that the bank listed before, if it lists none any more', async () => {
  await at.bank.items({ consent: 'household' });
  at.bank.answers.set('household /accounts', refusal(403, 'UK.OBIE.Reauthenticate'));
  const task = await at.bank.run({ consent: 'household' });
  expect(shown(outputOf(task)).map(({ id }) => id)).toEqual([
    ...['A-1-1', 'A-1-2', 'A-1-3', 'A-1-4', 'A-2-1', 'A-3-1'],
  ]);
  expect(task.hints?.map(({ message }) => message)).toEqual([
    expect.stringContaining('refuses the list of accounts. The node read the'),
  ]);
});

it('does not read them for a consent that the bank does not accept', async () => {
  await at.bank.items({ consent: 'household' });
  at.bank.answers.set('household /accounts', refusal(403, 'UK.OBIE.Resource.InvalidConsentStatus'));
  at.bank.server.requests.length = 0;
  const { error } = await at.bank.run({ consent: 'household' });
  expect(error).toMatchObject({ context: { code: 'consent-not-accepted' } });
  expect(at.bank.asked()).toEqual(['household /accounts']);
});

it('does not wait longer than a timer can', async () => {
  at.bank.answers.set('household /accounts', (response) => {
    response.writeHead(429, { 'Retry-After': '2147484' }).end();
  });
  const { error } = await at.bank.run({ consent: 'household', options: { maximumWait: 9e9 } });
  expect(error).toMatchObject({ context: { code: 'api-limit-reached' } });
  expect(at.bank.asked()).toHaveLength(1);
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
    at.bank.answers.set(
      `${path}/transactions`,
      data({ Data: { Transaction }, Links: {}, Meta: {} }),
    );
  }
  const task = await at.bank.run(byConsent, { items: consents('household', 'office') });
  expect(outputOf(task)).toHaveLength(4);
  expect(task.hints).toEqual([
    expect.objectContaining({ type: 'warning', message: expect.stringContaining('3') }),
  ]);
});
