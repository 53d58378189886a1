import type { BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { ConnectionCount } from '../library/connections';
import { startContender } from '../library/contender';
import { PACKAGE, WARM_UP } from '../library/plan';
import { proveAll } from '../library/proof';
import { shuffled } from '../../report/shuffle';
import { distribution, type Distribution } from '../../report/statistics';

/** Programs that each do what the one before does and something more, from the bare program to this package. */
const LAYERS = {
  rawHere: 'the bare program: signature and round trip',
  layerUndici: 'undici, and the turns of the event loop that it needs',
  layerSend: 'time limit, limits of the answer, names of failures, choice of the agent',
  layerRequest: 'claims, audience, form',
  layerResponse: 'validation of the answer, token set',
  [PACKAGE]: 'credential’s fields compared, single use, what an ID token would need',
};

/** Tokens of a round. */
const TOKENS = 128;

/** A program, one token after the other; all in microseconds for each token. */
export interface LayerCost {
  /** What it does beyond the one before. */
  label: string;
  total: Distribution;
  /** Beyond the one before, in the same round; nothing for the first one. */
  added?: Distribution;
  /** CPU time of the process. */
  cpu: Distribution;
  /** In which the event loop had nothing to do. */
  waiting: Distribution;
}

/** What each layer of this package costs. */
export interface LayersResult {
  layers: LayerCost[];
}

/** Measures all programs in each round, in random order. */
export async function measureLayers(
  bank: BenchBank,
  files: BenchFiles,
  rounds: number,
): Promise<LayersResult> {
  const running = await Promise.all(
    Object.entries(LAYERS).map(async ([name, label]) => ({
      label,
      contender: await startContender(name, bank, files),
      connections: new ConnectionCount(name, 1),
      total: [] as number[],
      cpu: [] as number[],
      waiting: [] as number[],
    })),
  );
  const contenders = running.map(({ contender }) => contender);
  try {
    await proveAll(bank, contenders);
    for (const contender of contenders) await contender.round(WARM_UP, 1, true);
    for (let round = 0; round < rounds; round++) {
      for (const { contender, connections, ...times } of shuffled(running)) {
        const before = await bank.counts();
        const { milliseconds, cpu, waiting } = await contender.round(TOKENS, 1);
        connections.add(before, await bank.counts());
        times.total.push((milliseconds * 1000) / TOKENS);
        times.cpu.push((cpu * 1000) / TOKENS);
        times.waiting.push((waiting * 1000) / TOKENS);
      }
    }
    for (const { connections } of running) connections.requireKeptAlive();
    await proveAll(bank, contenders);
    return {
      layers: running.map(({ label, total, cpu, waiting }, index) => {
        const before = running[index - 1]?.total;
        const added = before && total.map((time, round) => time - before[round]!);
        return {
          label,
          total: distribution(total),
          ...(added && { added: distribution(added) }),
          cpu: distribution(cpu),
          waiting: distribution(waiting),
        };
      }),
    };
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}
