import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import { runNode } from '../support/n8n/nodeExecution';
import { consentsAtSandbox, hintsOf, itemsOf } from './consentsAtSandbox';

const at = consentsAtSandbox();
const { run, stored, seen } = at;

describe('Get Many', () => {
  it('shows state, end, last use and accounts, and no token', async () => {
    const id = await stored('listed');
    const accounts = await runNode({
      ...{ type: 'openBanking', credential: at.credential as IDataObject },
      parameters: { resource: 'account', operation: 'getAll', consent: 'listed' },
    });
    const ids = itemsOf(accounts).map(({ account_id }) => account_id);
    const { reads } = openSyncMemory(await clientOf(at.credential), {});
    await reads.add('listed', [ids[1] as string], 'a reading');
    await at.bank.clearRequests();
    const task = await run('getAll');
    const items = itemsOf(task);
    expect(items.map(({ consent }) => consent)).toEqual(
      items.map(({ consent }) => consent as string).toSorted(),
    );
    const listed = items.find(({ consent }) => consent === 'listed');
    expect(listed).toMatchObject({
      ...{ consent: 'listed', consent_id: id, state: 'valid', status: 'authorised' },
      ...{ accounts: ids, ends_at: expect.any(String), refreshed_at: expect.any(String) },
      permissions: expect.arrayContaining(['ReadBalances']),
    });
    expect(ids).toHaveLength(4);
    expect(listed!.last_used_at).not.toBe(listed!.refreshed_at);
    expect(Date.parse(listed!.last_used_at as string)).toBeGreaterThan(
      Date.parse(listed!.refreshed_at as string),
    );
    expect(JSON.stringify(items)).not.toMatch(/Bearer|_token"|certificate_thumbprint/);
    // No account data was read.
    expect((await seen()).filter((request) => /accounts|transactions/.test(request))).toEqual([]);
  });

  it('shows that a customer ended a consent at the bank', async () => {
    await at.bank.revoke(await stored('revoked at the bank'));
    const of = async (parameters: INodeParameters) =>
      itemsOf(await run('getAll', parameters)).find(
        ({ consent }) => consent === 'revoked at the bank',
      );
    expect(await of({})).toMatchObject({ state: 'revoked', status: 'revoked' });
    await at.bank.clearRequests();
    const unasked = await of({ askBank: false });
    expect(unasked).toMatchObject({ state: 'valid' });
    expect(unasked).not.toHaveProperty('status');
    expect(await seen()).toEqual([]);
  });

  it('shows what is stored if the bank cannot be asked, and asks once', async () => {
    await stored('one of many');
    await at.bank.clearRequests();
    const settings = { ...at.credential, scope: 'openid nothing' };
    const task = await run('getAll', { options: { concurrency: 1 } }, { credential: settings });
    expect(itemsOf(task)).toEqual(
      expect.arrayContaining([expect.objectContaining({ consent: 'one of many' })]),
    );
    expect(hintsOf(task)).toContain(
      'The bank could not be asked, so items say only what is stored',
    );
    const asked = (await seen()).filter((request) => request.includes('/account-access-consents'));
    expect(asked).toHaveLength(1);
  });

  it('returns the first consents by their names, and the list once for all input items', async () => {
    const items = [{}, {}, {}];
    const limited = { returnAll: false, limit: 1, askBank: false };
    expect(itemsOf(await run('getAll', limited, { items }))).toHaveLength(1);
  });
});
