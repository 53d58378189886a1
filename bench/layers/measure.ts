import type { BenchBank } from '../bank/server';
import type { BenchFiles } from '../certificates';
import { startContender } from '../library/contender';
import { PACKAGE, WARM_UP } from '../library/plan';
import { shuffled } from '../shuffle';
import { distribution, type Distribution } from '../statistics';

/** Programs that each do what the one before does and something more, from the bare program to this package. */
const LAYERS = {
  rawHere: 'the bare program: signature and round trip',
  layerUndici: 'undici',
  layerSend: 'the time limit, the limits of the answer, the names of failures',
  layerRequest: 'the claims, the form, the audience',
  layerResponse: 'the validation of the answer, the token set',
  [PACKAGE]: 'single use, and the comparison of the credential’s fields',
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
      total: [] as number[],
      cpu: [] as number[],
      waiting: [] as number[],
    })),
  );
  try {
    for (const { contender } of running) await contender.round(WARM_UP, 1, true);
    for (let round = 0; round < rounds; round++) {
      for (const { contender, ...times } of shuffled(running)) {
        const { milliseconds, cpu, waiting } = await contender.round(TOKENS, 1);
        times.total.push((milliseconds * 1000) / TOKENS);
        times.cpu.push((cpu * 1000) / TOKENS);
        times.waiting.push((waiting * 1000) / TOKENS);
      }
    }
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
    await Promise.all(running.map(({ contender }) => contender.stop()));
  }
}
