import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { outputOf, runNode, type NodeRun } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

/** The customer's accounts, as the sandbox has them. */
const HOUSEHOLD = '30080012343456';
const SAVINGS = '30080098763459';

let bank: Sandbox;
let credential: BankSettings;
let accessToken: string;
ownUserFolder();

beforeAll(async () => {
  bank = await startSandbox();
  credential = await sandboxCredential(bank);
  ({ access_token: accessToken } = await exchange('household'));
  await exchange('savings alone', [SAVINGS]);
});
afterAll(() => bank?.stop());
beforeEach(() => bank.clearRequests());

/** Exchanges the code of a new consent, and stores the tokens. */
async function exchange(consent: string, accounts?: string[]): Promise<{ access_token: string }> {
  const { code, consent_id: consentId } = await bank.authorize(undefined, accounts);
  const options = { keepForConsent: consent, consentId };
  const [tokens] = await tokenItems('exchange', { code, options });
  return tokens as { access_token: string };
}

async function tokenItems(operation: string, parameters: INodeParameters): Promise<IDataObject[]> {
  const task = await runNode({
    credential: credential as IDataObject,
    parameters: { resource: 'token', operation, ...parameters },
  });
  if (task.error) throw task.error as Error;
  return outputOf(task).map(({ json }) => json);
}

const run = (parameters: INodeParameters, changes: Partial<NodeRun> = {}) =>
  runNode({
    ...{ type: 'openBanking', credential: credential as IDataObject },
    ...{ parameters: { resource: 'transaction', operation: 'getAll', ...parameters }, ...changes },
  });

async function items(parameters: INodeParameters): Promise<IDataObject[]> {
  const task = await run(parameters);
  if (task.error) throw task.error as Error;
  return outputOf(task).map(({ json }) => json);
}

const one = (id: string): INodeParameters => ({
  accounts: 'one',
  account: { __rl: true, mode: 'id', value: id },
});

it('reads what one code of a customer gives: accounts, balances, all transactions', async () => {
  const consent = 'household';
  const accounts = await items({ resource: 'account', operation: 'getAll', consent });
  expect(accounts).toHaveLength(4);
  expect(accounts[0]).toMatchObject({
    ...{ account_id: HOUSEHOLD, name: 'Household', type: 'CurrentAccount', currency: 'GBP' },
    ...{ identification: '20000012343456', scheme: 'UK.OBIE.SortCodeAccountNumber' },
    ...{ consent, consent_id: expect.any(String) },
  });
  const balances = await items({ resource: 'account', operation: 'getBalances', consent });
  expect(new Set(balances.map(({ account_id: id }) => id)).size).toBe(4);
  const transactions = await items({ consent, status: 'all' });
  expect(transactions).toHaveLength(120 + 24 + 61 + 18);
  const ids = transactions.map(
    ({ account_id, transaction_id: id }) => `${account_id as string} ${id as string}`,
  );
  expect(new Set(ids).size).toBe(ids.length);
  const order = [...new Set(transactions.map(({ account_id: id }) => id))];
  expect(order).toEqual(accounts.map(({ account_id: id }) => id));
});

it('reads the same from v4.0', async () => {
  const accountApiUrl = `${bank.ready.gatewayUrl}/open-banking/v4.0/aisp`;
  const of = async (settings: BankSettings) => {
    const parameters = { resource: 'transaction', operation: 'getAll', consent: 'household' };
    const task = await run(parameters, { credential: settings as IDataObject });
    return outputOf(task).map(({ json: { amount, currency, status, booked_at } }) => ({
      ...{ amount, currency, status, booked_at },
    }));
  };
  const [v3, v4] = [await of(credential), await of({ ...credential, accountApiUrl })];
  expect(v4.length).toBeGreaterThan(200);
  expect(v4).toEqual(v3);
});

it('sends one request for each page and interaction, each with an ID of its own', async () => {
  await items({ consent: 'household', ...one(HOUSEHOLD), status: 'all' });
  const requests = (await bank.requests()).filter(({ server }) => server === 'gateway');
  expect(requests).toHaveLength(Math.ceil(120 / 25));
  expect(new Set(requests.map(({ headers }) => headers['x-fapi-interaction-id'])).size).toBe(5);
  expect(new Set(requests.map(({ tls }) => tls.connection)).size).toBe(1);
});

describe('a mistake of a new user', () => {
  it.each<[string, () => INodeParameters | Promise<INodeParameters>, string, RegExp]>([
    [
      'a consent that is not stored',
      () => ({ consent: 'houshold' }),
      'consent-unknown',
      /houshold/,
    ],
    [
      'an account that the consent does not share',
      () => ({ consent: 'savings alone', ...one(HOUSEHOLD) }),
      'account-unknown',
      /30080012343456/,
    ],
    [
      'the token of the application',
      async () => ({
        authorizeWith: 'accessToken',
        accessToken: (await tokenItems('application', {}))[0]!.authorization as string,
      }),
      'application-token-refused',
      /customer/,
    ],
    [
      'a token that the bank does not know',
      () => ({ authorizeWith: 'accessToken', accessToken: '={{ "never-" + "issued" }}' }),
      'token-not-accepted',
      /token/,
    ],
  ])('is told with the next step: %s', async (_, parametersOf, code, words) => {
    const task = await run(await parametersOf());
    expect(task.error).toMatchObject({ context: { code } });
    const { message, description } = task.error as Error & { description: string };
    expect(`${message} ${description}`).toMatch(words);
    expect(JSON.stringify(task)).not.toMatch(/never-issued|eyJ/);
  });
});

it('puts no token into an item, an error or a hint', async () => {
  const task = await run({ consent: 'household' });
  expect(outputOf(task).length).toBeGreaterThan(200);
  expect(JSON.stringify(task)).not.toContain(accessToken);
});
