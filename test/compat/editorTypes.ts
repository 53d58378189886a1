import { DemoFailure } from '../../demo/failure';
import { freePort } from '../../demo/ports';
import type { N8n } from '../../demo/n8n/command';
import { sessionCookie, setUpOwner } from '../../demo/n8n/owner';
import { startServer, type N8nServer } from '../../demo/n8n/server';

interface EditorType {
  name: string;
  /** Of a credential: only one that has it is offered in HTTP Request. */
  authenticate?: unknown;
}

/**
 * Starts n8n and reads what its editor is given: the nodes are offered, and so is the credential, in HTTP Request too.
 *
 * @throws {@link DemoFailure} with the first that is not
 */
export async function requireOffered(n8n: N8n): Promise<void> {
  const server = await startServer(n8n, await freePort());
  try {
    await setUpOwner(server);
    const cookie = await sessionCookie(server);
    const nodes = await typesOf(server, cookie, 'nodes');
    for (const name of ['openBankingToken', 'openBankingRedirectTrigger']) {
      if (nodes.some((type) => type.name === `n8n-nodes-open-banking.${name}`)) continue;
      throw new DemoFailure(`n8n's editor does not offer the node ${name}.`);
    }
    const credentials = await typesOf(server, cookie, 'credentials');
    const credential = credentials.find(({ name }) => name === 'openBankingApi');
    if (!credential) throw new DemoFailure("n8n's editor does not offer the credential.");
    if (!credential.authenticate) {
      throw new DemoFailure(
        'HTTP Request does not offer the credential: it has no "authenticate".',
      );
    }
  } finally {
    await server.stop();
  }
}

async function typesOf(
  { url, logFile }: N8nServer,
  cookie: string,
  kind: 'nodes' | 'credentials',
): Promise<EditorType[]> {
  const response = await fetch(`${url}/types/${kind}.json`, { headers: { cookie } });
  if (response.ok) return (await response.json()) as EditorType[];
  throw new DemoFailure(
    `n8n refused /types/${kind}.json (HTTP ${response.status}): its log is in ${logFile}.`,
  );
}
