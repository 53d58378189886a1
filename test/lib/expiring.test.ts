import { Expiring, type Obtained } from '../../core/lib/expiring';

const SECOND = 1000;
beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setTimeout', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

function later(seconds: number): void {
  jest.setSystemTime(Date.now() + seconds * SECOND);
}

/** Values 1, 2, 3, … that live for a minute; a failure if it is set. */
function counter() {
  const source = { count: 0, failure: undefined as Error | undefined, lifetime: 60 * SECOND };
  const obtain = (): Promise<Obtained<number>> => {
    source.count++;
    const { count: value, failure, lifetime } = source;
    return failure ? Promise.reject(failure) : Promise.resolve({ value, lifetime });
  };
  return { source, obtain };
}

describe('an expiring value', () => {
  it('is obtained once for its lifetime', async () => {
    const { obtain } = counter();
    const expiring = new Expiring(obtain);
    const { value, obtainedAt } = await expiring.current();
    expect([value, obtainedAt.wall]).toEqual([1, Date.now()]);
    later(59);
    expect((await expiring.current()).value).toBe(1);
    later(2);
    expect((await expiring.current()).value).toBe(2);
  });

  it('is obtained once for callers at the same time, even with a lifetime of 0', async () => {
    const { source, obtain } = counter();
    source.lifetime = 0;
    const expiring = new Expiring(obtain);
    const all = await Promise.all([expiring.current(), expiring.renew(), expiring.any()]);
    expect(all.map(({ value }) => value)).toEqual([1, 1, 1]);
    expect((await expiring.current()).value).toBe(2);
  });

  it('is obtained again after its lifetime although the clock was set back', async () => {
    const { obtain } = counter();
    const expiring = new Expiring(obtain);
    await expiring.current();
    jest.advanceTimersByTime(61 * SECOND);
    later(-3600);
    expect((await expiring.current()).value).toBe(2);
  });

  it('is returned by any() after its lifetime', async () => {
    const { obtain } = counter();
    const expiring = new Expiring(obtain);
    await expiring.any();
    later(3600);
    expect((await expiring.any()).value).toBe(1);
  });

  it('is obtained again by renew() before its lifetime is over', async () => {
    const { obtain } = counter();
    const expiring = new Expiring(obtain);
    await expiring.current();
    expect((await expiring.renew()).value).toBe(2);
    expect((await expiring.current()).value).toBe(2);
  });
});

describe('an expiring value that cannot be renewed', () => {
  it('is used for the given time, with the failure, and then renewed', async () => {
    const { source, obtain } = counter();
    const expiring = new Expiring(obtain, () => 10 * SECOND);
    const first = await expiring.current();
    later(61);
    source.failure = new Error('away');
    expect(await expiring.current()).toEqual({ ...first, failure: source.failure });
    later(9);
    await expiring.current();
    expect(source.count).toBe(2);
    jest.advanceTimersByTime(11 * SECOND);
    later(-3600);
    source.failure = undefined;
    const { value, obtainedAt } = await expiring.current();
    expect([value, obtainedAt.wall]).toEqual([3, Date.now()]);
  });

  it('is forgotten if the failure says so', async () => {
    const { source, obtain } = counter();
    const expiring = new Expiring(obtain, () => 0);
    await expiring.current();
    later(61);
    source.failure = new Error('another issuer');
    await expect(expiring.current()).rejects.toBe(source.failure);
    await expect(expiring.any()).rejects.toBe(source.failure);
    source.failure = undefined;
    expect((await expiring.current()).value).toBe(4);
  });

  it('is not replaced by a failure that came first', async () => {
    const { source, obtain } = counter();
    const expiring = new Expiring(obtain, () => 10 * SECOND);
    source.failure = new Error('away');
    await expect(expiring.current()).rejects.toBe(source.failure);
    source.failure = undefined;
    expect((await expiring.current()).value).toBe(2);
  });
});
