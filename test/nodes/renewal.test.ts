import { readFileSync } from 'node:fs';
import type { IDataObject, INodeParameters, ITaskData } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import { Customer } from '../../sandbox/customer';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

let bank: Sandbox;
let credential: BankSettings;
ownUserFolder();

beforeAll(async () => {
  bank = await startSandbox();
  credential = await sandboxCredential(bank);
});
afterAll(() => bank?.stop());

const run = (type: string, parameters: INodeParameters, items?: IDataObject[]) =>
  runNode({ type, credential: credential as IDataObject, parameters, ...(items && { items }) });

function itemsOf(task: ITaskData): IDataObject[] {
  if (task.error) throw task.error as Error;
  return outputOf(task).map(({ json }) => json);
}

const only = async (task: Promise<ITaskData>): Promise<IDataObject> => itemsOf(await task)[0]!;

const created = () => only(run('openBanking', { resource: 'consent', operation: 'create' }));

/** The link for a new consent. */
const link = (item: IDataObject, options: INodeParameters = {}) =>
  run('openBankingToken', { resource: 'authorization', operation: 'createUrl', options }, [item]);

async function approve({ url }: IDataObject): Promise<string> {
  const authority = readFileSync(bank.ready.files.certificateAuthority, 'utf8');
  return (await new Customer(authority).approve(url as string, bank.ready.redirectUri)).href;
}

const exchange = (redirect: string, options: INodeParameters = {}) =>
  run('openBankingToken', {
    ...{ resource: 'token', operation: 'exchange', code: redirect, options },
  });

const storedToken = (consent: string) =>
  only(run('openBankingToken', { resource: 'token', operation: 'valid', consent }));

/** Stores the tokens of a first consent under a name. @returns the bank's ID */
async function first(consent: string): Promise<unknown> {
  const item = await created();
  const redirect = await approve(await only(link(item)));
  itemsOf(await exchange(redirect, { keepForConsent: consent }));
  return item.consent_id;
}

const byName = (consent: string): INodeParameters => ({
  renewConsent: { __rl: true, mode: 'list', value: consent },
});

const hintsOf = ({ hints }: ITaskData) => (hints ?? []).map(({ message }) => message).join(' ');

it('gives the tokens of the new consent the kept name, and leaves the old ones until they passed', async () => {
  const former = await first('household');
  const old = await storedToken('household');
  const item = await created();
  const url = await only(link(item, byName('household')));
  expect(url).toMatchObject({ consent: 'household', consent_id: item.consent_id });
  const redirect = await approve(url);
  expect(await storedToken('household')).toMatchObject({
    ...{ authorization: old.authorization, consent_id: former },
  });

  // No "Keep for Consent": the name comes with the authorization.
  const task = await exchange(redirect, { output: 'consent' });
  expect(itemsOf(task)).toEqual([
    { consent: 'household', consent_id: item.consent_id, expires_at: expect.any(String) },
  ]);
  expect(hintsOf(task)).toContain(`"${former as string}" were replaced by those of`);
  const renewed = await storedToken('household');
  expect(renewed.consent_id).toBe(item.consent_id);
  expect(renewed.authorization).not.toBe(old.authorization);
  const list = await run('openBanking', {
    ...{ resource: 'consent', operation: 'getAll', askBank: false },
  });
  expect(itemsOf(list).map(({ consent }) => consent)).toEqual(['household']);
});

it('puts the kept name into the item of the redirect trigger', async () => {
  await first('of the trigger');
  const { state } = await only(link(await created(), byName('of the trigger')));
  const pending = openPendingAuthorizations(await clientOf(credential), {});
  expect(await pending.findWaiting(state as string)).toMatchObject({ consent: 'of the trigger' });
});

it('keeps the old tokens if the answer of the bank does not pass', async () => {
  const former = await first('failing');
  const old = await storedToken('failing');
  const item = await created();
  const redirect = await approve(await only(link(item, byName('failing'))));
  // A nonce that the ID token does not repeat.
  const { error } = await exchange(redirect, { nonce: 'another' });
  expect(error).toMatchObject({ context: { code: 'id-token-binding' } });
  expect(await storedToken('failing')).toMatchObject({
    ...{ authorization: old.authorization, consent_id: former },
  });
});

it('renews the consent of the authorization although "Keep for Consent" names another one', async () => {
  await first('office');
  const item = await created();
  const redirect = await approve(await only(link(item, byName('office'))));
  const task = await exchange(redirect, {
    ...{ output: 'consent', keepForConsent: item.consent_id as string },
  });
  expect(itemsOf(task)).toMatchObject([{ consent: 'office', consent_id: item.consent_id }]);
  expect(hintsOf(task)).toContain('are stored for the consent "office", not for');
});

it.each<[string, INodeParameters, string, RegExp]>([
  ['nobody has', byName('houshold'), 'consent-unknown', /keeps its name.*remove the option/],
  [
    'an expression does not yield',
    { renewConsent: '={{ $json.x }}' },
    'input-missing',
    /renew|Choose/,
  ],
])('makes no link for a name that %s', async (_, options, code, advice) => {
  const item = await created();
  await bank.clearRequests();
  const { error } = await link(item, options);
  expect(error).toMatchObject({
    ...{ context: { code }, description: expect.stringMatching(advice) },
  });
  expect(await bank.requests()).toEqual([]);
});
