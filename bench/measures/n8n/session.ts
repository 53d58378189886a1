import { join } from 'node:path';
import type { ImportableCredential, ImportableWorkflow } from '../../../demo/examples';
import { importInto } from '../../../demo/n8n/imports';
import { setUpOwner } from '../../../demo/n8n/owner';
import { publish } from '../../../demo/n8n/publish';
import { startServer, type N8nServer } from '../../../demo/n8n/server';
import { freePort } from '../../../demo/ports';
import { n8nWithPackage, type TemporaryN8n } from '../../../test/e2e/n8nWithPackage';
import { BenchFailure } from '../../failure';
import { asked } from '../../messages';

/** What one execution took. */
export interface ExecutionCost {
  /** Between the two clocks of the workflow. */
  milliseconds: number;
  /** CPU milliseconds of the n8n process, all of its threads and its saving of the execution included. */
  cpuMilliseconds: number;
  /** Highest resident memory of the n8n process, its saving of the execution included, in MiB. */
  peakMebibytes: number;
  /** How far that is above what it was right before, in MiB. */
  addedMebibytes: number;
}

/** An n8n of the benchmark, running. */
export interface N8nSession {
  /** Calls the webhook of a workflow. @throws BenchFailure where an item has no answer of the bank */
  run(path: string, items: string[]): Promise<ExecutionCost>;
  stop(): Promise<void>;
}

const ACTIVATION_LIMIT_MS = 60_000;

/** An n8n with the package and the workflows in it, to be started as often as needed. */
export class BenchN8n {
  private constructor(private readonly n8n: TemporaryN8n) {}

  /**
   * Installs the package, as it is built now, and publishes the workflows.
   *
   * @param directory that this n8n keeps its files in
   */
  static async install(
    directory: string,
    credentials: ImportableCredential[],
    workflows: ImportableWorkflow[],
  ): Promise<BenchN8n> {
    const n8n = await n8nWithPackage(undefined, directory);
    n8n.preload = join(__dirname, 'usage.cjs');
    const installed = new BenchN8n(n8n);
    try {
      await importInto(n8n, credentials, workflows);
      const server = await startServer(n8n, await freePort());
      await setUpOwner(server);
      for (const { id } of workflows) await publish(server, id);
      await server.stop();
      return installed;
    } catch (error) {
      await n8n.remove();
      throw error;
    }
  }

  /** Starts it: a fresh process, with nothing in its memory of what was run before. */
  async start(): Promise<N8nSession> {
    const server = await startServer(this.n8n, await freePort());
    return { run: (path, items) => run(server, path, items), stop: () => server.stop() };
  }

  remove(): Promise<void> {
    return this.n8n.remove();
  }
}

async function run(server: N8nServer, path: string, items: string[]): Promise<ExecutionCost> {
  const address = `${server.url}/webhook/${path}`;
  await registered(address);
  const before = await usage(server);
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ items }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new BenchFailure(`n8n answered ${answer.status} to ${path}: ${text}`);
  const cost = JSON.parse(text) as { milliseconds: number; items: number; answered: number };
  if (cost.items !== cost.answered || cost.items < items.length) {
    throw new BenchFailure(`${path}: ${cost.answered} of ${items.length} items were answered.`);
  }
  // The execution is saved after the answer; what comes back tells that n8n is idle again.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const after = await usage(server);
  return {
    milliseconds: cost.milliseconds,
    cpuMilliseconds: after.cpu - before.cpu,
    peakMebibytes: after.peak,
    addedMebibytes: after.peak - before.now,
  };
}

/** What the process has used: MiB, now and at the peak since it was asked last, and CPU milliseconds since it was started. */
interface Usage {
  now: number;
  peak: number;
  cpu: number;
}

async function usage({ child }: N8nServer): Promise<Usage> {
  const { now, peak, cpu } = await asked<Usage>(child, { ask: 'usage' }, 'n8n');
  const mebibyte = 1024 * 1024;
  return { now: now / mebibyte, peak: Math.max(now, peak) / mebibyte, cpu: cpu / 1000 };
}

/** Waits until the webhook is there: n8n says before that that it is ready. */
async function registered(address: string): Promise<void> {
  for (const end = Date.now() + ACTIVATION_LIMIT_MS; Date.now() < end;) {
    // Asked with the wrong method, so that nothing starts.
    const answer = await fetch(address);
    if ((await answer.text()).includes('Did you mean to make a POST request?')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new BenchFailure(`n8n registered no webhook at ${address}.`);
}
