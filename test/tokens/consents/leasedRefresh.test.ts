import { later } from '../../support/clock';
import { anotherProcess, expired, rotatingBank, passed } from '../../support/stores/consents';

afterEach(() => void jest.restoreAllMocks());

/** Lets time pass for everything that measures time by `performance.now()`. */
function stallingClock(): (milliseconds: number) => void {
  const now = performance.now.bind(performance);
  let passed = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now() + passed);
  return (milliseconds) => (passed += milliseconds);
}

const SUSPENDED: [name: string, before: number, after: number, clock: 'monotonic' | 'wall'][] = [
  // A lease lasts 65 seconds, 40 of which are for the request.
  ['before it marks the attempt', 26_000, 0, 'monotonic'],
  // The connection must be there ten seconds after the mark.
  ['after it marked the attempt', 0, 11_000, 'monotonic'],
  ['after it marked the attempt, in which only the clock on the wall went on', 0, 11_000, 'wall'],
];

it.each(SUSPENDED)(
  'a refresh takes a new lease and sends nothing under the old one if the process was suspended %s',
  async (_, before, after, clock) => {
    const bank = await rotatingBank();
    const stall = clock === 'wall' ? later : stallingClock();
    const marks: unknown[] = [];
    let attempts = 0;
    const stored = await anotherProcess(bank, {
      settings: { connectTimeout: 10, requestTimeout: 30 },
      interference: {
        markAttempt: async (store, ...given) => {
          expect(bank.refreshes()).toBe(0);
          const isFirst = ++attempts === 1;
          if (isFirst && before) stall(before);
          const mark = await store.markAttempt(...given);
          if (isFirst && after) stall(after);
          return mark;
        },
        release: (store, name, holder, attempt) => {
          marks.push(attempt);
          return store.release(name, holder, attempt);
        },
      },
    });
    await stored.keep('c', passed(expired(bank, 'c')));
    expect((await stored.valid('c')).tokens.access_token).toBe('at-c-1');
    expect(attempts).toBe(2);
    expect(marks).toEqual([undefined]);
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  },
);
