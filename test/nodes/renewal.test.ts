import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import { consentsAtSandbox, hintsOf, itemsOf } from './consentsAtSandbox';

const at = consentsAtSandbox();
const { one, run, token, exchange, stored } = at;

/** The result of "Create Authorization URL" for a new consent. */
const linkTask = (item: IDataObject, options: INodeParameters) =>
  token('authorization', 'createUrl', { options }, [item]);

const link = async (...given: Parameters<typeof linkTask>): Promise<IDataObject> =>
  itemsOf(await linkTask(...given))[0]!;

const approved = async ({ url }: IDataObject) => (await at.bank.approve(url)).href;

const storedToken = async (consent: string): Promise<IDataObject> =>
  itemsOf(await token('token', 'valid', { consent }))[0]!;

const byName = (consent: string): INodeParameters => ({
  renewConsent: { __rl: true, mode: 'list', value: consent },
});

it('gives the tokens of the new consent the kept name, and leaves the old ones until they passed', async () => {
  const former = await stored('household');
  const old = await storedToken('household');
  const item = await one('create');
  const url = await link(item, byName('household'));
  expect(url).toMatchObject({ consent: 'household', consent_id: item.consent_id });
  const redirect = await approved(url);
  expect(await storedToken('household')).toMatchObject({
    ...{ authorization: old.authorization, consent_id: former },
  });

  // No "Keep for Consent": the name comes with the authorization.
  const task = await exchange(redirect);
  expect(itemsOf(task)).toEqual([
    { consent: 'household', consent_id: item.consent_id, expires_at: expect.any(String) },
  ]);
  expect(hintsOf(task)).toContain(`"${former}" were replaced by those of`);
  const renewed = await storedToken('household');
  expect(renewed.consent_id).toBe(item.consent_id);
  expect(renewed.authorization).not.toBe(old.authorization);
  const list = await run('getAll', { askBank: false });
  expect(itemsOf(list).map(({ consent }) => consent)).toEqual(['household']);
});

it('puts the kept name into the item of the redirect trigger', async () => {
  await stored('of the trigger');
  const { state } = await link(await one('create'), byName('of the trigger'));
  const pending = openPendingAuthorizations(await clientOf(at.credential), {});
  expect(await pending.findWaiting(state as string)).toMatchObject({ consent: 'of the trigger' });
});

it('keeps the old tokens if the answer of the bank does not pass', async () => {
  const former = await stored('failing');
  const old = await storedToken('failing');
  const item = await one('create');
  const redirect = await approved(await link(item, byName('failing')));
  // A nonce that the ID token does not repeat.
  const { error } = await exchange(redirect, { nonce: 'another' });
  expect(error).toMatchObject({ context: { code: 'id-token-binding' } });
  expect(await storedToken('failing')).toMatchObject({
    ...{ authorization: old.authorization, consent_id: former },
  });
});

it('renews the consent of the authorization although "Keep for Consent" names another one', async () => {
  await stored('office');
  const item = await one('create');
  const redirect = await approved(await link(item, byName('office')));
  const task = await exchange(redirect, { keepForConsent: item.consent_id as string });
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
  const item = await one('create');
  await at.bank.clearRequests();
  const { error } = await linkTask(item, options);
  expect(error).toMatchObject({
    ...{ context: { code }, description: expect.stringMatching(advice) },
  });
  expect(await at.bank.requests()).toEqual([]);
});
