import { allRatios, isReached, requiredRatios, requireRatios } from '../../bench/report/results';
import { ratioLines } from '../../bench/report/report';
import { distribution, ratios } from '../../bench/report/statistics';

it('distribution() interpolates median and quartiles linearly', () => {
  expect(distribution([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25, rounds: 4 });
  expect(distribution([7])).toEqual({ median: 7, low: 7, high: 7, rounds: 1 });
});

it('ratios() divides round by round', () => {
  expect(ratios([10, 40, 10], [5, 20, 5])).toEqual([2, 2, 2]);
});

it('ratios() rejects different numbers of rounds', () => {
  expect(() => ratios([1, 2], [1])).toThrow('2 rounds cannot be compared with 1');
  expect(() => ratios([1], [1, 2])).toThrow('1 rounds cannot be compared with 2');
});

const even = (median: number) => ({ median, low: median, high: median, rounds: 1 });

it('requireRatios() demands a number for each ratio that has a goal or is documented', () => {
  expect([...requiredRatios].sort()).toEqual([
    'due_1000_hold',
    'due_1000_postgres_0ms',
    'due_1000_postgres_200ms',
    'due_1000_postgres_50ms',
    'due_1000_slow_disk',
    'due_1000_sqlite',
    'load_mib',
    'load_ms',
    'of_limit_c1',
    'of_limit_c16',
    'poll_1000_postgres',
    'poll_1000_sqlite',
    'poll_connections',
    'poll_memory_mib',
    'pull_connections_per_1000_pages',
    'pull_memory_vs_http_request',
    'pull_of_limit',
    'pull_scale',
    'pull_vs_http_request',
    'pull_vs_http_request_20ms',
    'scale_10_to_10000',
    'vs_axios_new_agent',
    'vs_curl',
    'vs_n8n_diy_memory',
    'vs_n8n_diy_time',
    'vs_oauth4webapi_fetch',
    'vs_openid_client',
    'vs_simple_oauth2',
  ]);
  const all = Object.fromEntries(requiredRatios.map((name) => [name, even(1)]));
  expect(() => requireRatios(all)).not.toThrow();
  const others = Object.entries(all).filter(([name]) => name !== 'vs_curl');
  expect(() => requireRatios(Object.fromEntries(others))).toThrow('The run has no vs_curl.');
  expect(() => requireRatios({ ...all, load_ms: even(NaN) })).toThrow('has no load_ms.');
  expect(() => requireRatios({ ...all, load_ms: even(Infinity) })).toThrow('has no load_ms.');
});

it('ratioLines() prints a line for each ratio, with its goal if it has one', () => {
  expect(
    ratioLines({
      vs_curl: even(31),
      scale_10_to_10000: even(1.2),
      vs_simple_oauth2: even(6.283),
    }),
  ).toEqual([
    'ratio vs_curl 31.0 (31.0 to 31.0) goal >= 15: reached',
    'ratio scale_10_to_10000 1.20 (1.20 to 1.20) goal <= 1.1: missed',
    'ratio vs_simple_oauth2 6.28 (6.28 to 6.28)',
  ]);
  expect(isReached('vs_simple_oauth2', even(6))).toBeUndefined();
});

it('allRatios() has no ratios of parts that did not run', () => {
  expect(allRatios({})).toEqual({});
});
