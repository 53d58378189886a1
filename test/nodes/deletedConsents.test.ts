import { clientOf } from '../../core/oauth/client';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import { byId, consentsAtSandbox, hintsOf, itemsOf } from './consentsAtSandbox';

const at = consentsAtSandbox();
const { run, one, token, exchange, stored, seen } = at;

describe('Delete', () => {
  it('deletes nothing if the bank did not end the consent', async () => {
    await stored('kept');
    const accountApiUrl = `${at.bank.ready.gatewayUrl}/open-banking/v9/aisp`;
    const { error } = await run(
      'delete',
      { consent: 'kept' },
      { credential: { ...at.credential, accountApiUrl } },
    );
    expect(error).toMatchObject({ context: { code: 'bank-consent-unknown' } });
    const kept = itemsOf(await token('token', 'valid', { consent: 'kept' }));
    expect(kept[0]).toHaveProperty('authorization');
  });

  it('goes on if the customer ended the consent at the bank before', async () => {
    const id = await stored('ended before');
    await at.bank.revoke(id);
    const task = await run('delete', { consent: 'ended before' });
    expect(itemsOf(task)).toMatchObject([{ deleted: true, consent: 'ended before' }]);
    expect(hintsOf(task)).toContain('had ended at the bank before');
    const again = await run('delete', { consent: 'ended before' });
    expect(again.error).toMatchObject({ context: { code: 'consent-unknown' } });
  });

  it('also deletes the tokens if the consent is given by its ID', async () => {
    const id = await stored('by its ID');
    const options = { forgetPosition: true };
    expect(await one('delete', { ...byId(id), options })).toEqual({
      ...{ deleted: true, consent: 'by its ID', consent_id: id, position_forgotten: true },
    });
    const { error } = await token('token', 'valid', { consent: 'by its ID' });
    expect(error).toMatchObject({ context: { code: 'consent-unknown' } });
  });

  it('keeps the position for 90 days, or forgets it', async () => {
    const memory = openSyncMemory(await clientOf(at.credential), {});
    for (const forgetPosition of [false, true]) {
      const consent = `with a position, forgotten: ${forgetPosition}`;
      await stored(consent);
      const mark = () => memory.markProcessed('workflow/node', consent, 'A-1', ['T-1']);
      expect(await mark()).toBe(1);
      await one('delete', { consent, options: forgetPosition ? { forgetPosition } : {} });
      expect(await mark()).toBe(forgetPosition ? 1 : 0);
    }
  });

  it('keeps the position if the tokens could not be revoked', async () => {
    const consent = 'not revoked';
    const { code } = await at.bank.authorize();
    itemsOf(await exchange(code, { keepForConsent: consent }));
    const memory = openSyncMemory(await clientOf(at.credential), {});
    const mark = () => memory.markProcessed('workflow/node', consent, 'A-1', ['T-1']);
    expect(await mark()).toBe(1);
    // The same bank, without an endpoint that revokes tokens.
    const { issuer, gatewayUrl } = at.bank.ready;
    const custom = {
      ...{ bank: 'custom', tokenEndpoint: `https://${at.credential.host}/oauth2/token`, issuer },
      accountApiUrl: `${gatewayUrl}/open-banking/v3.1/aisp`,
    };
    const { error } = await run(
      'delete',
      { consent, options: { forgetPosition: true } },
      { credential: { ...at.credential, ...custom } },
    );
    expect(error).toMatchObject({ context: { code: 'endpoint-missing' } });
    expect(await mark()).toBe(0);
  });

  it('ends a consent that no customer authorized', async () => {
    const { consent_id: id } = await one('create');
    expect(await one('delete', byId(id))).toEqual({ deleted: true, consent_id: id });
    expect(await one('get', byId(id))).toMatchObject({ status: 'revoked' });
  });

  it('ends the tokens alone if the bank’s ID of the consent is not known', async () => {
    const { code } = await at.bank.authorize();
    itemsOf(await exchange(code, { keepForConsent: 'without an ID' }));
    const get = await run('get', { consent: 'without an ID' });
    expect(get.error).toMatchObject({
      ...{ message: '"Consent ID" is empty', context: { code: 'input-missing' } },
    });
    await at.bank.clearRequests();
    const task = await run('delete', { consent: 'without an ID' });
    expect(itemsOf(task)).toEqual([
      { deleted: true, consent: 'without an ID', position_forgotten: false },
    ]);
    expect(hintsOf(task)).toContain('the bank was not told to end the consent itself');
    expect((await seen()).filter((request) => !request.includes('/oauth2/'))).toEqual([]);
  });
});
