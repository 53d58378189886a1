import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportableCredential, ImportableWorkflow } from '../examples';
import { importCredentials, importWorkflows, type N8n } from './command';

/** Imports credentials and workflows; those with the same ID are replaced. */
export async function importInto(
  n8n: N8n,
  credentials: ImportableCredential[],
  workflows: ImportableWorkflow[],
): Promise<void> {
  // The file contains the private key in the clear, so it is removed after the import.
  const directory = await mkdtemp(join(n8n.userFolder, 'import-'));
  const write = async (name: string, content: object): Promise<string> => {
    const file = join(directory, name);
    await writeFile(file, JSON.stringify(content), { mode: 0o600 });
    return file;
  };
  try {
    if (credentials.length > 0) {
      await importCredentials(n8n, await write('credentials.json', credentials));
    }
    if (workflows.length > 0) await importWorkflows(n8n, await write('workflows.json', workflows));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
