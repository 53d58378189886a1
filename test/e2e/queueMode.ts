import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { N8n } from '../../demo/n8n/command';
import type { N8nQueue } from '../../demo/n8n/environment';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { publish } from '../../demo/n8n/publish';
import { startServer, startWorker, type N8nServer } from '../../demo/n8n/server';
import type { ImportableCredential, ImportableWorkflow } from '../../demo/examples';
import { freePort } from '../../demo/ports';
import { createTestDatabase, type TestDatabase } from '../support/stores/postgres';
import { startRedis } from '../support/stores/redis';
import { n8nWithPackage } from './n8nWithPackage';
import { opening } from './opened';

const CONCURRENCY = 5;
const ACTIVATION_LIMIT_MS = 60_000;

/** n8n in queue mode: one main process and two workers, each with its own folder as on its own host. */
export interface QueueMode {
  /** Publishes one of the workflows. */
  publish(workflowId: string): Promise<void>;
  /** Calls a published webhook, which accepts only POST, after it is registered. */
  callWebhook(path: string, body?: object): Promise<Response>;
  /** Executions that each worker finished, by their IDs: read from the workers' logs. */
  finishedBy(): string[][];
  /** The logs of the three processes. */
  logs(): string;
}

/** A new database; `closeAll` drops it. */
export function database(): Promise<TestDatabase> {
  return opening(createTestDatabase(), (own) => own.close());
}

/**
 * Starts n8n in queue mode as its documentation says, with credentials and workflows in it.
 *
 * `closeAll` ends it, even if the start fails.
 */
export async function startQueueMode(
  credentials: ImportableCredential[],
  workflows: ImportableWorkflow[],
): Promise<QueueMode> {
  const { connectionString: databaseUrl } = await database();
  const redis = await opening(startRedis(), (own) => own.stop());
  const queue: N8nQueue = {
    databaseUrl,
    redisPort: redis.port,
    redisPrefix: redis.prefix,
    encryptionKey: randomBytes(24).toString('base64'),
  };
  const hosts: N8n[] = [];
  for (let host = 0; host < 3; host++) {
    hosts.push(await opening(n8nWithPackage(queue), (n8n) => n8n.remove()));
  }
  const [mainHost, ...workerHosts] = hosts as [N8n, N8n, N8n];

  await importInto(mainHost, credentials, workflows);

  const stop = (server: N8nServer) => server.stop();
  // The import has created the tables.
  const main = await opening(startServer(mainHost, await freePort()), stop);
  await setUpOwner(main);
  const workers: N8nServer[] = [];
  for (const host of workerHosts) {
    workers.push(await opening(startWorker(host, await freePort(), CONCURRENCY), stop));
  }

  const logs = () => [main, ...workers].map(read).join('\n');
  return {
    publish: (workflowId) => publish(main, workflowId),
    callWebhook: async (path, body) => {
      const address = `${main.url}/webhook/${path}`;
      await registered(address, logs);
      return fetch(address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      });
    },
    finishedBy: () =>
      workers.map((worker) =>
        [...read(worker).matchAll(/Worker finished execution (\d+)/g)].map(([, id]) => id!),
      ),
    logs,
  };
}

const read = ({ logFile }: N8nServer) => readFileSync(logFile, 'utf8');

/** Waits until a published webhook is registered: n8n reports earlier that it is ready and that the workflow is published. */
async function registered(address: string, logs: () => string): Promise<void> {
  for (const end = Date.now() + ACTIVATION_LIMIT_MS; ;) {
    // The wrong method, so that no workflow starts.
    const answer = await fetch(address);
    if ((await answer.text()).includes('Did you mean to make a POST request?')) return;
    if (Date.now() > end) throw new Error(`n8n registered no webhook:\n${logs()}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
