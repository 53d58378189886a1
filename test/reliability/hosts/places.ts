import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeepingSettings } from '../../../core/tokens/settings';
import { createTestDatabase } from '../../support/stores/postgres';

/** A place for stored tokens. */
export interface Place {
  /** The user folder of n8n, which has the SQLite file. */
  readonly folder: string;
  /** The fields of a credential that name the place. */
  readonly keeping: KeepingSettings;
  close(): Promise<void>;
}

/** The kinds of store. */
export const storeNames = ['SQLite', 'PostgreSQL'] as const;

/** Makes a new place for a kind of store. */
export async function openPlace(store: (typeof storeNames)[number]): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'open-banking-place-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (store === 'SQLite') return { folder, keeping: {}, close: () => Promise.resolve(remove()) };
  const database = await createTestDatabase();
  return {
    folder,
    keeping: { keepTokensIn: 'postgres', postgresUrl: database.connectionString },
    close: async () => {
      await database.close();
      remove();
    },
  };
}

/** The path of the SQLite file in a user folder. */
export function sqliteFile(folder: string): string {
  return join(folder, '.n8n', 'open-banking-tokens.sqlite');
}

/** The settings of a place, with another port of PostgreSQL. */
export function atPort(
  { postgresUrl = '', ...others }: KeepingSettings,
  port: number,
): KeepingSettings {
  const url = new URL(postgresUrl);
  url.port = String(port);
  return { ...others, postgresUrl: url.href };
}

/** The port of PostgreSQL. */
export function portOf({ postgresUrl = '' }: KeepingSettings): number {
  return Number(new URL(postgresUrl).port);
}
