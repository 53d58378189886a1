import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import { customCredential } from '../support/bank/credential';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import { tlsServer } from '../support/servers/closing';

ownUserFolder();

/** A bank that gives tokens for any scope, and answers each other request with this. */
async function bank(answer: object = {}) {
  const server = await tlsServer({
    handle: (request, response) => {
      const body =
        request.url === '/token' ? { access_token: 'at-1', token_type: 'Bearer' } : answer;
      response
        .writeHead(request.url === '/token' ? 200 : 201, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(body));
    },
  });
  const credential = {
    ...(await customCredential(server.url)),
    accountApiUrl: `${server.url}/open-banking`,
  };
  const run = (
    regime: BankSettings['regime'],
    operation: string,
    options: INodeParameters = {},
    parameters: INodeParameters = {},
  ) =>
    runNode({
      type: 'openBanking',
      credential: { ...credential, regime },
      parameters: { resource: 'consent', operation, options, ...parameters },
    });
  return { ...server, run };
}

const CPF = '529.982.247-25';

const created = { data: { consentId: 'urn:bank:1', status: 'AWAITING_AUTHORISATION' } };

type Run = Awaited<ReturnType<Awaited<ReturnType<typeof bank>>['run']>>;

const itemsOf = (task: Run) => {
  if (task.error) throw task.error as Error;
  return outputOf(task).map(({ json }) => json);
};

const failureIn = (task: Run) => {
  const { message = '', description } = task.error ?? {};
  return `${message} ${String(description)}`;
};

describe('Consent → Create in Brazil', () => {
  it('asks for the groups of the chosen sets, for the person and the company', async () => {
    const { run, requests } = await bank(created);
    const permissions = ['balancesAndTransactions', 'brazilOverdraftLimits'];
    const [item] = itemsOf(
      await run('brazil', 'create', { cpf: CPF, cnpj: '12.ABC.345/01DE-35' }, { permissions }),
    );
    expect(item).toMatchObject({ consent_id: 'urn:bank:1', status: 'awaiting' });
    const [token, consent] = requests as [(typeof requests)[0], (typeof requests)[0]];
    expect(new URLSearchParams(token.body).get('scope')).toBe('consents');
    expect(consent.url).toBe('/open-banking/consents/v3/consents');
    const { data } = JSON.parse(consent.body) as { data: IDataObject };
    expect(data).toEqual({
      loggedUser: { document: { identification: '52998224725', rel: 'CPF' } },
      businessEntity: { document: { identification: '12ABC34501DE35', rel: 'CNPJ' } },
      permissions: [
        ...['ACCOUNTS_READ', 'ACCOUNTS_BALANCES_READ', 'ACCOUNTS_TRANSACTIONS_READ'],
        ...['RESOURCES_READ', 'ACCOUNTS_OVERDRAFT_LIMITS_READ'],
      ],
      expirationDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });

  it.each<[string, INodeParameters, INodeParameters, RegExp]>([
    ['no CPF', {}, {}, /"Brazil: CPF" is empty/],
    ['a wrong check digit', { cpf: '529.982.247-24' }, {}, /"Brazil: CPF" is no CPF: .*check/],
    ['a CPF that lost its zero', { cpf: 1234567890 }, {}, /"Brazil: CPF" is no CPF: .*11 digits/],
    ['a wrong CNPJ', { cpf: CPF, cnpj: '1' }, {}, /"Brazil: CNPJ" is no CNPJ/],
    ['a set of the UK', { cpf: CPF }, { permissions: ['accounts'] }, /holds "Accounts Only"/],
    ['words of the UK', { cpf: CPF }, { permissions: ['ReadBalances'] }, /holds "ReadBalances"/],
    ['a period', { cpf: CPF, transactionsTo: '2026-12-31' }, {}, /"Transactions To" .*Brazil/],
  ])('refuses %s at the field', async (_, options, parameters, message) => {
    const { run, requests } = await bank(created);
    expect(failureIn(await run('brazil', 'create', options, parameters))).toMatch(message);
    expect(requests).toEqual([]);
  });

  it('lets options override the regime and the scope', async () => {
    const { run, requests } = await bank(created);
    itemsOf(await run('uk', 'create', { regime: 'brazil', cpf: CPF, scope: 'consents openid' }));
    expect(new URLSearchParams(requests[0]!.body).get('scope')).toBe('consents openid');
    const wrong = await run('uk', 'create', {}, { permissions: ['brazilCreditCards'] });
    expect(failureIn(wrong)).toMatch(/holds "Brazil: Credit Cards"/);
  });
});

describe('Consent → Create in Saudi Arabia with FAPI 2', () => {
  it.each<[string, INodeParameters, RegExp]>([
    ['no ID number', {}, /"Saudi Arabia: National ID" is empty/],
    ['an unknown purpose', { nationalId: '1', consentPurpose: ['Fun'] }, /Purpose" has an unknown/],
    ['risk that is no object', { nationalId: '1', risk: '[1]' }, /"Saudi Arabia: Risk"/],
  ])('refuses %s at the field', async (_, options, message) => {
    const { run, requests } = await bank();
    expect(failureIn(await run('saudiArabiaFapi2', 'create', options))).toMatch(message);
    expect(requests).toEqual([]);
  });
});

describe.each(['australia', 'fapi1', 'fapi2'] as const)('with the regime %s', (regime) => {
  it('Create sends nothing, and gives a name of its own to each consent', async () => {
    const { run, requests } = await bank();
    const [one] = itemsOf(await run(regime, 'create'));
    const [other] = itemsOf(await run(regime, 'create'));
    expect(one!.consent).toMatch(/^[\da-f-]{36}$/);
    expect(other!.consent).not.toBe(one!.consent);
    expect(one).not.toHaveProperty('consent_id');
    expect(requests).toEqual([]);
  });

  it('Create takes the name that the workflow gives, and says what has no effect', async () => {
    const { run } = await bank();
    const task = await run(regime, 'create', { consentName: 'customer-4711' });
    expect(itemsOf(task)).toEqual([expect.objectContaining({ consent: 'customer-4711' })]);
    expect(JSON.stringify(task.hints)).toMatch(/nothing is created at the bank.*Permissions/);
  });

  it('Create refuses a name that nobody can tell from others', async () => {
    const { run } = await bank();
    const task = await run(regime, 'create', { consentName: 'customer\u200b' });
    expect(failureIn(task)).toMatch(/invisible character/);
  });

  it('Get and Delete by ID say that there is nothing to ask for', async () => {
    const { run, requests } = await bank();
    for (const operation of ['get', 'delete']) {
      const task = await run(regime, operation, {}, { consentBy: 'id', consentId: 'c-1' });
      expect(failureIn(task)).toMatch(/has no consent that can be read or ended by its ID/);
    }
    expect(itemsOf(await run(regime, 'getAll', {}, { returnAll: true }))).toEqual([]);
    expect(requests).toEqual([]);
  });
});

it('puts out for how many seconds data is shared in Australia, by "Expires"', async () => {
  const { run } = await bank();
  const expires = '={{ $now.plus({ days: 30 }).toISO() }}';
  const [item] = itemsOf(await run('australia', 'create', {}, { expires }));
  expect(Number(item!.sharing_duration) / 86_400).toBeCloseTo(30, 2);
  expect(itemsOf(await run('fapi2', 'create', {}, { expires }))[0]).not.toHaveProperty(
    'sharing_duration',
  );
});

it.each(['brazil', 'australia'] as const)(
  'Account → Get Many says that HTTP Request reads the data with the regime %s',
  async (regime) => {
    const { run, requests } = await bank();
    const task = await run(regime, 'getAll', {}, { resource: 'account', ...byToken });
    expect(failureIn(task)).toMatch(/account API of the regime.*HTTP Request/s);
    expect(requests).toEqual([]);
  },
);

const byToken: INodeParameters = { authorizeWith: 'accessToken', accessToken: 'at-1' };
