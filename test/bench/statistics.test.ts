import { allRatios, isReached, requiredRatios, requireRatios } from '../../bench/report/results';
import { ratioLines } from '../../bench/report/report';
import { distribution, ratios } from '../../bench/report/statistics';

it('takes medians and quartiles, between two values linearly', () => {
  expect(distribution([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25, rounds: 4 });
  expect(distribution([7])).toEqual({ median: 7, low: 7, high: 7, rounds: 1 });
});

it('compares round by round, so that what slows both down cancels out', () => {
  expect(ratios([10, 40, 10], [5, 20, 5])).toEqual([2, 2, 2]);
});

it('compares no series of different lengths', () => {
  expect(() => ratios([1, 2], [1])).toThrow('2 rounds cannot be compared with 1');
  expect(() => ratios([1], [1, 2])).toThrow('1 rounds cannot be compared with 2');
});

const even = (median: number) => ({ median, low: median, high: median, rounds: 1 });

it('demands a number for each ratio that the issue or the documentation rests on', () => {
  expect([...requiredRatios].sort()).toEqual([
    'load_mib',
    'load_ms',
    'of_limit_c1',
    'of_limit_c16',
    'scale_10_to_10000',
    'vs_axios_new_agent',
    'vs_curl',
    'vs_n8n_diy_memory',
    'vs_n8n_diy_time',
    'vs_n8n_diy_time_evaluated',
    'vs_oauth4webapi_fetch',
    'vs_openid_client',
    'vs_simple_oauth2',
  ]);
  const all = Object.fromEntries(requiredRatios.map((name) => [name, even(1)]));
  expect(() => requireRatios(all)).not.toThrow();
  const others = Object.entries(all).filter(([name]) => name !== 'vs_curl');
  expect(() => requireRatios(Object.fromEntries(others))).toThrow('The run gave no vs_curl.');
  expect(() => requireRatios({ ...all, load_ms: even(NaN) })).toThrow('gave no load_ms.');
  expect(() => requireRatios({ ...all, load_ms: even(Infinity) })).toThrow('gave no load_ms.');
});

it('prints a line for each ratio, with its goal where it has one', () => {
  expect(
    ratioLines({
      vs_curl: even(31),
      scale_10_to_10000: even(1.2),
      vs_simple_oauth2: even(6.283),
    }),
  ).toEqual([
    'ratio vs_curl 31.0 (31.0 to 31.0) goal >= 30: reached',
    'ratio scale_10_to_10000 1.20 (1.20 to 1.20) goal <= 1.1: missed',
    'ratio vs_simple_oauth2 6.28 (6.28 to 6.28)',
  ]);
  expect(isReached('vs_simple_oauth2', even(6))).toBeUndefined();
});

it('has no ratio of a part that was not run', () => {
  expect(allRatios({})).toEqual({});
});
