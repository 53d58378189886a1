import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Schema } from '../../../core/store/schema';
import { SqliteStore } from '../../../core/store/sqlite/sqliteStore';
import type { TokenStore } from '../../../core/store/store';
import { closeAfterTest } from '../../support/servers/closing';

/** A new folder for the test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'open-banking-sqlite-'));
  closeAfterTest(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The path of a file that does not exist yet, in a new folder. */
export async function newPath(): Promise<string> {
  return join(await newFolder(), 'tokens.sqlite');
}

/** A store that is closed after the test. */
export function open(path: string, schema?: Schema): TokenStore {
  const store = new SqliteStore(path, schema);
  closeAfterTest(() => store.close());
  return store;
}
