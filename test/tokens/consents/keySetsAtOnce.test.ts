import fc from 'fast-check';
import { until } from '../../support/waiting';
import { expired, passed, pause, rotatingBank, tokensOf } from '../../support/stores/consents';
import { KeySets, type KeySet } from '../../support/stores/keySets';

const at = KeySets.forTests();

const orders: fc.Arbitrary<KeySet> = fc
  .shuffledSubarray(['a', 'b', 'c'] as const, { minLength: 3, maxLength: 3 })
  .map((given) => [...given, 'x']);

it('sends a first refresh token once if processes with other orders of the keys begin with it at the same time', async () => {
  let grants = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(orders, { minLength: 2, maxLength: 4 }), (sets) =>
      at.withStore(async (store) => {
        const grant = `first${++grants}`;
        const firstRefreshToken = at.bank.consent(grant);
        const processes = await Promise.all(sets.map((keys) => at.by(keys, store)));
        const tokens = await Promise.all(
          processes.map((tokens) => tokens.valid('c', { firstRefreshToken })),
        );
        expect(new Set(tokens.map((token) => token.tokens.access_token))).toEqual(
          new Set([`at-${grant}-1`]),
        );
        expect(at.bank.grant(grant)).toEqual({ refreshes: 1, revoked: false });
        await (await at.by(sets[0]!, store)).valid('c');
        expect(await store.list('client-1')).toHaveLength(1);
      }),
    ),
    { numRuns: 15 },
  );
}, 120_000);

it('ends no consent if processes with other orders of the keys store, use and refresh at the same time', async () => {
  let grants = 0;
  const step = fc.record({
    keys: orders,
    operation: fc.constantFrom('keep', 'use', 'refresh', 'due', 'forget'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), (steps) =>
      at.withStore(async (store) => {
        const newGrant = () => {
          const grant = `n${++grants}`;
          return { grant, refresh_token: at.bank.consent(grant) };
        };
        const keepNew = async (keys: KeySet, isDue: boolean) => {
          const { grant, refresh_token } = newGrant();
          const given = isDue ? { expires_at: new Date(0).toISOString() } : {};
          const tokens = tokensOf(`at-${grant}-0`, { refresh_token, ...given });
          await (await at.by(keys, store)).keep('c', passed(tokens));
        };
        await keepNew(['a', 'x'], true);
        await keepNew(['b', 'x'], true);
        await Promise.all(
          steps.map(async ({ keys, operation }) => {
            const tokens = await at.by(keys, store);
            if (operation === 'keep' || operation === 'due')
              return keepNew(keys, operation === 'due');
            if (operation === 'forget') return tokens.forget('c');
            const refreshNow = operation === 'refresh';
            return tokens.valid('c', { refreshNow }).catch((error: { code: string }) => {
              expect(error.code).toBe('consent-unknown');
              expect(steps.map((other) => other.operation)).toContain('forget');
            });
          }),
        );
        expect(at.bank.revoked()).toEqual([]);
        const all = await at.by(['a', 'b', 'c', 'x'], store);
        const left = await store.list('client-1');
        if (left.length === 0) return;
        await all.valid('c');
        expect(await store.list('client-1')).toHaveLength(1);
        expect(at.bank.revoked()).toEqual([]);
      }),
    ),
    { numRuns: 25 },
  );
}, 120_000);

describe('two records of a consent', () => {
  it('are used by the newer one, and the older one is removed', async () => {
    await at.withStore(async (store) => {
      await (await at.by(['a', 'x'], store)).keep('c', passed(expired(at.bank, 'old')));
      await pause(2);
      await (await at.by(['b', 'x'], store)).keep('c', passed(expired(at.bank, 'new')));
      const both = await at.by(['a', 'b', 'x'], store);
      expect((await both.valid('c')).tokens.access_token).toBe('at-new-1');
      expect(at.bank.grant('old')).toEqual({ refreshes: 0, revoked: false });
      expect((await store.list('client-1')).map((record) => at.seen(record))).toEqual([
        { consent: 'c', key: 'a', isFormer: false },
      ]);
    });
  });

  it('with the same refresh token are refreshed once, although one is being refreshed', async () => {
    at.bank = await rotatingBank({ delay: () => 1000 });
    await at.withStore(async (store) => {
      const tokens = expired(at.bank, 'g');
      const one = await at.by(['a', 'x'], store);
      await one.keep('c', passed(tokens));
      const later = new Date(Date.now() + 1).toISOString();
      await (await at.by(['b', 'x'], store)).keep('c', passed({ ...tokens, obtained_at: later }));
      const refreshing = one.valid('c');
      await until(() => at.bank.tokenRequests.underWay > 0);
      const both = await at.by(['b', 'a', 'x'], store);
      expect((await both.valid('c')).tokens.access_token).toBe('at-g-1');
      expect((await refreshing).tokens.access_token).toBe('at-g-1');
      expect(at.bank.grant('g')).toEqual({ refreshes: 1, revoked: false });
      expect(await store.list('client-1')).toHaveLength(1);
    });
  });

  it('keep the received tokens of the one that is removed', async () => {
    await at.withStore(async (store) => {
      await (await at.by(['a', 'x'], store)).keep('c', passed(tokensOf('at-old')));
      await pause(2);
      // This process ended before it had checked them.
      await (await at.by(['b', 'x'], store)).receive('c', tokensOf('at-received'), {});
      const use = async () => (await at.by(['a', 'b', 'x'], store)).valid('c');
      expect((await use()).tokens.access_token).toBe('at-old');
      expect(await store.list('client-1')).toHaveLength(1);
      expect((await use()).tokens.access_token).toBe('at-received');
    });
  });
});

it('a record keeps its key if tokens are stored beside its own', async () => {
  await at.withStore(async (store) => {
    await (await at.by(['b', 'x'], store)).keep('c', passed(tokensOf('at-1')));
    await (await at.by(['a', 'b', 'x'], store)).receive('c', tokensOf('at-2'), {});
    expect((await (await at.by(['b', 'x'], store)).valid('c')).tokens.access_token).toBe('at-2');
    expect((await store.list('client-1')).map((record) => at.seen(record))).toEqual([
      { consent: 'c', key: 'b', isFormer: false },
    ]);
  });
});
