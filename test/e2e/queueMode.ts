import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { N8n } from '../../demo/n8n/command';
import type { N8nQueue } from '../../demo/n8n/environment';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { publish, unpublish } from '../../demo/n8n/publish';
import { startServer, startWorker, type N8nServer } from '../../demo/n8n/server';
import type { ImportableCredential, ImportableWorkflow } from '../../demo/examples';
import { freePort } from '../../demo/ports';
import { createTestDatabase, type TestDatabase } from '../support/stores/postgres';
import { startRedis } from '../support/stores/redis';
import { n8nWithPackage } from './n8nWithPackage';
import { opening } from './opened';
import { kill } from './kill';
import { callWebhook } from './webhooks';

const CONCURRENCY = 5;

/** n8n in queue mode: one main process and two workers, each with its own folder as on its own host. */
export interface QueueMode {
  /** Publishes one of the workflows. */
  publish(workflowId: string): Promise<void>;
  /** Ends the triggers of one of them. */
  unpublish(workflowId: string): Promise<void>;
  /** Calls a published webhook, which accepts only POST, after it is registered. */
  callWebhook(path: string, body?: object): Promise<Response>;
  /** Ends the main process at once, as a crash does. The workers go on. */
  killMain(): Promise<void>;
  /** Starts the main process again. */
  startMain(): Promise<void>;
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
 *
 * @param environment variables of its processes, in addition to the usual ones
 */
export async function startQueueMode(
  credentials: ImportableCredential[],
  workflows: ImportableWorkflow[],
  environment: NodeJS.ProcessEnv = {},
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
  while (hosts.length < 3) {
    const host = await opening(n8nWithPackage(queue), (n8n) => n8n.remove());
    hosts.push({ ...host, environment });
  }
  const [mainHost, ...workerHosts] = hosts as [N8n, N8n, N8n];

  await importInto(mainHost, credentials, workflows);

  const stop = (server: N8nServer) => server.stop();
  // The import has created the tables.
  const port = await freePort();
  let main = await startServer(mainHost, port);
  await opening(undefined, () => main.stop());
  await setUpOwner(main);
  const workers: N8nServer[] = [];
  for (const host of workerHosts) {
    workers.push(await opening(startWorker(host, await freePort(), CONCURRENCY), stop));
  }

  const logs = () => [main, ...workers].map(read).join('\n');
  return {
    publish: (workflowId) => publish(main, workflowId),
    unpublish: (workflowId) => unpublish(main, workflowId),
    callWebhook: (path, body) => callWebhook(main, path, body, logs),
    killMain: () => kill(main),
    startMain: async () => {
      main = await startServer(mainHost, port);
    },
    finishedBy: () =>
      workers.map((worker) =>
        [...read(worker).matchAll(/Worker finished execution (\d+)/g)].map(([, id]) => id!),
      ),
    logs,
  };
}

const read = ({ logFile }: N8nServer) => readFileSync(logFile, 'utf8');
