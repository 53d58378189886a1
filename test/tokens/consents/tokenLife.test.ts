import { PostgresStore } from '../../../core/store/postgres/postgresStore';
import {
  accessTokenOf,
  anotherProcess,
  expired,
  rotatingBank,
  tokensOf,
  passed,
} from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { closeAfterTest } from '../../support/servers/closing';
import { createTestDatabase } from '../../support/stores/postgres';

describe('the lifetime of a token', () => {
  it('does not cause a refresh at every call if it is short', async () => {
    const bank = await rotatingBank({ expiresIn: 60 });
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(expired(bank, 'c')));
    for (let call = 0; call < 20; call++) await kept.valid('c');
    expect(bank.refreshes()).toBe(1);
  });

  it('may have fractions of a second', async () => {
    const bank = await rotatingBank({ refreshExpiresIn: 3599.99951 });
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(expired(bank, 'c')));
    await kept.valid('c');
    expect(await accessTokenOf(await anotherProcess(bank))).toBe('at-c-1');
  });

  it('may be unknown because "expires_at" is a number, in PostgreSQL and SQLite', async () => {
    const database = await createTestDatabase();
    closeAfterTest(() => database.close());
    const postgres = new PostgresStore(database.connectionString);
    closeAfterTest(() => postgres.close());
    const bank = await rotatingBank();
    const tokens = tokensOf('at-1', { expires_at: 1790000000 as never });
    // `undefined`: SQLite.
    for (const store of [postgres, undefined]) {
      await (await anotherProcess(bank, { store })).keep('c', passed(tokens));
      expect(await accessTokenOf(await anotherProcess(bank, { store }))).toBe('at-1');
    }
  });

  it.each([NaN, -1, Infinity])('cannot be compared with a margin of %p', async (margin) => {
    const kept = await anotherProcess(await rotatingBank());
    expect(await failureOf(kept.valid('c', { margin }))).toMatchObject({
      code: 'field-malformed',
    });
  });

  it('is compared with the margin of each caller', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    const life = {
      obtained_at: new Date(Date.now() - 3_600_000).toISOString(),
      expires_at: new Date(Date.now() + 90_000).toISOString(),
    };
    await kept.keep('c', passed(tokensOf('at-0', { refresh_token: bank.consent('c'), ...life })));
    const next = await anotherProcess(bank);
    const asked = await Promise.all([next.valid('c'), next.valid('c', { margin: 600_000 })]);
    expect(asked.map(({ tokens }) => tokens.access_token)).toEqual(['at-0', 'at-c-1']);
  });
});
