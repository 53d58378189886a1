import fc from 'fast-check';

/** How a bank gives IDs to the transactions of an account. */
export type IdPolicy =
  /** One for each transaction. */
  | 'unique'
  /** None. */
  | 'none'
  /** Day and number of the row on its day. */
  | 'positions'
  /** The number of the row on its day, which starts again each day. */
  | 'counter'
  /** Another one in each read. */
  | 'tokens'
  /** The same for all. */
  | 'same';

/** An account of a history. */
export interface AccountPlan {
  readonly ids: IdPolicy;
  /** Whether the bank names the account's number, by which it is recognized in a renewed consent. */
  readonly isIdentified: boolean;
}

/** A fault of the next read of an account. */
export type Slip =
  /** The list is empty. */
  | 'empty'
  /** There is no list. */
  | 'no data'
  /** A row is left out. */
  | 'left out'
  /** A payment is booked between two pages. */
  | 'shift'
  /** A pending payment is withdrawn between two pages. */
  | 'skip'
  /** The last page fails. */
  | 'broken'
  /** The bank refuses it. */
  | 'refused';

/** How the execution ends that gets the transactions. */
export type End =
  | 'success'
  /** It fails. */
  | 'failure'
  /** It succeeds, and n8n never says so. */
  | 'silence'
  /** The process dies when the transactions were handed over; the execution dies with it. */
  | 'crash before success'
  /** The process dies when the execution has succeeded, before it learns of that. */
  | 'crash after success';

/** One thing that happens. `at` chooses an account, `pick` one of its transactions. */
export type Step =
  | {
      readonly do: 'book';
      readonly at: number;
      readonly amount: number;
      readonly back: number;
      /** Whether it takes the first number of its day. */
      readonly first: boolean;
    }
  | { readonly do: 'book an equal one'; readonly at: number; readonly pick: number }
  | { readonly do: 'reserve'; readonly at: number; readonly amount: number; readonly ahead: number }
  | {
      readonly do: 'settle';
      readonly at: number;
      readonly pick: number;
      readonly keepsId: boolean;
      readonly amount: 'same' | 'other';
    }
  | { readonly do: 'withdraw'; readonly at: number; readonly pick: number }
  | { readonly do: 'renumber'; readonly at: number; readonly all: boolean }
  | { readonly do: 're-date'; readonly at: number; readonly pick: number; readonly by: number }
  | { readonly do: 'rewrite'; readonly at: number; readonly pick: number }
  | { readonly do: 'begin to give IDs'; readonly at: number }
  | { readonly do: 'slip'; readonly at: number; readonly how: Slip; readonly pick: number }
  | { readonly do: 'hide'; readonly at: number }
  | { readonly do: 'show'; readonly at: number }
  | { readonly do: 'renew'; readonly newIds: boolean }
  | { readonly do: 'revoke' }
  | { readonly do: 'wait'; readonly hours: number }
  | {
      readonly do: 'poll';
      readonly by: 0 | 1;
      readonly end: End;
      /** After so many statements for the store the process dies; if it is odd, before the store has carried out the last one. */
      readonly dies?: number | undefined;
    }
  | { readonly do: 'poll twice at once'; readonly end: End };

/** A bank, a subscriber, and what happens to them. */
export interface History {
  readonly accounts: readonly AccountPlan[];
  /** Whether the first run begins with all rows, or with what is booked from now on. */
  readonly start: 'all' | 'now';
  readonly withPending: boolean;
  /** Rows on a page. */
  readonly pageSize: number;
  /** Transactions of one hand-over. */
  readonly maximumRows: number;
  /** Reads in 24 hours that the bank allows. */
  readonly readsPerDay?: number | undefined;
  readonly steps: readonly Step[];
}

const at = fc.nat(1);
const pick = fc.nat(11);
const amount = fc.nat(3);
const often = <Value>(value: Value, others: readonly Value[], weight = 6) =>
  fc.oneof(
    { arbitrary: fc.constant(value), weight },
    { arbitrary: fc.constantFrom(...others), weight: 4 },
  );

const ends = often<End>(
  'success',
  ['failure', 'silence', 'crash before success', 'crash after success'],
  8,
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      ...{ do: fc.constant('book' as const), at, amount },
      back: often(0, [1, 2, 5, 12, 30], 5),
      first: fc.boolean(),
    }),
    weight: 16,
  },
  { arbitrary: fc.record({ do: fc.constant('book an equal one' as const), at, pick }), weight: 5 },
  {
    arbitrary: fc.record({
      ...{ do: fc.constant('reserve' as const), at, amount },
      ahead: fc.constantFrom(0, 1, 6),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      ...{ do: fc.constant('settle' as const), at, pick, keepsId: fc.boolean() },
      amount: fc.constantFrom('same' as const, 'other' as const),
    }),
    weight: 4,
  },
  { arbitrary: fc.record({ do: fc.constant('withdraw' as const), at, pick }), weight: 1 },
  {
    arbitrary: fc.record({ do: fc.constant('renumber' as const), at, all: fc.boolean() }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      ...{ do: fc.constant('re-date' as const), at, pick },
      by: fc.constantFrom(-3, -1, 1, 2),
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ do: fc.constant('rewrite' as const), at, pick }), weight: 3 },
  { arbitrary: fc.record({ do: fc.constant('begin to give IDs' as const), at }), weight: 1 },
  {
    arbitrary: fc.record({
      ...{ do: fc.constant('slip' as const), at, pick },
      how: fc.constantFrom<Slip>(
        ...([
          'empty',
          'no data',
          'left out',
          'left out',
          'shift',
          'skip',
          'broken',
          'refused',
        ] as const),
      ),
    }),
    weight: 6,
  },
  { arbitrary: fc.record({ do: fc.constant('hide' as const), at }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('show' as const), at }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('renew' as const), newIds: fc.boolean() }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('revoke' as const) }), weight: 1 },
  {
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      hours: often(7, [1, 24, 30, 24 * 10, 24 * 60]),
    }),
    weight: 8,
  },
  {
    arbitrary: fc.record({
      ...{ do: fc.constant('poll' as const), end: ends },
      by: fc.constantFrom(0 as const, 1 as const),
      dies: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 6 }),
    }),
    weight: 22,
  },
  {
    arbitrary: fc.record({ do: fc.constant('poll twice at once' as const), end: ends }),
    weight: 3,
  },
);

/** Random histories. */
export const histories: fc.Arbitrary<History> = fc.record({
  accounts: fc.array(
    fc.record({
      ids: often<IdPolicy>('unique', ['none', 'positions', 'counter', 'tokens', 'same'], 4),
      isIdentified: often(true, [false]),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  start: fc.constantFrom('all' as const, 'now' as const),
  withPending: fc.boolean(),
  pageSize: fc.constantFrom(3, 5, 100),
  maximumRows: fc.constantFrom(2, 1000),
  readsPerDay: fc.constantFrom(4, undefined),
  steps: fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
});

/** A history as text that can be pasted into a test. */
export function historyText(history: History): string {
  const { steps, ...others } = history;
  const lines = steps.map((one) => `    ${JSON.stringify(one)},`);
  const head = JSON.stringify(others).slice(1, -1);
  return `{ ${head},\n  steps: [\n${lines.join('\n')}\n  ] }`;
}
