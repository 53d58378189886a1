/** The names of tables and types in a kind of database. */
interface Dialect {
  /** The table of the records. */
  readonly tokens: string;
  /** The table that holds the version of the schema, in one row. */
  readonly version: string;
  /** The table for trials, which show whether the database can be written. */
  readonly trials: string;
  /** The table of the pending authorizations. */
  readonly pending: string;
  /** The table of the processes that hold leases, with their heartbeats. */
  readonly holders: string;
  /** The table of the sealed memories of consents, accounts and subscribers. */
  readonly memories: string;
  /** The table of the reads of the last 24 hours. */
  readonly reads: string;
  readonly text: string;
  readonly bytes: string;
  readonly integer: string;
}

/** A schema: its tables, and the steps that lead to it from an empty database. */
export interface Schema {
  readonly tokens: string;
  readonly version: string;
  readonly trials: string;
  readonly pending: string;
  readonly holders: string;
  readonly memories: string;
  readonly reads: string;
  /** SQL by version: step n brings the database from version n to n + 1. A released step is never changed. */
  readonly steps: readonly string[];
}

function schema({ text, bytes, integer, ...tables }: Dialect): Schema {
  const { tokens, trials, pending, holders, memories, reads } = tables;
  return {
    ...tables,
    steps: [
      `CREATE TABLE ${tokens} (
        name ${text} NOT NULL PRIMARY KEY,
        bank ${text} NOT NULL,
        client_id ${text} NOT NULL,
        consent ${text} NOT NULL,
        envelope ${bytes} NOT NULL,
        state ${text} NOT NULL,
        expires_at ${integer},
        obtained_at ${integer} NOT NULL,
        refresh_token_expires_at ${integer},
        certificate_thumbprint ${text} NOT NULL,
        attempted_at ${integer},
        revision ${integer} NOT NULL,
        lease_holder ${text},
        lease_until ${integer},
        lease_length ${integer}
      );
      CREATE TABLE ${trials} (
        id ${text} NOT NULL PRIMARY KEY,
        begun_at ${integer} NOT NULL,
        filling ${bytes} NOT NULL
      )`,
      `CREATE TABLE ${pending} (
        name ${text} NOT NULL PRIMARY KEY,
        envelope ${bytes} NOT NULL,
        kept_until ${integer} NOT NULL,
        receiver ${text},
        taker ${text}
      )`,
      `ALTER TABLE ${tokens} ADD COLUMN attempt_limit ${integer};
      ALTER TABLE ${tokens} ADD COLUMN attempt_holder ${text};
      ALTER TABLE ${tokens} ADD COLUMN lease_process ${text};
      CREATE TABLE ${holders} (
        process ${text} NOT NULL PRIMARY KEY,
        beat ${integer} NOT NULL,
        beat_at ${integer} NOT NULL
      )`,
      `CREATE TABLE ${memories} (
        name ${text} NOT NULL PRIMARY KEY,
        bank ${text} NOT NULL,
        client_id ${text} NOT NULL,
        consent ${text} NOT NULL,
        kind ${text} NOT NULL,
        envelope ${bytes} NOT NULL,
        revision ${integer} NOT NULL,
        changed_at ${integer} NOT NULL,
        forget_at ${integer},
        UNIQUE (client_id, consent, name)
      );
      CREATE TABLE ${reads} (
        name ${text} NOT NULL,
        number ${integer} NOT NULL,
        reading ${text} NOT NULL,
        at ${integer} NOT NULL,
        PRIMARY KEY (name, number)
      )`,
    ],
  };
}

/** The schema of the SQLite file, which contains only this package's tables. */
export const sqliteSchema = schema({
  tokens: 'tokens',
  version: 'schema_version',
  trials: 'write_trials',
  pending: 'pending_authorizations',
  holders: 'holders',
  memories: 'memories',
  reads: 'reads',
  text: 'TEXT',
  bytes: 'BLOB',
  integer: 'INTEGER',
});

/**
 * The schema in a PostgreSQL database, which may also contain tables of others.
 *
 * @param schemaName the PostgreSQL schema of the tables; if empty, the server's `search_path` decides
 */
export function postgresSchemaIn(schemaName: string): Schema {
  const prefix = schemaName && `"${schemaName.replaceAll('"', '""')}".`;
  return schema({
    tokens: `${prefix}open_banking_tokens`,
    version: `${prefix}open_banking_tokens_version`,
    trials: `${prefix}open_banking_tokens_trials`,
    pending: `${prefix}open_banking_tokens_pending`,
    holders: `${prefix}open_banking_tokens_holders`,
    memories: `${prefix}open_banking_tokens_memories`,
    reads: `${prefix}open_banking_tokens_reads`,
    // Sorted as in SQLite, whatever the language of the database.
    text: 'TEXT COLLATE "C"',
    bytes: 'BYTEA',
    integer: 'BIGINT',
  });
}

/** The schema in a PostgreSQL database whose `search_path` decides where the tables are. */
export const postgresSchema = postgresSchemaIn('');

/**
 * The SQL that brings a database from a version to the latest one.
 *
 * @param version 0 for an empty database
 */
export function migration({ steps, version: table }: Schema, version: number): string[] {
  const create = `CREATE TABLE ${table} (version INTEGER NOT NULL)`;
  return [
    ...(version === 0 ? [create, `INSERT INTO ${table} (version) VALUES (0)`] : []),
    ...steps.slice(version),
    `UPDATE ${table} SET version = ${steps.length}`,
  ];
}
