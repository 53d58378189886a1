import { spawnSync } from 'node:child_process';
import type { BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { BenchFailure } from '../../failure';
import { shuffled } from '../../report/shuffle';
import { distribution, ratios, type Distribution } from '../../report/statistics';
import { ConnectionCount } from './connections';
import { startContender, type Contender } from './contender';
import {
  LIMIT_PARTS,
  contenders,
  PACKAGE,
  tokensOf,
  warmUpOf,
  type PlannedContender,
} from './plan';
import { proveAll } from './proof';

/** Numbers of requests in flight that are measured. */
export const CONCURRENCIES = [1, 16] as const;

/** Cost of a token with one contender. */
export interface ContenderResult {
  name: string;
  label: string;
  concurrency: number;
  /** Microseconds for each token. */
  microseconds: Distribution;
  /** CPU microseconds of the contender's own process for each token, without processes that it started. */
  cpuMicroseconds: Distribution;
  /** TLS connections for each token, including those that were opened before the clock started. */
  connectionsPerToken: number;
}

/** Results of the measures without n8n. */
export interface LibraryResult {
  contenders: ContenderResult[];
  /** The physical limit in microseconds: signature plus round trip of the same round. */
  limit: { concurrency: number; microseconds: Distribution }[];
  ratios: Record<string, Distribution>;
}

/** By contender: microseconds for each token, round by round, and its connections. */
type Series = Map<string, { wall: number[]; cpu: number[]; connections: ConnectionCount }>;

/**
 * Measures the contenders without n8n. In each round every contender has its turn, in random order; the others are idle meanwhile.
 *
 * @throws BenchFailure if curl is missing, or if a contender gets no token
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
    const result: LibraryResult = { contenders: [], limit: [], ratios: {} };
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
    'The command curl is missing, and it is one of the contenders. Install it, and run the benchmark again.',
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
    // V8 compiles code that runs often: without this, the first tokens look slow. All contenders get the same number.
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
  const [signature, roundTrip] = LIMIT_PARTS.map((part) => series.get(part)!.wall) as [
    number[],
    number[],
  ];
  const limit = signature.map((microseconds, round) => microseconds + (roundTrip[round] ?? NaN));
  result.limit.push({ concurrency, microseconds: distribution(limit) });
  result.ratios[`of_limit_c${concurrency}`] = distribution(ratios(limit, ours));
  for (const { name, ratio } of contenders) {
    if (!ratio) continue;
    const suffix = concurrency === 1 ? '' : `_c${concurrency}`;
    result.ratios[`${ratio}${suffix}`] = distribution(ratios(series.get(name)!.wall, ours));
  }
}

/** Whether a contender sends assertions; the two parts of the physical limit do not. */
function sendsAssertions({ name }: Contender): boolean {
  const parts: readonly string[] = LIMIT_PARTS;
  return !parts.includes(name);
}

function planned(name: string): PlannedContender {
  return contenders.find((contender) => contender.name === name)!;
}
