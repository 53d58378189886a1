import type { INodeParameters } from 'n8n-workflow';
import { invalidGrant, rotated } from '../support/bank/tokenBank';
import { consentsOfTokenBank, hintsOf, itemOf } from './consentsOfTokenBank';

const at = consentsOfTokenBank();

describe('Get Stored Token', () => {
  const valid = (options: INodeParameters) => at.run('valid', { consent: 'household', options });

  it('refreshes a fresh token with Refresh Now', async () => {
    await at.storeHousehold();
    at.answerWith(rotated());
    expect(itemOf(await valid({}))).toMatchObject({ access_token: 'at-0' });
    expect(itemOf(await valid({ refreshNow: false }))).toMatchObject({ access_token: 'at-0' });
    expect(at.bank.sent).toEqual([]);
    const refreshed = itemOf(await valid({ refreshNow: true }));
    expect(refreshed.access_token).not.toBe('at-0');
    expect(at.bank.sent).toEqual(['rt']);
  });

  it('asks the bank once more with Try Once More after a refusal', async () => {
    await at.storeHousehold(-1);
    at.answerWith(invalidGrant);
    for (let count = 0; count < 2; count++) {
      expect((await valid({})).error).toMatchObject({ context: { code: expect.any(String) } });
    }
    expect(at.bank.sent).toEqual(['rt']);
    at.answerWith(rotated());
    expect((await valid({ tryAgain: false })).error).toBeDefined();
    expect(at.bank.sent).toEqual(['rt']);
    expect(itemOf(await valid({ tryAgain: true }))).toHaveProperty('authorization');
    expect(at.bank.sent).toEqual(['rt', 'rt']);
    expect(itemOf(await valid({}))).toHaveProperty('authorization');
  });

  it('has the consent ID of the bank', async () => {
    await at.storeHousehold(3600, 'c-1');
    expect(itemOf(await valid({}))).toMatchObject({ consent: 'household', consent_id: 'c-1' });
    expect(Object.keys(itemOf(await valid({ output: 'consent' })))).toEqual([
      ...['consent', 'consent_id', 'expires_at'],
    ]);
  });

  it.each(['valid', 'list'])(
    'warns if the credential still has a First Refresh Token (%s)',
    async (operation) => {
      await at.storeHousehold();
      at.credential = {
        ...at.credential,
        ...{ authorizeWith: 'consent', consent: ' household ', firstRefreshToken: 'rt-first' },
      };
      const [hint] = hintsOf(await at.run(operation, { consent: 'household' }));
      expect(hint).toMatch(/still has a "First Refresh Token".*empty the field/);
      at.credential = { ...at.credential, consent: 'another' };
      expect(hintsOf(await at.run(operation, { consent: 'household' }))).toEqual([]);
    },
  );
});

describe('Refresh of a refresh token that is stored', () => {
  it('does not send it if it was replaced since, and returns the stored tokens', async () => {
    await at.storeHousehold();
    at.answerWith(rotated());
    const first = itemOf(await at.run('refresh', { refreshToken: 'rt' }));
    const task = await at.run('refresh', { refreshToken: 'rt' });
    expect(itemOf(task)).toMatchObject({
      consent: 'household',
      access_token: first.access_token,
      refresh_token: first.refresh_token,
    });
    expect(at.bank.sent).toEqual(['rt']);
    expect(hintsOf(task).join()).toContain('was replaced since');
  });

  it('sends nothing if Keep for Consent names another consent', async () => {
    await at.storeHousehold();
    const options = { keepForConsent: 'other' };
    const { error } = await at.run('refresh', { refreshToken: 'rt', options });
    expect(error).toMatchObject({ context: { code: 'consent-malformed' } });
    expect(at.bank.sent).toEqual([]);
  });

  it('leaves the refresh token out if Output says so', async () => {
    await at.storeHousehold();
    at.answerWith(rotated());
    const options = { output: 'header' };
    const item = itemOf(await at.run('refresh', { refreshToken: 'rt', options }));
    expect(Object.keys(item)).toEqual(['authorization', 'consent', 'expires_at']);
  });
});
