import { OpenBankingError } from '../../errors/OpenBankingError';
import { momentNow } from '../../lib/moment';
import { postgresSchemaIn, type Schema } from '../schema';
import { SqlStore, type Answer, type Values } from '../sqlStore';
import {
  holderStatements,
  numbered,
  parametersOf,
  statements,
  type SqlDialect,
  type StatementName,
} from '../statements';
import { storeError } from '../storeFailure';
import { Connection, type ServerTraits } from './connection';
import { connectionSettings, locationOf } from './connectionSettings';
import { Connections } from './connections';
import { isForbidden, isNameTaken, isTableMissing, postgresFailure } from './postgresFailures';
import { Tables } from './tables';

/** The SQL of PostgreSQL. Its clock is that of the server. */
const dialect: SqlDialect = {
  // CAST alone would round up, so that a moment could lie in the future.
  now: 'CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)',
  names: 'SELECT jsonb_array_elements_text(CAST(:names AS JSONB)) AS name',
};

interface Prepared {
  readonly text: string;
  readonly parameters: readonly string[];
}

/**
 * A store in a PostgreSQL database. Several hosts may use the database at the same time.
 * A process has one for each connection string and schema, because it owns the connections. The first call opens them, and so does the
 * first call after `close`.
 */
export class PostgresStore extends SqlStore {
  readonly #location: string;
  readonly #statements: Readonly<Record<StatementName, Prepared>>;
  readonly #tables: Tables;
  readonly #traits: ServerTraits = { refusesTimeout: false };
  #open: Connections | undefined;
  /** Resolves when the tables have the latest version. */
  #migrated: Promise<void> | undefined;

  /**
   * @param connectionString `postgres://<user>:<password>@<host>:<port>/<database>`, see {@link connectionSettings}
   * @param schemaName the PostgreSQL schema of the tables; if empty, the server's `search_path` decides
   * @param schema to which the database is migrated
   */
  constructor(
    private readonly connectionString: string,
    schemaName = '',
    schema: Schema = postgresSchemaIn(schemaName),
  ) {
    super();
    this.#location = locationOf(connectionString);
    this.#tables = new Tables(schema, schemaName, this.#location);
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
    const isOfHolder = holderStatements.has(name);
    let sentAt = momentNow();
    return this.#onTables(isOfHolder, async (connection) => {
      sentAt = momentNow();
      return { rows: await connection.statement<AnsweredRow>(text, given), sentAt };
    }).catch((error: unknown) => {
      if (isNameTaken(error)) return { rows: [], sentAt };
      throw error;
    });
  }

  override async warnings(): Promise<string[]> {
    return this.#onTables(false, (connection) => this.#tables.warnings(connection));
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = this.#migrated = undefined;
    await open?.close();
  }

  /** Does work that uses the tables. If somebody removed them, they are created again, once. */
  async #onTables<Result>(
    isOfHolder: boolean,
    work: (connection: Connection) => Promise<Result>,
  ): Promise<Result> {
    const attempt = async (): Promise<Result> => {
      await this.#migrate();
      return this.#connections().run(isOfHolder, work);
    };
    try {
      return await attempt().catch((error: unknown) => {
        if (!isTableMissing(error)) throw error;
        this.#migrated = undefined;
        return attempt();
      });
    } catch (error) {
      if (isNameTaken(error)) throw error;
      throw await this.#errorFor(error);
    }
  }

  async #errorFor(error: unknown): Promise<OpenBankingError> {
    if (error instanceof OpenBankingError) return error;
    if (isForbidden(error)) {
      const missing = await this.#connections()
        .run(false, (connection) => this.#tables.missingPrivileges(connection))
        .catch(() => undefined);
      if (missing) return storeError(this.#location, missing);
    }
    return storeError(this.#location, postgresFailure(error));
  }

  #connections(): Connections {
    this.#open ??= new Connections(async () =>
      Connection.open(await connectionSettings(this.connectionString), this.#traits),
    );
    return this.#open;
  }

  #migrate(): Promise<void> {
    if (!this.#migrated) {
      const migrated = this.#connections().run(true, (connection) =>
        this.#tables.migrate(connection),
      );
      this.#migrated = migrated;
      // After a failure, the next call tries again.
      migrated.catch(() => {
        if (this.#migrated === migrated) this.#migrated = undefined;
      });
    }
    return this.#migrated;
  }
}

/** A value for `pg`, which needs a Buffer for binary data. */
function toParameter(value: Values[string] | undefined): string | number | Buffer | null {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return value ?? null;
}
