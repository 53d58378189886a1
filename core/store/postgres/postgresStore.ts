import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { isPassing, isTableMissing, postgresFailure } from './postgresFailures';
import { migration, postgresSchema, type Schema } from '../schema';
import { SqlStore, type Values } from '../sqlStore';
import { numbered, parametersOf, statements, type StatementName } from '../statements';
import { newerError, storeError, unavailable } from '../storeFailure';

/** Connections of one store at most. */
const CONNECTIONS = 5;

/** Milliseconds in which a statement ends, or the server ends it. */
const STATEMENT_TIMEOUT = 5_000;

/** Milliseconds to wait for the server to say so. */
const QUERY_TIMEOUT = 8_000;

/** Milliseconds in which a connection is there, be it a new one or one that another call gives back. */
const CONNECT_TIMEOUT = 15_000;

/** Times that a statement is tried where the connection is lost. */
const TRIES = 4;

/** PostgreSQL's number for "this package changes its tables": any that others do not use. */
const LOCK = 7_305_018_266_411;

/** The server's clock in milliseconds. */
const NOW = 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)';

interface Prepared {
  readonly text: string;
  readonly parameters: readonly string[];
}

/**
 * Records in a PostgreSQL database, which several hosts may use at once.
 * Make one for each connection string, and keep it: it holds the connections. They are made by the first call, and by the first after `close`.
 */
export class PostgresStore extends SqlStore {
  readonly #where: string;
  readonly #statements: Readonly<Record<StatementName, Prepared>>;
  #pool: Pool | undefined;
  /** Settled once the tables are those of this version. */
  #migrated: Promise<void> | undefined;

  /**
   * @param connectionString `postgres://<user>:<password>@<host>:<port>/<database>`
   * @param schema what the database is brought to
   */
  constructor(
    private readonly connectionString: string,
    private readonly schema: Schema = postgresSchema,
  ) {
    super();
    this.#where = locationOf(connectionString);
    const prepared = Object.entries(statements(schema, NOW)).map(([name, text]) => [
      name,
      { text: numbered(text), parameters: parametersOf(text) },
    ]);
    this.#statements = Object.fromEntries(prepared) as Record<StatementName, Prepared>;
  }

  protected async run<Answer>(name: StatementName, values: Values): Promise<Answer[]> {
    const { text, parameters } = this.#statements[name];
    const given = parameters.map((it) => toParameter(values[it]));
    for (let tries = 1; ; tries++) {
      try {
        const pool = this.#connections();
        await this.#migrate(pool);
        return (await pool.query<QueryResultRow>(text, given)).rows as Answer[];
      } catch (error) {
        if (error instanceof OpenBankingError) throw error;
        const isMissing = isTableMissing(error);
        if (isMissing) this.#migrated = undefined;
        if (tries === TRIES || !(isMissing || isPassing(error))) {
          throw storeError(this.#where, postgresFailure(error));
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
      throw storeError(this.#where, unavailable(`the connection has to be given as ${form}`));
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loads nothing where tokens are kept elsewhere
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
    // An idle connection that is lost leaves the pool; unheard, its error would end the process.
    pool.on('error', () => undefined);
    this.#pool = pool;
    return pool;
  }

  #migrate(pool: Pool): Promise<void> {
    if (!this.#migrated) {
      const migrated = this.#bringToVersion(pool);
      this.#migrated = migrated;
      // What failed is tried again by the next call.
      migrated.catch(() => {
        if (this.#migrated === migrated) this.#migrated = undefined;
      });
    }
    return this.#migrated;
  }

  async #bringToVersion(pool: Pool): Promise<void> {
    const client = await pool.connect();
    // pg tells a connection that is lost in the middle to both the statement and this.
    client.on('error', ignore);
    let failure: unknown = undefined;
    try {
      if ((await this.#versionOf(client)) === this.schema.steps.length) return;
      // At other levels the statements after the lock would see what was there before it.
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
      // Several processes that start at once would create the same table.
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
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
      // Closed, a connection rolls back what it had begun.
      client.release(failure !== undefined);
    }
  }

  async #versionOf(client: PoolClient): Promise<number> {
    const { version: table, steps } = this.schema;
    // By itself, `to_regclass` would answer from what the connection knew before another process created the table.
    const { rows } = await client.query('SELECT 1 FROM pg_class WHERE oid = to_regclass($1)', [
      table,
    ]);
    if (rows.length === 0) return 0;
    const found = await client.query<{ version: number }>(`SELECT version FROM ${table}`);
    const version = found.rows[0]?.version ?? 0;
    if (version > steps.length) throw newerError(this.#where);
    return version;
  }
}

function ignore(): void {}

/** For `pg`, binary data has to be a Buffer. */
function toParameter(value: Values[string] | undefined): string | number | Buffer | null {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return value ?? null;
}

/**
 * Host, port and database of a connection string, for messages.
 * Only where it is certain what is what: a password with an `@`, `/`, `?` or `#` that is not percent-encoded makes the rest look like it.
 */
function locationOf(connectionString: string): string {
  const [, host, port = '5432', database] =
    /^postgres(?:ql)?:\/\/(?:[^@/?#\s]*@)?([\w.-]+|\[[\da-f:]+\])(?::(\d+))?(?:\/([\w.-]*))?(?:\?[^@#\s]*)?$/i.exec(
      connectionString,
    ) ?? [];
  return host ? `"${host}:${port}${database ? `/${database}` : ''}"` : 'in PostgreSQL';
}
