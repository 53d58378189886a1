import { anotherProcess, expired, rotatingBank, passed } from '../../support/stores/consents';

afterEach(() => void jest.restoreAllMocks());

/** Lets time pass for everything that measures time by `performance.now()`. */
function stallingClock(): (milliseconds: number) => void {
  const now = performance.now.bind(performance);
  let passed = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now() + passed);
  return (milliseconds) => (passed += milliseconds);
}

it('a refresh takes a new lease before it sends the request if the lease is nearly over', async () => {
  const bank = await rotatingBank();
  const stall = stallingClock();
  const marks: unknown[] = [];
  let attempts = 0;
  const stored = await anotherProcess(bank, {
    // A lease lasts 60 seconds, 40 of which are for the request.
    settings: { connectTimeout: 10, requestTimeout: 30 },
    interference: {
      markAttempt: (store, ...given) => {
        expect(bank.refreshes()).toBe(0);
        if (++attempts === 1) stall(21_000);
        return store.markAttempt(...given);
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
});
