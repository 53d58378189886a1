import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import { runNode } from '../support/n8n/nodeExecution';
import { byId, consentsAtSandbox, itemsOf } from './consentsAtSandbox';

const at = consentsAtSandbox();
const { run, one, agreed, exchange, seen } = at;

const v4 = (): BankSettings => ({
  ...at.credential,
  accountApiUrl: `${at.bank.ready.gatewayUrl}/open-banking/v4.0/aisp`,
});

describe('the life of a consent', () => {
  it.each([
    ['v3.1', () => at.credential],
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

    await at.bank.clearRequests();
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
        ...{ credential: at.credential as IDataObject, items: [item] },
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
  ['v3.1', () => at.credential],
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
