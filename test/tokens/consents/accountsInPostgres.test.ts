import { ConsentAccess } from '../../../core/accounts/access';
import { AccountsOfConsent } from '../../../core/accounts/knownAccounts';
import { PostgresStore } from '../../../core/store/postgres/postgresStore';
import { grantOf } from '../../../core/tokens/records/recordContent';
import type { RotatingBank } from '../../support/bank/rotatingBank';
import { closeAfterTest } from '../../support/servers/closing';
import { until } from '../../support/waiting';
import {
  anotherProcess,
  expired,
  passed,
  rotatingBank,
  tokensOf,
} from '../../support/stores/consents';
import { createTestDatabase, execute, type TestDatabase } from '../../support/stores/postgres';

const ids = ['A-1', 'GB29-ACCOUNT-2'];

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.close());

/** Another process, with its own connections to the database. */
const processAt = (bank: RotatingBank) => {
  const store = new PostgresStore(database.connectionString);
  closeAfterTest(() => store.close());
  return anotherProcess(bank, { store });
};

describe('the accounts of a consent in PostgreSQL', () => {
  it('are found by every process, encrypted, until the bank lists others', async () => {
    const bank = await rotatingBank();
    const kept = await processAt(bank);
    await kept.keep('listed', passed(tokensOf('at-1')));
    const access = new ConsentAccess(kept, 'listed');
    const accounts = new AccountsOfConsent(kept, 'listed', await access.grant());
    expect(await accounts.known()).toEqual([]);
    await accounts.remember(ids);
    const elsewhere = await processAt(bank);
    expect(await elsewhere.knownAccounts('listed')).toEqual(ids);
    const rows = await execute(
      database.connectionString,
      "SELECT encode(envelope, 'escape') AS envelope FROM open_banking_tokens",
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('GB29');
    await accounts.remember(['A-3']);
    expect(await elsewhere.knownAccounts('listed')).toEqual(['A-3']);
  });

  it('are not written again if they are the same', async () => {
    const bank = await rotatingBank();
    const kept = await processAt(bank);
    const tokens = tokensOf('at-1');
    await kept.keep('same', passed(tokens));
    const revision = async () => {
      await kept.rememberAccounts('same', ids, grantOf(tokens));
      const sql = "SELECT revision FROM open_banking_tokens WHERE consent = 'same'";
      return execute(database.connectionString, sql);
    };
    const [first] = await revision();
    expect(first).toBeDefined();
    expect(await revision()).toEqual([first]);
  });

  it('stay through a refresh that is under way while they are stored', async () => {
    const bank = await rotatingBank({ delay: () => 300 });
    const [kept, elsewhere] = [await processAt(bank), await processAt(bank)];
    const first = expired(bank, 'c');
    await kept.keep('c', passed(first), { consentId: 'bank-1' });
    expect(await elsewhere.knownAccounts('c')).toEqual([]);
    const refreshing = kept.valid('c');
    await until(() => bank.tokenRequests.underWay > 0);
    await elsewhere.rememberAccounts('c', ids, grantOf(first));
    expect((await refreshing).tokens.access_token).toBe('at-c-1');
    expect(await kept.knownAccounts('c')).toEqual(ids);
    expect((await kept.stored('c')).refresh_token).toBe('rt-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('go with a new consent of the bank', async () => {
    const kept = await processAt(await rotatingBank());
    const first = tokensOf('at-1');
    await kept.keep('renewed', passed(first), { consentId: 'bank-1' });
    await kept.rememberAccounts('renewed', ids, grantOf(first));
    await kept.keep('renewed', passed(tokensOf('at-2')), { consentId: 'bank-2' });
    await kept.rememberAccounts('renewed', ids, grantOf(first));
    expect(await kept.knownAccounts('renewed')).toEqual([]);
  });
});
