import { readExample, type ImportableWorkflow } from '../../demo/examples';
import type { ImportableCredential } from '../../demo/examples';
import type { TestDatabase } from '../support/stores/postgres';

/** n8n's own credential for PostgreSQL. */
const POSTGRES = { id: 'postgresOfTest', name: 'Postgres of the test' };

/** Credentials by which n8n's Postgres nodes use {@link postgresCredential}. */
export const usesPostgres = { postgres: POSTGRES };

/** n8n's own credential for a database of the test. */
export function postgresCredential({
  connectionString,
}: Pick<TestDatabase, 'connectionString'>): ImportableCredential {
  const { hostname, port, username, password, pathname } = new URL(connectionString);
  const data = {
    host: hostname,
    port: port || '5432',
    user: username,
    password: decodeURIComponent(password),
    database: pathname.slice(1),
    ssl: 'disable',
  };
  return { ...POSTGRES, type: 'postgres', data };
}

/** An example whose Postgres nodes have the credential of the test. */
export async function exampleInto(name: string): Promise<ImportableWorkflow> {
  const workflow = await readExample<ImportableWorkflow>(name);
  const nodes = workflow.nodes.map((node) =>
    node.type.endsWith('.postgres') ? { ...node, credentials: usesPostgres } : node,
  );
  return { ...workflow, nodes };
}
