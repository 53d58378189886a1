import { DemoFailure } from '../failure';
import { owner } from './owner';
import type { N8nServer } from './server';

/**
 * Publishes an imported workflow in a running n8n, as its owner does with the button: its triggers begin to work within seconds.
 *
 * @throws {@link DemoFailure} when n8n refuses
 */
export async function publish(server: N8nServer, workflowId: string): Promise<void> {
  const login = { emailOrLdapLoginId: owner.email, password: owner.password };
  const session = await call(server, 'POST', '/rest/login', {}, login);
  const cookie = session.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const path = `/rest/workflows/${workflowId}`;
  const stored = await call(server, 'GET', path, { cookie });
  const { data } = (await stored.json()) as { data: { versionId: string } };
  await call(server, 'POST', `${path}/activate`, { cookie }, { versionId: data.versionId });
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
