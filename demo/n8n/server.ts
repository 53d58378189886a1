import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { DemoFailure } from '../failure';
import { end } from '../processes';
import { startN8n, type N8n } from './command';

const START_LIMIT_MS = 120_000;

/** A running n8n with the editor, or a running worker. */
export interface N8nServer {
  /** Address of the editor or of the worker's health check, without a slash at the end. */
  url: string;
  /** Path of n8n's log. */
  logFile: string;
  /** Its process, which has an IPC channel. */
  child: ChildProcess;
  /** Resolves when n8n has ended, for any reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts n8n's server with the editor and waits until it answers.
 *
 * @throws {@link DemoFailure} if it ends, or does not answer within two minutes
 */
export function startServer(n8n: N8n, port: number): Promise<N8nServer> {
  return startListening(n8n, ['start'], port, {
    what: 'n8n’s editor',
    // n8n 1.x says that it is ready before its editor is.
    answering: ['/healthz/readiness', '/rest/settings'],
  });
}

/**
 * Starts a worker of an n8n in queue mode, and waits until it is ready for work.
 *
 * @param n8n with a user folder of its own, as if it were on another host
 * @param concurrency executions at the same time
 * @throws {@link DemoFailure} if it ends, or is not ready within two minutes
 */
export function startWorker(n8n: N8n, port: number, concurrency: number): Promise<N8nServer> {
  return startListening(n8n, ['worker', `--concurrency=${concurrency}`], port, {
    what: 'n8n’s worker',
    answering: ['/healthz/readiness'],
  });
}

async function startListening(
  n8n: N8n,
  args: string[],
  port: number,
  { what, answering }: { what: string; answering: string[] },
): Promise<N8nServer> {
  const logFile = join(n8n.userFolder, 'n8n.log');
  const child = await startN8n(n8n, args, port);
  const log = createWriteStream(logFile);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  let running = true;
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      running = false;
      log.end();
      resolve();
    }),
  );
  const url = `http://localhost:${port}`;
  for (const startedAt = Date.now(); !(await isReady(port, answering));) {
    if (running && Date.now() - startedAt < START_LIMIT_MS) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      continue;
    }
    await end(child);
    throw new DemoFailure(`${what} did not start: its log is in ${logFile}.`);
  }
  return { url, logFile, child, ended, stop: () => end(child) };
}

async function isReady(port: number, paths: string[]): Promise<boolean> {
  try {
    const answers = await Promise.all(
      paths.map((path) => fetch(`http://127.0.0.1:${port}${path}`)),
    );
    return answers.every(({ ok }) => ok);
  } catch {
    return false;
  }
}
