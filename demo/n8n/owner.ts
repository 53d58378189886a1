import { DemoFailure } from '../failure';
import type { N8nServer } from './server';

/** The log-in of the demonstration's n8n. It listens on the loopback interface only. */
export const owner = { email: 'demo@example.com', password: 'Open-Banking-1' };

const login = { emailOrLdapLoginId: owner.email, password: owner.password };

/**
 * Creates the user {@link owner}, if there is no user yet.
 *
 * @returns whether the log-in of {@link owner} works; `false` if somebody has changed it by hand
 * @throws {@link DemoFailure} if n8n refuses to create the first user
 */
export async function setUpOwner(server: N8nServer): Promise<boolean> {
  if ((await post(server, '/rest/login', login)).ok) return true;
  const setup = await post(server, '/rest/owner/setup', {
    ...owner,
    firstName: 'Open',
    lastName: 'Banking',
  });
  if (setup.ok) return true;
  if (setup.status === 400) return false;
  throw new DemoFailure(
    `n8n refused to set up the demonstration's log-in (HTTP ${setup.status}): its log is in ${server.logFile}.`,
  );
}

/**
 * The `cookie` header of a new session of {@link owner}.
 *
 * @throws {@link DemoFailure} if n8n refuses the log-in
 */
export async function sessionCookie(server: N8nServer): Promise<string> {
  const { ok, status, headers } = await post(server, '/rest/login', login);
  if (ok) {
    return headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
  }
  throw new DemoFailure(
    `n8n refused the demonstration's log-in (HTTP ${status}): its log is in ${server.logFile}.`,
  );
}

function post(server: N8nServer, path: string, body: object): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}
