import { spawnSync } from 'node:child_process';
import type { BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { BenchFailure } from '../../failure';
import { shuffled } from '../../report/shuffle';
import { distribution, ratios, type Distribution } from '../../report/statistics';
import { ConnectionCount } from './connections';
import { startContender, type Contender } from './contender';
import { BOUND, contenders, PACKAGE, tokensOf, warmUpOf, type PlannedContender } from './plan';
import { proveAll } from './proof';

/** Requests in flight: one after the other, and sixteen. */
export const CONCURRENCIES = [1, 16] as const;

/** What a contender's rounds gave. */
export interface ContenderResult {
  name: string;
  label: string;
  concurrency: number;
  /** Microseconds from one token to the next. */
  microseconds: Distribution;
  /** CPU microseconds of the contender's process for each token; what it started is not counted. */
  cpuMicroseconds: Distribution;
  /** TLS connections that it opened for each token, those before the clock started included. */
  connectionsPerToken: number;
}

/** The library level. */
export interface LibraryResult {
  contenders: ContenderResult[];
  /** Microseconds a token takes at least: signature and round trip of the same round, added up. */
  bound: { concurrency: number; microseconds: Distribution }[];
  ratios: Record<string, Distribution>;
}

/** Microseconds for each token, round by round, and what the bank saw. */
type Series = Map<string, { wall: number[]; cpu: number[]; connections: ConnectionCount }>;

/**
 * Measures the library level: in each round every contender has its turn, in a random order, and nothing else is at work.
 *
 * @throws BenchFailure without curl, and where a contender gets no token
 */
export async function measureLibrary(
  bank: BenchBank,
  files: BenchFiles,
  rounds: number,
): Promise<LibraryResult> {
  requireCurl();
  const running: Contender[] = [];
  try {
    for (const { name } of contenders) running.push(await startContender(name, bank, files));
    await proveAll(bank, running.filter(sendsAssertions));
    const result: LibraryResult = { contenders: [], bound: [], ratios: {} };
    for (const concurrency of CONCURRENCIES) {
      const series = await seriesOf(bank, running, concurrency, rounds);
      addResults(result, series, concurrency);
    }
    await proveAll(bank, running.filter(sendsAssertions));
    return result;
  } finally {
    await Promise.all(running.map((contender) => contender.stop()));
  }
}

function requireCurl(): void {
  if (spawnSync('curl', ['--version']).status === 0) return;
  throw new BenchFailure(
    'The command curl is not there, and it is one of the contenders: install it, and run the benchmark again.',
  );
}

async function seriesOf(
  bank: BenchBank,
  running: Contender[],
  concurrency: number,
  rounds: number,
): Promise<Series> {
  const series: Series = new Map(
    running.map(({ name }) => [
      name,
      { wall: [], cpu: [], connections: new ConnectionCount(name, concurrency) },
    ]),
  );
  for (const contender of running) {
    // Code that was not compiled yet would make the first ones look slow. Nothing before it: the number is to be the same for all.
    await contender.round(warmUpOf(planned(contender.name)), concurrency, true);
  }
  for (let round = 0; round < rounds; round++) {
    for (const contender of shuffled(running)) {
      const tokens = tokensOf(planned(contender.name), concurrency);
      const measured = series.get(contender.name)!;
      const before = await bank.counts();
      const { milliseconds, cpu } = await contender.round(tokens, concurrency);
      measured.connections.add(before, await bank.counts());
      measured.wall.push((milliseconds * 1000) / tokens);
      measured.cpu.push((cpu * 1000) / tokens);
    }
  }
  for (const { name, keepsAlive } of contenders) {
    if (keepsAlive) series.get(name)!.connections.requireKeptAlive();
  }
  return series;
}

function addResults(result: LibraryResult, series: Series, concurrency: number): void {
  for (const { name, label } of contenders) {
    const { wall, cpu, connections } = series.get(name)!;
    result.contenders.push({
      ...{ name, label, concurrency },
      microseconds: distribution(wall),
      cpuMicroseconds: distribution(cpu),
      connectionsPerToken: connections.perToken,
    });
  }
  const ours = series.get(PACKAGE)!.wall;
  const [signature, roundTrip] = BOUND.map((part) => series.get(part)!.wall) as [
    number[],
    number[],
  ];
  const bound = signature.map((microseconds, round) => microseconds + (roundTrip[round] ?? NaN));
  result.bound.push({ concurrency, microseconds: distribution(bound) });
  result.ratios[`of_limit_c${concurrency}`] = distribution(ratios(bound, ours));
  for (const { name, ratio } of contenders) {
    if (!ratio) continue;
    const suffix = concurrency === 1 ? '' : `_c${concurrency}`;
    result.ratios[`${ratio}${suffix}`] = distribution(ratios(series.get(name)!.wall, ours));
  }
}

/** All but the halves of the bound. */
function sendsAssertions({ name }: Contender): boolean {
  const parts: readonly string[] = BOUND;
  return !parts.includes(name);
}

function planned(name: string): PlannedContender {
  return contenders.find((contender) => contender.name === name)!;
}
