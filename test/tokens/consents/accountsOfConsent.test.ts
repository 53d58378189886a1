import { ConsentAccess } from '../../../core/accounts/access';
import { AccountsOfConsent } from '../../../core/accounts/knownAccounts';
import type { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { grantOf } from '../../../core/tokens/records/recordContent';
import {
  anotherProcess,
  expired,
  passed,
  recordIn,
  rotatingBank,
  tokensOf,
} from '../../support/stores/consents';

const ids = ['A-1', 'A-2'];

/** Stores tokens of a consent. */
const keep = (kept: ConsentTokens, accessToken: string, consentId = 'bank-1') =>
  kept.keep('c', passed(tokensOf(accessToken)), { consentId });

/** Stores the accounts that were listed with the present tokens. */
async function remember(kept: ConsentTokens, accounts: readonly string[]): Promise<void> {
  const { grant } = await kept.valid('c');
  await kept.rememberAccounts('c', accounts, grant);
}

describe('the accounts of a consent', () => {
  it('are found by every process, in the order of the bank, until the bank lists others', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await keep(kept, 'at-1');
    expect(await kept.knownAccounts('c')).toEqual([]);
    await remember(kept, ids);
    expect(await (await anotherProcess(bank)).knownAccounts('c')).toEqual(ids);
    await remember(kept, ['A-2']);
    expect(await kept.knownAccounts('c')).toEqual(['A-2']);
  });

  it('are encrypted', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await keep(kept, 'at-1');
    await remember(kept, ['GB29-ACCOUNT-1']);
    const { envelope, ...clear } = (await recordIn(bank))!;
    expect(JSON.stringify(clear)).not.toContain('GB29');
    expect(Buffer.from(envelope).toString('latin1')).not.toContain('GB29');
  });

  it('are not written again if they are the same, nor replaced by an empty list', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await keep(kept, 'at-1');
    await remember(kept, ids);
    const { revision } = (await recordIn(bank))!;
    await remember(kept, ids);
    await remember(kept, []);
    expect((await recordIn(bank))!.revision).toBe(revision);
    expect(await kept.knownAccounts('c')).toEqual(ids);
  });

  it('stay through a refresh, also if they are stored while it is under way', async () => {
    const bank = await rotatingBank({ delay: () => 50 });
    const kept = await anotherProcess(bank);
    const first = expired(bank, 'c');
    await kept.keep('c', passed(first), { consentId: 'bank-1' });
    const refreshing = kept.valid('c');
    await (await anotherProcess(bank)).rememberAccounts('c', ids, grantOf(first));
    expect((await refreshing).tokens.access_token).toBe('at-c-1');
    expect(await kept.knownAccounts('c')).toEqual(ids);
    expect((await kept.stored('c')).refresh_token).toBe('rt-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('stay if the customer authenticates again for the same consent of the bank', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await keep(kept, 'at-1');
    await remember(kept, ids);
    await keep(kept, 'at-2');
    expect((await kept.stored('c')).access_token).toBe('at-2');
    expect(await kept.knownAccounts('c')).toEqual(ids);
  });

  it('go with a new consent of the bank, and a list that was asked before does not come back', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await keep(kept, 'at-1');
    await remember(kept, ids);
    const { grant } = await kept.valid('c');
    await keep(kept, 'at-2', 'bank-2');
    await kept.rememberAccounts('c', ids, grant);
    expect(await kept.knownAccounts('c')).toEqual([]);
  });

  it('do not come back from a list that was asked before a renewal, if the bank gives its consents no IDs', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensOf('at-1')));
    const { grant } = await kept.valid('c');
    await kept.keep('c', passed(tokensOf('at-2')));
    await kept.rememberAccounts('c', ids, grant);
    expect(await kept.knownAccounts('c')).toEqual([]);
    await remember(kept, ids);
    expect(await kept.knownAccounts('c')).toEqual(ids);
  });

  it('are stored with the tokens of a refresh, too', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.valid('c', { firstRefreshToken: bank.consent('c') });
    const access = new ConsentAccess(await anotherProcess(bank), 'c');
    await access.renewed(await access.authorization());
    await kept.rememberAccounts('c', ids, await access.grant());
    expect(await kept.knownAccounts('c')).toEqual(ids);
  });

  it('go if the consent is forgotten or ended', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    for (const end of [() => kept.forget('c'), () => kept.end('c', () => Promise.resolve())]) {
      await keep(kept, 'at-1');
      await remember(kept, ids);
      await end();
      expect(await kept.knownAccounts('c')).toEqual([]);
      expect(await recordIn(bank)).toBeUndefined();
    }
  });

  it('are not stored without limit, nor without a consent', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.rememberAccounts('c', ids, grantOf(tokensOf('at-1')));
    expect(await recordIn(bank)).toBeUndefined();
    await keep(kept, 'at-1');
    const many = Array.from({ length: 9000 }, (_, index) => `A-${index}`);
    for (const accounts of [many, ['x'.repeat(66_000)]]) {
      await remember(kept, accounts);
    }
    expect(await kept.knownAccounts('c')).toEqual([]);
  });

  it('never fail a pull: without the store they are not known', async () => {
    const bank = await rotatingBank();
    const away = () => Promise.reject(new Error('away'));
    const kept = await anotherProcess(bank, { interference: { find: away } });
    const accounts = new AccountsOfConsent(kept, 'c', 'bank-1');
    await expect(accounts.remember(ids)).resolves.toBeUndefined();
    await expect(accounts.known()).resolves.toEqual([]);
  });
});
