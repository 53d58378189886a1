import {
  accessTokenOf,
  anotherProcess,
  expired,
  pause,
  rotatingBank,
  tokensOf,
  passed,
  passTime,
} from '../../support/stores/consents';
import { HOUR } from '../../support/clock';
import type { TokenStore } from '../../../core/store/store';
import { failureOf } from '../../support/failure';
import { until } from '../../support/waiting';
import { away, type Interference } from '../../support/stores/interference';

describe('storing tokens', () => {
  it('does not undo a refresh of the same tokens that is in progress', async () => {
    const bank = await rotatingBank({ delay: () => 1000 });
    const [one, other] = [await anotherProcess(bank), await anotherProcess(bank)];
    const first = expired(bank, 'c');
    await one.keep('c', passed(first));
    const asked = accessTokenOf(other);
    await until(() => bank.tokenRequests.underWay > 0);
    await one.keep('c', passed(first));
    expect(await asked).toBe('at-c-1');
    expect(await accessTokenOf(await anotherProcess(bank))).toBe('at-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('does not undo a refresh of the same tokens that ends after the record was read', async () => {
    const bank = await rotatingBank();
    const first = expired(bank, 'c');
    const other = await anotherProcess(bank);
    await other.keep('c', passed(first));
    const one = await anotherProcess(bank, {
      interference: {
        find: async (real, names) => {
          const records = await real.find(names);
          await other.valid('c');
          return records;
        },
      },
    });
    await one.keep('c', passed(first));
    expect(await accessTokenOf(await anotherProcess(bank))).toBe('at-c-1');
    expect(bank.revoked()).toEqual([]);
  });

  it('replaces tokens of an old consent that have a later date', async () => {
    const bank = await rotatingBank();
    const obtained_at = new Date(Date.now() + 120_000).toISOString();
    await (await anotherProcess(bank)).keep('c', passed(tokensOf('old', { obtained_at })));
    await (await anotherProcess(bank)).keep('c', passed(tokensOf('new')));
    expect(await accessTokenOf(await anotherProcess(bank))).toBe('new');
  });

  it('replaces tokens of an old consent that are being refreshed', async () => {
    const bank = await rotatingBank({ delay: () => 1000 });
    const [one, other] = [await anotherProcess(bank), await anotherProcess(bank)];
    await one.keep('c', passed(expired(bank, 'c')));
    const asked = accessTokenOf(other);
    await until(() => bank.tokenRequests.underWay > 0);
    await one.keep('c', passed(tokensOf('new')));
    expect(await asked).toBe('new');
    expect(await accessTokenOf(await anotherProcess(bank))).toBe('new');
  });

  it('is not repeated over newer tokens if the answer of the store was lost', async () => {
    const bank = await rotatingBank();
    let isLost = false;
    const one = await anotherProcess(bank, {
      interference: {
        replace: async (real, ...given) => {
          const stored = await real.replace(...given);
          if (isLost) return stored;
          isLost = true;
          throw away();
        },
      },
    });
    expect(await one.keep('c', passed(expired(bank, 'c')))).toEqual({
      isWaiting: true,
      remarks: [expect.stringContaining('could not be stored yet')],
    });
    expect(await accessTokenOf(await anotherProcess(bank))).toBe('at-c-1');
    await pause(400);
    expect(await accessTokenOf(await anotherProcess(bank))).toBe('at-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });
});

it('a process that could not store new tokens stores them before another process refreshes, even if the lease has ended', async () => {
  const bank = await rotatingBank();
  const short = { connectTimeout: 2, requestTimeout: 2 };
  let isDown = false;
  const guarded =
    <Name extends keyof TokenStore>(name: Name) =>
    (real: TokenStore, ...given: Parameters<TokenStore[Name]>) =>
      isDown
        ? Promise.reject(away())
        : (real[name] as (...all: typeof given) => ReturnType<TokenStore[Name]>)(...given);
  const all: Interference = {
    find: guarded('find'),
    read: guarded('read'),
    acquire: guarded('acquire'),
    markAttempt: guarded('markAttempt'),
    release: guarded('release'),
    replace: guarded('replace'),
  };
  await (await anotherProcess(bank)).keep('c', passed(expired(bank, 'c')));
  const one = await anotherProcess(bank, {
    interference: {
      ...all,
      receive: () => {
        isDown = true;
        return Promise.reject(away());
      },
    },
    settings: short,
  });
  expect(await accessTokenOf(one)).toBe('at-c-1');
  const other = await anotherProcess(bank, {
    interference: all,
    settings: { ...short, connectTimeout: 2.001 },
  });
  const polled = (async () => {
    for (;;) {
      const outcome = await other.valid('c').then(
        ({ tokens }) => tokens.access_token,
        ({ code }: { code: string }) => code,
      );
      if (outcome !== 'store-unavailable') return outcome;
      await pause(5);
    }
  })();
  // A lease of six seconds has ended by then.
  await pause(6500);
  isDown = false;
  expect(await polled).toBe('at-c-1');
  expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
});

describe('a first refresh token', () => {
  it('is not sent again if another one was used after it', async () => {
    const bank = await rotatingBank();
    const [a, b] = [bank.consent('a'), bank.consent('b')];
    const ask = async (firstRefreshToken: string) =>
      (await (await anotherProcess(bank)).valid('c', { firstRefreshToken })).tokens.access_token;
    expect(await ask(a)).toBe('at-a-1');
    expect(await ask(b)).toBe('at-b-1');
    expect(await ask(a)).toBe('at-b-1');
    expect(bank.revoked()).toEqual([]);
  });

  it('is not sent again if a later consent has ended', async () => {
    const bank = await rotatingBank();
    const firstRefreshToken = bank.consent('a');
    const kept = await anotherProcess(bank);
    await kept.valid('c', { firstRefreshToken });
    await kept.keep('c', passed({ ...expired(bank, 'n'), refresh_token: 'rt-n-7' }));
    const next = await anotherProcess(bank);
    for (const code of ['refresh-token-unknown', 'consent-ended', 'consent-ended']) {
      expect(await failureOf(next.valid('c', { firstRefreshToken }))).toMatchObject({ code });
      passTime(HOUR);
    }
    expect(bank.grant('a')).toEqual({ refreshes: 1, revoked: false });
  });
});

describe('ending a consent', () => {
  it('waits for a refresh, and ends the refreshed tokens', async () => {
    const bank = await rotatingBank({ delay: () => 1000 });
    const [one, other] = [await anotherProcess(bank), await anotherProcess(bank)];
    await one.keep('c', passed(expired(bank, 'c')));
    const asked = accessTokenOf(one);
    await until(() => bank.tokenRequests.underWay > 0);
    const ended: unknown[] = [];
    await other.end('c', (tokens) => {
      ended.push(tokens.refresh_token);
      return Promise.resolve();
    });
    expect(await asked).toBe('at-c-1');
    expect(ended).toEqual(['rt-c-1']);
    expect(await failureOf((await anotherProcess(bank)).valid('c'))).toMatchObject({
      code: 'consent-unknown',
    });
  });

  it('keeps the tokens if the bank refuses', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensOf('at-1')));
    await expect(kept.end('c', () => Promise.reject(away()))).rejects.toThrow();
    expect(await accessTokenOf(await anotherProcess(bank))).toBe('at-1');
  });

  it('makes a refresh in progress fail with consent-unknown if the consent is forgotten', async () => {
    const bank = await rotatingBank({ delay: () => 1000 });
    const [one, other] = [await anotherProcess(bank), await anotherProcess(bank)];
    await one.keep('c', passed(expired(bank, 'c')));
    const asked = failureOf(one.valid('c'));
    await until(() => bank.tokenRequests.underWay > 0);
    await other.forget('c');
    expect(await asked).toMatchObject({ code: 'consent-unknown' });
  });
});
