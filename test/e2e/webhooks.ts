import { readFileSync } from 'node:fs';
import type { N8nServer } from '../../demo/n8n/server';

const ACTIVATION_LIMIT_MS = 60_000;

/**
 * Calls a published webhook, which accepts only POST, after it is registered.
 *
 * @param logs what the error shows if it is never registered
 */
export async function callWebhook(
  { url, logFile }: N8nServer,
  path: string,
  body: object = {},
  logs = () => readFileSync(logFile, 'utf8'),
): Promise<Response> {
  const address = `${url}/webhook/${path}`;
  await registered(address, logs);
  return fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

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
