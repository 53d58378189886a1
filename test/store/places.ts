import { PostgresStore } from '../../core/store/postgres/postgresStore';
import { postgresSchema, sqliteSchema, type Schema } from '../../core/store/schema';
import { SqliteStore } from '../../core/store/sqlite/sqliteStore';
import type { SqlStore } from '../../core/store/sqlStore';
import type { Holder, NewRecord, StoredRecord } from '../../core/store/store';

/** The place of a store: a path, or a connection string. */
export type Place = { sqlite: string } | { postgres: string };

/** A store at a place. */
export function storeAt(place: Place, schema: Schema = schemaAt(place)): SqlStore {
  return 'sqlite' in place
    ? new SqliteStore(place.sqlite, schema)
    : new PostgresStore(place.postgres, '', schema);
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
    clientId: CLIENT,
    consent: `consent of ${name}`,
    envelope: Buffer.from(`sealed ${name} ${Math.random()}`),
    state: 'usable',
    obtainedAt: 1_790_000_000_000,
    certificateThumbprint: 'x5t',
    ...changes,
  };
}

/** The client of {@link record}. */
export const CLIENT = 'client-1';

/** A holder of leases. */
export function holder(id: string, process = `process of ${id}`): Holder {
  return { id, process };
}

/** A stored record as another call returns it, at another time. */
export function readAgain(stored: StoredRecord | undefined): unknown {
  const time = { at: expect.any(Number), learnedAt: expect.any(Number) };
  return { ...stored, readAt: time };
}
