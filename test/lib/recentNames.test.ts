import { RecentNames } from '../../core/lib/recentNames';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('recent names', () => {
  it('remembers each name for its time, from the last time that it was added', () => {
    const names = new RecentNames(10);
    names.add('short', 1000);
    names.add('long', 2000);
    jest.advanceTimersByTime(999);
    names.add('long', 2000);
    expect(names.has('short')).toBe(true);
    jest.advanceTimersByTime(1);
    expect(names.has('short')).toBe(false);
    jest.advanceTimersByTime(1998);
    expect(names.has('long')).toBe(true);
    jest.advanceTimersByTime(1);
    expect(names.has('long')).toBe(false);
  });

  it('forgets the name that was added first if there are too many', () => {
    const names = new RecentNames(2);
    names.add('a', 1000);
    names.add('b', 1000);
    names.add('a', 1000);
    names.add('c', 1000);
    expect(['a', 'b', 'c'].map((name) => names.has(name))).toEqual([true, false, true]);
  });

  it('forgets a name at once', () => {
    const names = new RecentNames(2);
    names.add('a', 1000);
    names.forget('a');
    expect(names.has('a')).toBe(false);
  });
});
