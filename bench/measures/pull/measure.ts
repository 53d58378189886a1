import type { BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import type { Effort } from '../../options';
import type { Distribution } from '../../report/statistics';
import type { BenchN8n } from '../n8n/session';
import type { WorkflowTarget } from '../n8n/workflows';
import { measureInN8n, type InN8nResult } from './inN8n';
import { measureOutside, type OutsideResult } from './outside';
import { measureQueue, type QueueResult } from './queue';

/** Milliseconds of a round trip in the network with a delay: 20 in each direction. A new connection costs one more. */
export const ROUND_TRIP = 40;

/** Results of the pulls of transactions. */
export interface PullResult {
  /** In a real n8n, compared with HTTP Request. */
  n8n: InN8nResult;
  /** Without n8n, compared with a bare program. */
  outside: OutsideResult;
  /** Many consents in queue mode; not in a quick run. */
  queue?: QueueResult;
  ratios: Record<string, Distribution>;
}

/** Measures pulls of transactions: outside n8n, in n8n, and for many consents in n8n's queue mode. */
export async function measurePull(
  n8n: BenchN8n,
  bank: BenchBank,
  files: BenchFiles,
  target: WorkflowTarget,
  effort: Effort,
): Promise<PullResult> {
  const outside = await measureOutside(bank, files, effort);
  const inN8n = await measureInN8n(n8n, bank, target.distantUrl, effort);
  const { pullConsents } = effort;
  return {
    ...{ n8n: inN8n, outside },
    ...(pullConsents > 0 && { queue: await measureQueue(bank, target, pullConsents) }),
    ratios: { ...inN8n.ratios, ...outside.ratios },
  };
}
