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
    const { tokens, trials, pending, holders, memories, reads, version } = schema;
    const all = [tokens, trials, pending, holders, memories, reads, version];
    this.#names = all.map(withoutSchema);
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
    const [schema] = await run<{ user: string; owner: string }>(
      `SELECT current_user AS user, pg_get_userbyid(nspowner) AS owner FROM pg_namespace
       WHERE nspname = $1 AND NOT has_schema_privilege(oid, 'USAGE')`,
      [this.schemaName],
    );
    if (schema) {
      const { user, owner } = schema;
      const right = `USAGE ON SCHEMA ${identifier(this.schemaName)}`;
      return notWritable(
        `the user ${quoted(user)} lacks the privilege USAGE on the schema ${quoted(this.schemaName)}`,
        grantAdvice(schemaOwner(owner), [grant(right, user)]),
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
    const versionTable = withoutSchema(this.schema.version);
    const changed = tables.filter((table) => table !== versionTable).map((table) => prefix + table);
    const grants = [
      ...(changed.length ? [grant(`${PRIVILEGES.join(', ')} ON ${changed.join(', ')}`, user)] : []),
      ...(tables.includes(versionTable) ? [grant(`SELECT ON ${prefix}${versionTable}`, user)] : []),
    ];
    return notWritable(
      `the user ${quoted(user)} lacks the privileges ${lacks.join(' and ')}`,
      grantAdvice('the owner of the tables', grants),
    );
  }

  /**
   * The error to use if the user may not carry out the migration.
   *
   * @throws OpenBankingError `store-not-writable` if the schema does not exist; `store-unavailable` if new tables would be a second set that
   *   nobody asked for
   */
  async #refusal(run: Query, version: number): Promise<OpenBankingError> {
    const [present] = await run<Present>(
      `SELECT current_user AS user, current_schema() AS schema,
         (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass($1)) AS owner,
         (SELECT pg_get_userbyid(nspowner) FROM pg_namespace
          WHERE nspname = coalesce(nullif(CAST($2 AS TEXT), ''), current_schema())) AS schema_owner`,
      [this.schema.version, this.schemaName],
    );
    const { user, schema, owner, schema_owner: schemaOwnedBy } = present!;
    if (version > 0) {
      return storeError(
        this.where,
        notWritable(
          `its tables are of an earlier version of this package, and the user ${quoted(user)} may not change them`,
          `Enter the user ${quoted(owner)}, who owns the tables, in "PostgreSQL Connection", press the Test button of the credential once, and then enter ${quoted(user)} again. The bank was not asked, so no token is lost.`,
        ),
      );
    }
    if (this.schemaName && schemaOwnedBy === null) throw this.#schemaMissing(user);
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
        `Let ${schemaOwner(schemaOwnedBy)} run: ${grant(`CREATE ON SCHEMA ${identifier(target ?? '')}`, user)} Or enter a user who may create tables in "PostgreSQL Connection", press the Test button of the credential once, grant ${quoted(user)} the privileges ${PRIVILEGES.join(', ')} on the new tables (on ${quoted(withoutSchema(this.schema.version))} SELECT is enough), and enter it again. The bank was not asked, so no token is lost.`,
      ),
    );
  }

  #schemaMissing(user: string): OpenBankingError {
    return storeError(
      this.where,
      notWritable(
        `the schema ${quoted(this.schemaName)} does not exist`,
        `Correct "PostgreSQL Schema" in the credential, or let the owner of the database run: CREATE SCHEMA ${identifier(this.schemaName)} AUTHORIZATION ${identifier(user)}; The bank was not asked, so no token is lost.`,
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

/** The state of a database before tables are created or changed. */
interface Present {
  readonly user: string;
  /** The schema for new tables if none is named. */
  readonly schema: string | null;
  /** The owner of the tables; `null` if there are none. */
  readonly owner: string | null;
  /** The owner of the schema; `null` if the schema does not exist. */
  readonly schema_owner: string | null;
}

function grant(privileges: string, user: string): string {
  return `GRANT ${privileges} TO ${identifier(user)};`;
}

function grantAdvice(owner: string, grants: string[]): string {
  return `Let ${owner} run: ${grants.join(' ')} The bank was not asked, so no token is lost.`;
}

/** The owner of a schema in a sentence. "public" belongs to a role whose only member is the owner of the database. */
function schemaOwner(owner: string | null): string {
  return owner === null || owner === 'pg_database_owner'
    ? 'the owner of the database'
    : `the owner of the schema, ${quoted(owner)},`;
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
