import type { BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { ConnectionCount } from '../library/connections';
import { startContender } from '../library/contender';
import { PACKAGE, WARM_UP } from '../library/plan';
import { proveAll } from '../library/proof';
import { shuffled } from '../../report/shuffle';
import { distribution, type Distribution } from '../../report/statistics';

/** Programs that each add one layer to the program before, from the bare program to this package. */
const LAYERS = {
  bare: 'the bare program: signature and round trip',
  layerUndici: 'undici',
  layerSend: 'time limits, limits of the answer, names of failures, choice of the agent',
  [PACKAGE]: 'assertion, form, checks of the answer',
};

/** Tokens of a round. */
const TOKENS = 128;

/** Cost of a program that gets one token after the other, in microseconds for each token. */
export interface LayerCost {
  /** The work that the program adds to the program before. */
  label: string;
  total: Distribution;
  /** Difference to the program before, in the same round; `undefined` for the first one. */
  added?: Distribution;
  /** CPU time of the process. */
  cpu: Distribution;
  /** Time in which the event loop was idle. */
  waiting: Distribution;
}

/** Cost of the layers of this package. */
export interface LayersResult {
  layers: LayerCost[];
}

/** Measures the layers: all programs in each round, in random order. */
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
