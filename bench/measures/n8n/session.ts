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

/** Cost of one execution. */
export interface ExecutionCost {
  /** Time between the two nodes of the workflow that read the clock. */
  milliseconds: number;
  /** CPU milliseconds of all threads of the n8n process; saving the execution is included. */
  cpuMilliseconds: number;
  /** Highest resident memory of the n8n process, in MiB; saving the execution is included. */
  peakMebibytes: number;
  /** Highest resident memory minus the resident memory right before, in MiB. */
  addedMebibytes: number;
  /** Items of the last measured node. */
  items: number;
}

/** A running n8n of the benchmark. */
export interface N8nSession {
  /** Calls the webhook of a workflow. @throws BenchFailure if an item has no answer of the bank */
  run(path: string, items: string[]): Promise<ExecutionCost>;
  /** Calls the webhook of a workflow, and returns the items of its last node. */
  items(path: string, items: string[]): Promise<unknown[]>;
  stop(): Promise<void>;
}

const ACTIVATION_LIMIT_MS = 60_000;

/** An n8n in which the package and the workflows are installed. It can be started several times. */
export class BenchN8n {
  private constructor(private readonly n8n: TemporaryN8n) {}

  /**
   * Installs the built package in a new n8n, and publishes the workflows.
   *
   * @param directory in which this n8n stores its files
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

  /** Does work in a new process of n8n. */
  async inSession<T>(work: (session: N8nSession) => Promise<T>): Promise<T> {
    const session = await this.start();
    try {
      return await work(session);
    } finally {
      await session.stop();
    }
  }

  private async start(): Promise<N8nSession> {
    const server = await startServer(this.n8n, await freePort());
    return {
      run: (path, items) => run(server, path, items),
      items: async (path, items) => JSON.parse(await called(server, path, items)) as unknown[],
      stop: () => server.stop(),
    };
  }

  remove(): Promise<void> {
    return this.n8n.remove();
  }
}

async function run(server: N8nServer, path: string, items: string[]): Promise<ExecutionCost> {
  await registered(server, path);
  const before = await usage(server);
  const cost = JSON.parse(await called(server, path, items)) as {
    milliseconds: number;
    items: number;
    answered: number;
  };
  if (cost.items !== cost.answered || cost.items < items.length) {
    throw new BenchFailure(`${path}: ${cost.answered} of ${items.length} items were answered.`);
  }
  // n8n saves the execution after the answer.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const after = await usage(server);
  return {
    milliseconds: cost.milliseconds,
    cpuMilliseconds: after.cpu - before.cpu,
    peakMebibytes: after.peak,
    addedMebibytes: after.peak - before.now,
    items: cost.items,
  };
}

/** The answer of a workflow to its webhook. */
async function called(server: N8nServer, path: string, items: string[]): Promise<string> {
  await registered(server, path);
  const answer = await fetch(addressOf(server, path), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ items }),
  });
  const text = await answer.text();
  if (answer.ok) return text;
  throw new BenchFailure(
    `n8n answered ${answer.status} to ${path}: ${text}. Its log is in ${server.logFile}.`,
  );
}

function addressOf({ url }: N8nServer, path: string): string {
  return `${url}/webhook/${path}`;
}

/** Memory of the process in MiB, now and at its highest since the last question, and CPU milliseconds since its start. */
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

/** Waits until n8n has registered the webhook. n8n says that it is ready before that. */
async function registered(server: N8nServer, path: string): Promise<void> {
  const address = addressOf(server, path);
  for (const end = Date.now() + ACTIVATION_LIMIT_MS; Date.now() < end;) {
    // The webhook takes POST, so GET starts no execution.
    const answer = await fetch(address);
    if ((await answer.text()).includes('Did you mean to make a POST request?')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new BenchFailure(`n8n registered no webhook at ${address}.`);
}
