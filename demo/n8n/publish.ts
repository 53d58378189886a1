import { DemoFailure } from '../failure';
import { runN8n, type N8n } from './command';
import { sessionCookie } from './owner';
import type { N8nServer } from './server';

/**
 * Publishes an imported workflow in a running n8n, as the button in the editor does. Its triggers work within seconds.
 *
 * @throws {@link DemoFailure} if n8n refuses
 */
export async function publish(server: N8nServer, workflowId: string): Promise<void> {
  const cookie = await sessionCookie(server);
  const path = `/rest/workflows/${workflowId}`;
  const stored = await call(server, 'GET', path, { cookie });
  const { data } = (await stored.json()) as { data: { versionId: string } };
  await call(server, 'POST', `${path}/activate`, { cookie }, { versionId: data.versionId });
}

/**
 * Ends the triggers of a published workflow, as "Unpublish" in the editor does.
 *
 * @throws {@link DemoFailure} if n8n refuses
 */
export async function unpublish(server: N8nServer, workflowId: string): Promise<void> {
  const cookie = await sessionCookie(server);
  await call(server, 'POST', `/rest/workflows/${workflowId}/deactivate`, { cookie }, {});
}

/**
 * Publishes an imported workflow of an n8n that is not running. Its triggers work after the next start.
 *
 * @throws {@link DemoFailure} with n8n's message if it fails
 */
export async function publishBeforeStart(n8n: N8n, workflowId: string): Promise<void> {
  const { code, stdout, stderr } = await runN8n(n8n, ['publish:workflow', `--id=${workflowId}`]);
  if (code === 0 && stdout.includes('take effect')) return;
  const [reason] = stderr.trim().split('\n').slice(-1);
  throw new DemoFailure(
    `n8n did not publish the workflow ${workflowId}${reason ? `: ${reason}` : '.'}`,
  );
}

const ACTIVATION_LIMIT_MS = 60_000;

/**
 * Waits until the address of a published trigger answers GET. n8n says that it is ready before that.
 *
 * @throws {@link DemoFailure} if it does not answer within a minute
 */
export async function triggerAnswers(server: N8nServer, address: string): Promise<void> {
  for (const end = Date.now() + ACTIVATION_LIMIT_MS; !(await fetch(address)).ok;) {
    if (Date.now() > end) {
      throw new DemoFailure(`Nothing answers at ${address}: n8n's log is in ${server.logFile}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function call(
  { url, logFile }: N8nServer,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Response> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  });
  if (response.ok) return response;
  throw new DemoFailure(
    `n8n refused ${method} ${path} (HTTP ${response.status}): its log is in ${logFile}.`,
  );
}
