import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { DemoFailure } from '../failure';
import { end } from '../processes';
import { startN8n, type N8n } from './command';

const START_LIMIT_MS = 120_000;

/** A running n8n editor. */
export interface N8nServer {
  /** Address of the editor, without a slash at the end. */
  url: string;
  /** Where n8n's log goes. */
  logFile: string;
  /** Resolves when n8n has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts n8n's server and waits until it answers.
 *
 * @throws {@link DemoFailure} when it ends, or does not answer within two minutes
 */
export async function startServer(n8n: N8n, port: number): Promise<N8nServer> {
  const logFile = join(n8n.userFolder, 'n8n.log');
  const child = await startN8n(n8n, ['start'], port);
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
  for (const startedAt = Date.now(); !(await isReady(port));) {
    if (running && Date.now() - startedAt < START_LIMIT_MS) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      continue;
    }
    await end(child);
    throw new DemoFailure(`n8n’s editor did not start: its log is in ${logFile}.`);
  }
  return { url, logFile, ended, stop: () => end(child) };
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz/readiness`);
    return response.ok;
  } catch {
    return false;
  }
}
