import type { OpenBankingError } from '../../errors/OpenBankingError';
import { migration, type Schema } from '../schema';
import {
  newerSchemaError,
  notWritable,
  storeError,
  unavailable,
  type StoreFailure,
} from '../storeFailure';
import type { Connection, Query } from './connection';
import { isForbidden } from './postgresFailures';

/** Key of the advisory lock for migrations: a random number, which others do not use. */
const MIGRATION_LOCK = 7_305_018_266_411;

/** The privileges on tables that this package needs. On the table of the version, the first is enough. */
const PRIVILEGES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** The tables of a store, and what a database says about them. */
export class Tables {
  readonly #names: string[];

  /**
   * @param schema names of the tables, and the steps that create them
   * @param schemaName the PostgreSQL schema that contains them; if empty, the server's `search_path` decides
   * @param where names the store, without secrets
   */
  constructor(
    private readonly schema: Schema,
    private readonly schemaName: string,
    private readonly where: string,
  ) {
    const { tokens, trials, pending, holders, version } = schema;
    this.#names = [tokens, trials, pending, holders, version].map(withoutSchema);
  }

  /** Brings the tables to the latest version. @throws OpenBankingError `store-newer`, `store-not-writable`, `store-unavailable` */
  async migrate(connection: Connection): Promise<void> {
    const { steps } = this.schema;
    if ((await this.#version(queryOf(connection))) === steps.length) return;
    await connection.transaction(async (run) => {
      // Otherwise, processes that start at the same time would create the same table.
      await run('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      const version = await this.#version(run);
      if (version === steps.length) return;
      const refusal = await this.#refusal(run, version);
      try {
        for (const step of migration(this.schema, version)) await run(step);
      } catch (error) {
        throw isForbidden(error) ? refusal : error;
      }
    });
  }

  /** Warnings about the tables, for operators. */
  async warnings(connection: Connection): Promise<string[]> {
    const run = queryOf(connection);
    const others = await this.#otherSchemas(run);
    if (others.length === 0) return [];
    const [own] = await run<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace
       WHERE oid = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass($1))`,
      [this.schema.version],
    );
    return [
      `The database ${this.where} has more than one set of tables of this package. This credential uses the schema ${quoted(own?.name)}, and there are also tables in ${listed(others)}. A consent that is refreshed in both loses its refresh token: give the same "PostgreSQL Schema" in all credentials, and remove the tables that are not used.`,
    ];
  }

  /** The failure for privileges that the user lacks; `undefined` if it lacks none. */
  async missingPrivileges(connection: Connection): Promise<StoreFailure | undefined> {
    const run = queryOf(connection);
    const [schema] = await run<{ user: string }>(
      `SELECT current_user AS user FROM pg_namespace
       WHERE nspname = $1 AND NOT has_schema_privilege(oid, 'USAGE')`,
      [this.schemaName],
    );
    if (schema) {
      const { user } = schema;
      return notWritable(
        `the user ${quoted(user)} lacks the privilege USAGE on the schema ${quoted(this.schemaName)}`,
        grantAdvice(`USAGE ON SCHEMA ${identifier(this.schemaName)}`, user),
      );
    }
    const missing = await run<{ user: string; table: string; privilege: string }>(
      `SELECT current_user AS user, relname AS table, privilege
       FROM pg_class CROSS JOIN unnest(CAST($2 AS TEXT[])) WITH ORDINALITY AS needed (privilege, place)
       WHERE relname = ANY ($1) AND (place = 1 OR relname <> $3)
         AND CASE WHEN $4 = '' THEN pg_table_is_visible(pg_class.oid)
           ELSE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $4) END
         AND NOT has_table_privilege(pg_class.oid, privilege)
       ORDER BY relname, place`,
      [this.#names, PRIVILEGES, withoutSchema(this.schema.version), this.schemaName],
    );
    if (missing.length === 0) return undefined;
    const { user } = missing[0]!;
    const tables = [...new Set(missing.map(({ table }) => table))];
    const lacks = tables.map((table) => {
      const those = missing.filter((row) => row.table === table);
      return `${those.map(({ privilege }) => privilege).join(', ')} on ${quoted(table)}`;
    });
    const prefix = this.schemaName && `${identifier(this.schemaName)}.`;
    const names = tables.map((table) => prefix + table).join(', ');
    return notWritable(
      `the user ${quoted(user)} lacks the privileges ${lacks.join(' and ')}`,
      grantAdvice(`${PRIVILEGES.join(', ')} ON ${names}`, user),
    );
  }

  /**
   * The error to use if the user may not carry out the migration.
   *
   * @throws OpenBankingError `store-unavailable` if new tables would be a second set that nobody asked for
   */
  async #refusal(run: Query, version: number): Promise<OpenBankingError> {
    const [present] = await run<{ user: string; schema: string | null; owner: string | null }>(
      `SELECT current_user AS user, current_schema() AS schema,
         (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass($1)) AS owner`,
      [this.schema.version],
    );
    const { user = '', schema = null, owner = null } = present ?? {};
    if (version > 0) {
      return storeError(
        this.where,
        notWritable(
          `its tables are of an earlier version of this package, and the user ${quoted(user)} may not change them`,
          `Enter the user ${quoted(owner)}, who owns the tables, in "PostgreSQL Connection", press the Test button of the credential once, and then enter ${quoted(user)} again. The bank was not asked, so no token is lost.`,
        ),
      );
    }
    const target = this.schemaName || schema;
    const others = this.schemaName ? [] : await this.#otherSchemas(run);
    if (others.length > 0) {
      throw storeError(
        this.where,
        unavailable(
          `its tables are in the schema ${listed(others)}, which this connection does not use; new ones would be made in ${quoted(target)}`,
          `Enter ${listed(others)} in "PostgreSQL Schema" in the credential. If you want a second set of tables, enter ${quoted(target)} there. The bank was not asked.`,
        ),
      );
    }
    return storeError(
      this.where,
      notWritable(
        `the user ${quoted(user)} may not create tables in the schema ${quoted(target)}`,
        `Let the owner of the database run: GRANT CREATE ON SCHEMA ${identifier(target ?? '')} TO ${identifier(user)}. Or enter a user who may create tables in "PostgreSQL Connection", press the Test button of the credential once, grant ${quoted(user)} the privileges ${PRIVILEGES.join(', ')} on the new tables, and enter it again. The bank was not asked, so no token is lost.`,
      ),
    );
  }

  /** Other schemas of the database that contain tables of this package. */
  async #otherSchemas(run: Query): Promise<string[]> {
    const found = await run<{ name: string }>(
      `SELECT nspname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
       WHERE relname = $1 AND relkind = 'r' AND pg_class.oid IS DISTINCT FROM to_regclass($2) ORDER BY 1`,
      [withoutSchema(this.schema.version), this.schema.version],
    );
    return found.map(({ name }) => name);
  }

  async #version(run: Query): Promise<number> {
    const { version: table, steps } = this.schema;
    // `to_regclass` alone would answer from a cache of the connection, which may miss a table that another process has created.
    const found = await run('SELECT 1 FROM pg_class WHERE oid = to_regclass($1)', [table]);
    if (found.length === 0) return 0;
    const [row] = await run<{ version: number }>(`SELECT version FROM ${table}`);
    const version = row?.version ?? 0;
    if (version > steps.length) throw newerSchemaError(this.where);
    return version;
  }
}

function queryOf(connection: Connection): Query {
  return (text, values = []) => connection.statement(text, values);
}

function grantAdvice(privileges: string, user: string): string {
  return `Let the owner of the tables run: GRANT ${privileges} TO ${identifier(user)}. The bank was not asked, so no token is lost.`;
}

/** The name of a table without that of its schema. */
function withoutSchema(table: string): string {
  return table.slice(table.lastIndexOf('.') + 1);
}

/** A name in SQL. */
function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name in a sentence. */
function quoted(name: string | null | undefined): string {
  return `"${name ?? ''}"`;
}

function listed(names: string[]): string {
  return names.map(quoted).join(', ');
}
