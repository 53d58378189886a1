import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { momentNow } from '../../lib/moment';
import { isNameTaken, isTransient, isTableMissing, postgresFailure } from './postgresFailures';
import { migration, postgresSchema, type Schema } from '../schema';
import { SqlStore, type Answer, type Values } from '../sqlStore';
import {
  numbered,
  parametersOf,
  statements,
  type SqlDialect,
  type StatementName,
} from '../statements';
import { newerSchemaError, storeError, unavailable } from '../storeFailure';

/** Maximum number of connections of a store. */
const CONNECTIONS = 5;

/** Milliseconds after which the server ends a statement. */
const STATEMENT_TIMEOUT = 5_000;

/** Milliseconds to wait for the answer to a statement. */
const QUERY_TIMEOUT = 8_000;

/** Milliseconds to wait for a connection: a new one, or one that another call releases. */
const CONNECT_TIMEOUT = 15_000;

/** Maximum number of tries of a statement if the connection is lost. */
const TRIES = 4;

/** Key of the advisory lock for migrations: a random number, which others do not use. */
const MIGRATION_LOCK = 7_305_018_266_411;

/** The SQL of PostgreSQL. Its clock is that of the server. */
const dialect: SqlDialect = {
  now: 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)',
  names: 'SELECT jsonb_array_elements_text(CAST(:names AS JSONB))',
};

interface Prepared {
  readonly text: string;
  readonly parameters: readonly string[];
}

/**
 * A store in a PostgreSQL database. Several hosts may use the database at the same time.
 * A process has one for each connection string, because it owns the connections. The first call opens them, and so does the first call
 * after `close`.
 */
export class PostgresStore extends SqlStore {
  readonly #location: string;
  readonly #statements: Readonly<Record<StatementName, Prepared>>;
  #pool: Pool | undefined;
  /** Resolves when the tables have the latest version. */
  #migrated: Promise<void> | undefined;

  /**
   * @param connectionString `postgres://<user>:<password>@<host>:<port>/<database>`
   * @param schema to which the database is migrated
   */
  constructor(
    private readonly connectionString: string,
    private readonly schema: Schema = postgresSchema,
  ) {
    super();
    this.#location = locationOf(connectionString);
    const prepared = Object.entries(statements(schema, dialect)).map(([name, text]) => [
      name,
      { text: numbered(text), parameters: parametersOf(text) },
    ]);
    this.#statements = Object.fromEntries(prepared) as Record<StatementName, Prepared>;
  }

  protected async run<AnsweredRow>(
    name: StatementName,
    values: Values,
  ): Promise<Answer<AnsweredRow>> {
    const { text, parameters } = this.#statements[name];
    const given = parameters.map((key) => toParameter(values[key]));
    for (let tries = 1; ; tries++) {
      let sentAt = momentNow();
      try {
        const pool = this.#connections();
        await this.#migrate(pool);
        sentAt = momentNow();
        return {
          rows: (await pool.query<QueryResultRow>(text, given)).rows as AnsweredRow[],
          sentAt,
        };
      } catch (error) {
        if (error instanceof OpenBankingError) throw error;
        if (isNameTaken(error)) return { rows: [], sentAt };
        const isMissing = isTableMissing(error);
        if (isMissing) this.#migrated = undefined;
        if (tries === TRIES || !(isMissing || isTransient(error))) {
          throw storeError(this.#location, postgresFailure(error));
        }
      }
    }
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = this.#migrated = undefined;
    await pool?.end();
  }

  #connections(): Pool {
    if (this.#pool) return this.#pool;
    if (!/^postgres(ql)?:\/\//.test(this.connectionString)) {
      const form = 'postgres://user:password@host:5432/database';
      throw storeError(this.#location, unavailable(`the connection string must look like ${form}`));
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- with tokens in SQLite, `pg` is not loaded
    const { Pool: ConnectionPool } = require('pg') as typeof import('pg');
    const pool = new ConnectionPool({
      connectionString: this.connectionString,
      application_name: 'n8n-nodes-open-banking',
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      statement_timeout: STATEMENT_TIMEOUT,
      query_timeout: QUERY_TIMEOUT,
      keepAlive: true,
      // An idle connection does not keep the process from ending.
      allowExitOnIdle: true,
    });
    // The pool drops an idle connection that is lost. Without a listener, its error would end the process.
    pool.on('error', () => undefined);
    this.#pool = pool;
    return pool;
  }

  #migrate(pool: Pool): Promise<void> {
    if (!this.#migrated) {
      const migrated = this.#bringToLatestVersion(pool);
      this.#migrated = migrated;
      // After a failure, the next call tries again.
      migrated.catch(() => {
        if (this.#migrated === migrated) this.#migrated = undefined;
      });
    }
    return this.#migrated;
  }

  async #bringToLatestVersion(pool: Pool): Promise<void> {
    const client = await pool.connect();
    // If the connection is lost, pg rejects the statement and also emits this event.
    client.on('error', ignore);
    let failure: unknown = undefined;
    try {
      if ((await this.#versionOf(client)) === this.schema.steps.length) return;
      // At other levels, statements after the lock would see the tables as they were before it.
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
      // Otherwise, processes that start at the same time would create the same table.
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      const version = await this.#versionOf(client);
      if (version !== this.schema.steps.length) {
        for (const step of migration(this.schema, version)) await client.query(step);
      }
      await client.query('COMMIT');
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      client.off('error', ignore);
      // Closing a connection rolls back its transaction.
      client.release(failure !== undefined);
    }
  }

  async #versionOf(client: PoolClient): Promise<number> {
    const { version: table, steps } = this.schema;
    // `to_regclass` alone would answer from a cache of the connection, which may miss a table that another process has created.
    const { rows } = await client.query('SELECT 1 FROM pg_class WHERE oid = to_regclass($1)', [
      table,
    ]);
    if (rows.length === 0) return 0;
    const found = await client.query<{ version: number }>(`SELECT version FROM ${table}`);
    const version = found.rows[0]?.version ?? 0;
    if (version > steps.length) throw newerSchemaError(this.#location);
    return version;
  }
}

function ignore(): void {}

/** A value for `pg`, which needs a Buffer for binary data. */
function toParameter(value: Values[string] | undefined): string | number | Buffer | null {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return value ?? null;
}

/**
 * Host, port and database of a connection string, for messages. If the string is ambiguous, none of it is shown: with an `@`, `/`, `?` or
 * `#` that is not percent-encoded, a part of the password could look like the host.
 */
function locationOf(connectionString: string): string {
  const [, host, port = '5432', database] =
    /^postgres(?:ql)?:\/\/(?:[^@/?#\s]*@)?([\w.-]+|\[[\da-f:]+\])(?::(\d+))?(?:\/([\w.-]*))?(?:\?[^@#\s]*)?$/i.exec(
      connectionString,
    ) ?? [];
  return host ? `"${host}:${port}${database ? `/${database}` : ''}"` : 'in PostgreSQL';
}
