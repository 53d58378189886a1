import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives the tests of a file a user folder of n8n of their own, in which tokens are stored. Call it once, before other hooks of the file.
 *
 * @returns the path of the folder
 */
export function ownUserFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'open-banking-user-'));
  const before = process.env.N8N_USER_FOLDER;
  beforeAll(() => {
    process.env.N8N_USER_FOLDER = folder;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.N8N_USER_FOLDER;
    else process.env.N8N_USER_FOLDER = before;
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
