import { LeastRecentlyUsed } from '../../core/lib/leastRecentlyUsed';

afterEach(() => void jest.useRealTimers());

describe('a map of bounded size', () => {
  it('evicts the entry that was not used for the longest time', () => {
    const evicted: number[] = [];
    const map = new LeastRecentlyUsed<number>(2, (value) => evicted.push(value));
    map.obtain('a', () => 1);
    map.obtain('b', () => 2);
    expect(map.get('a')).toBe(1);
    map.obtain('c', () => 3);
    expect(evicted).toEqual([2]);
    expect(map.get('b')).toBeUndefined();
  });

  it('makes a value once', () => {
    const map = new LeastRecentlyUsed<number>(2);
    expect(map.obtain('a', () => 1)).toBe(1);
    expect(map.obtain('a', () => 2)).toBe(1);
  });

  it('forgets a value after the given time, and only that value', () => {
    jest.useFakeTimers();
    const map = new LeastRecentlyUsed<number>(2);
    map.obtain('a', () => 1);
    map.deleteAfter('a', 2, 1000);
    expect(jest.getTimerCount()).toBe(0);
    map.deleteAfter('a', 1, 1000);
    jest.advanceTimersByTime(999);
    expect(map.get('a')).toBe(1);
    jest.advanceTimersByTime(1);
    expect(map.get('a')).toBeUndefined();
  });

  it.each([
    ['forgotten', (map: LeastRecentlyUsed<number>) => map.forget('a')],
    ['taken', (map: LeastRecentlyUsed<number>) => void map.takeAll()],
    ['evicted', (map: LeastRecentlyUsed<number>) => void map.obtain('b', () => 2)],
    ['deleted at once', (map: LeastRecentlyUsed<number>) => map.deleteAfter('a', 1, 0)],
  ])('leaves no timer for a value that is %s', (_name, remove) => {
    jest.useFakeTimers();
    const map = new LeastRecentlyUsed<number>(1);
    map.obtain('a', () => 1);
    map.deleteAfter('a', 1, 1000);
    remove(map);
    expect(jest.getTimerCount()).toBe(0);
  });
});
