import { PostgresStore } from '../../core/store/postgres/postgresStore';
import { postgresSchema, sqliteSchema, type Schema } from '../../core/store/schema';
import { SqliteStore } from '../../core/store/sqlite/sqliteStore';
import type { NewRecord, TokenStore } from '../../core/store/store';

/** The place of a store: a path, or a connection string. */
export type Place = { sqlite: string } | { postgres: string };

/** A store at a place. */
export function storeAt(place: Place, schema: Schema = schemaAt(place)): TokenStore {
  return 'sqlite' in place
    ? new SqliteStore(place.sqlite, schema)
    : new PostgresStore(place.postgres, schema);
}

/** The current schema for the kind of store at a place. */
export function schemaAt(place: Place): Schema {
  return 'sqlite' in place ? sqliteSchema : postgresSchema;
}

/** A record as a refresh stores it. */
export function record(name: string, changes: Partial<NewRecord> = {}): NewRecord {
  return {
    name,
    bank: 'https://bank.example/token',
    clientId: 'client-1',
    consent: `consent of ${name}`,
    envelope: Buffer.from(`sealed ${name} ${Math.random()}`),
    state: 'usable',
    obtainedAt: 1_790_000_000_000,
    certificateThumbprint: 'x5t',
    ...changes,
  };
}
