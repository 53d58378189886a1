import type { RefreshCost } from '../../bench/measures/due/asker';
import { requireAllNew } from '../../bench/measures/due/outcome';
import { stores } from '../../bench/measures/due/plan';
import { resultOf } from '../../bench/measures/due/result';
import { goals } from '../../bench/report/results';

const cost = (milliseconds: number, holdUp = 1): RefreshCost => ({
  ...{ milliseconds, holdUp },
  failures: {},
});

const counts = (tokenRequests: number, refusals = 0) => ({
  ...{ tokenRequests, refusals, accountPages: 0, dataRequests: 0, connections: 0 },
});

describe('requireAllNew()', () => {
  const store = { ratio: 'due_1000_sqlite', label: 'SQLite' };
  const good = { due: cost(1500, 20), before: counts(100), after: counts(110), stored: 10 };

  it('accepts a run in which each consent got a new token', () => {
    expect(() => requireAllNew(store, 10, good)).not.toThrow();
  });

  it.each([
    ['a token that is not stored', { stored: 9 }, '9 new refresh tokens are stored'],
    ['a second request for a consent', { after: counts(111) }, 'the bank saw 11 requests'],
    ['a request that is missing', { after: counts(109) }, 'the bank saw 9 requests'],
    ['a refresh token that was sent again', { after: counts(110, 1) }, 'refused 1 used refresh'],
  ])('rejects %s', (_, change, words) => {
    expect(() => requireAllNew(store, 10, { ...good, ...change })).toThrow(words);
  });

  it('rejects callers that failed, and says how many did and why', () => {
    const failures = { 'store-busy': { count: 3, first: 'The token is being refreshed.' } };
    const outcome = { ...good, due: { ...good.due, failures } };
    expect(() => requireAllNew(store, 10, outcome)).toThrow(
      /^due_1000_sqlite \(SQLite\): 7 of 10 consents got a new token in 1.5 s; .*; longest hold-up 20 ms\.\n3 × store-busy: The token is being refreshed\.$/,
    );
  });
});

describe('resultOf()', () => {
  const [fast, slow] = [
    stores.find(({ wait }) => wait === undefined)!,
    stores.find(({ wait }) => wait === 50)!,
  ];

  it('compares a store with the refreshes of the same round, or with the sum of its waits', () => {
    const { ratios, stores: costs } = resultOf(
      [
        { store: fast, plain: cost(1000), due: cost(2000) },
        { store: fast, plain: cost(3000), due: cost(12_000) },
        { store: slow, plain: cost(1000), due: cost(6000) },
      ],
      100,
    );
    expect(ratios[fast.ratio]).toMatchObject({ median: 3, low: 2.5, high: 3.5, rounds: 2 });
    expect(ratios[slow.ratio]).toMatchObject({ median: 1.2, rounds: 1 });
    expect(costs.map(({ referenceSeconds }) => referenceSeconds.median)).toEqual([2, 5]);
  });

  it('has the largest of the hold-ups, each over the time of the same refreshes without a store', () => {
    const { ratios } = resultOf(
      [
        { store: fast, plain: cost(1000, 900), due: cost(2000, 40) },
        { store: slow, plain: cost(2000), due: cost(6000, 60) },
      ],
      100,
    );
    expect(ratios.due_1000_hold!.median).toBe(0.04);
  });
});

it('the goals of 1,000 consents: three times as long as without a store, or a fifth longer than its waits', () => {
  expect(stores.map(({ ratio, wait }) => [ratio, goals[ratio], wait])).toEqual([
    ['due_1000_sqlite', { atMost: 3 }, undefined],
    ['due_1000_slow_disk', { atMost: 1.2 }, 120],
    ['due_1000_postgres_0ms', { atMost: 3 }, undefined],
    ['due_1000_postgres_50ms', { atMost: 1.2 }, 50],
    ['due_1000_postgres_200ms', { atMost: 1.2 }, 200],
  ]);
  expect(goals.due_1000_hold).toEqual({ atMost: 0.1 });
});
