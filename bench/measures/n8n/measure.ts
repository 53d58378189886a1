import type { BenchBank } from '../../bank/server';
import { BenchFailure } from '../../failure';
import { SCALE, type Effort } from '../../options';
import { shuffled } from '../../report/shuffle';
import { distribution, ratios, type Distribution } from '../../report/statistics';
import { approaches, type Approach } from './approaches';
import type { BenchN8n, ExecutionCost, N8nSession } from './session';

/** Items of an execution in which the approaches are compared. */
export const ITEMS = 1000;

/** Cost of executions in n8n. */
export interface ExecutionResult {
  /** Microseconds for each token. */
  microseconds: Distribution;
  /** CPU microseconds of n8n for each token; saving the execution is included. */
  cpuMicroseconds: Distribution;
  /** Highest resident memory of n8n during the first execution, MiB. */
  peakMebibytes: Distribution;
  /** Highest resident memory minus the resident memory right before the execution, MiB. */
  addedMebibytes: Distribution;
}

/** Cost of many pages of accounts. */
export interface PagesResult {
  pages: number;
  tokenRequests: number;
  /** TLS connections that n8n opened for all pages and tokens. */
  connections: number;
  microsecondsPerPage: number;
}

/** Results of the measures in n8n. */
export interface N8nResult {
  workflows: Record<Approach, ExecutionResult>;
  scale: (ExecutionResult & { items: number })[];
  /** Pages of accounts, read by HTTP Request with a consent's token. */
  pages: PagesResult;
  ratios: Record<string, Distribution>;
}

let refreshTokensMade = 0;

const refreshTokens = (count: number): string[] =>
  Array.from({ length: count }, () => `rt-n8n-${refreshTokensMade++}`);

/** Measures in a real n8n: the approaches, numbers of items, and pages of accounts. */
export async function measureN8n(
  n8n: BenchN8n,
  bank: BenchBank,
  pages: number,
  effort: Effort,
): Promise<N8nResult> {
  const compared = await compare(n8n, bank, effort);
  const scale = await measureScale(n8n, effort);
  return {
    workflows: compared.workflows,
    scale: scale.sizes,
    pages: await measurePages(n8n, bank, pages),
    ratios: { ...compared.ratios, ...scale.ratios },
  };
}

/** Compares the approaches: each one in a new process of n8n, in random order in each round. */
async function compare(
  n8n: BenchN8n,
  bank: BenchBank,
  { workflowRounds, workflowRuns }: Effort,
): Promise<Pick<N8nResult, 'workflows' | 'ratios'>> {
  const costs: Record<Approach, ExecutionCost[][]> = { package: [], diy: [] };
  for (let round = 0; round < workflowRounds; round++) {
    for (const approach of shuffled(approaches)) {
      costs[approach].push(
        await n8n.inSession(async (session) => {
          await bank.setVerifying(true);
          await session.run(approach, refreshTokens(20));
          await bank.setVerifying(false);
          return repeated(session, approach, ITEMS, workflowRuns);
        }),
      );
    }
  }
  const ratio = (figure: (runs: ExecutionCost[]) => number): Distribution =>
    distribution(ratios(costs.diy.map(figure), costs.package.map(figure)));
  return {
    workflows: {
      package: executionResult(costs.package, ITEMS),
      diy: executionResult(costs.diy, ITEMS),
    },
    ratios: {
      vs_n8n_diy_time: ratio(medianMilliseconds),
      vs_n8n_diy_memory: ratio(([first]) => first!.peakMebibytes),
      vs_n8n_diy_memory_added: ratio(([first]) => first!.addedMebibytes),
    },
  };
}

/**
 * Measures numbers of items, from few to many: the memory that a large execution leaves behind must not count for a smaller one. 100 items
 * are measured once more at the end.
 */
async function measureScale(
  n8n: BenchN8n,
  { scaleRounds, scaleWarmUp, scaleRuns }: Effort,
): Promise<{ sizes: N8nResult['scale']; ratios: N8nResult['ratios'] }> {
  const costs = new Map<number, ExecutionCost[][]>(SCALE.map((items) => [items, []]));
  for (let round = 0; round < scaleRounds; round++) {
    await n8n.inSession(async (session) => {
      // V8 compiles code that runs often: without this, the first executions look slow.
      await repeated(session, 'package', 100, scaleWarmUp);
      for (const items of SCALE) {
        costs.get(items)!.push(await repeated(session, 'package', items, scaleRuns[items]));
      }
      const again = await repeated(session, 'package', 100, scaleRuns[100]);
      costs
        .get(100)!
        .at(-1)!
        .push(...again);
    });
  }
  const perToken = (items: number): number[] =>
    costs.get(items)!.map((runs) => medianMilliseconds(runs) / items);
  return {
    sizes: SCALE.map((items) => ({ items, ...executionResult(costs.get(items)!, items) })),
    ratios: { scale_10_to_10000: distribution(ratios(perToken(10_000), perToken(100))) },
  };
}

async function measurePages(n8n: BenchN8n, bank: BenchBank, pages: number): Promise<PagesResult> {
  return n8n.inSession(async (session) => {
    const before = await bank.counts();
    const { milliseconds } = await session.run('pages', ['all']);
    const after = await bank.counts();
    const seen = after.accountPages - before.accountPages;
    const tokenRequests = after.tokenRequests - before.tokenRequests;
    if (seen !== pages || tokenRequests < 1) {
      throw new BenchFailure(
        `n8n read ${seen} of ${pages} pages with the tokens of ${tokenRequests} requests.`,
      );
    }
    return {
      pages: seen,
      tokenRequests,
      connections: after.connections - before.connections,
      microsecondsPerPage: (milliseconds * 1000) / seen,
    };
  });
}

async function repeated(
  session: N8nSession,
  approach: Approach,
  items: number,
  times: number,
): Promise<ExecutionCost[]> {
  const costs: ExecutionCost[] = [];
  while (costs.length < times) costs.push(await session.run(approach, refreshTokens(items)));
  return costs;
}

function medianMilliseconds(runs: ExecutionCost[]): number {
  return distribution(runs.map(({ milliseconds }) => milliseconds)).median;
}

function medianCpu(runs: ExecutionCost[]): number {
  return distribution(runs.map(({ cpuMilliseconds }) => cpuMilliseconds)).median;
}

function executionResult(rounds: ExecutionCost[][], items: number): ExecutionResult {
  const firsts = rounds.map(([first]) => first!);
  return {
    microseconds: distribution(rounds.map((runs) => (medianMilliseconds(runs) * 1000) / items)),
    cpuMicroseconds: distribution(rounds.map((runs) => (medianCpu(runs) * 1000) / items)),
    peakMebibytes: distribution(firsts.map(({ peakMebibytes }) => peakMebibytes)),
    addedMebibytes: distribution(firsts.map(({ addedMebibytes }) => addedMebibytes)),
  };
}
