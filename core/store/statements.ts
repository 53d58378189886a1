import type { Schema } from './schema';

/** A value of a statement's parameter. */
export type Value = string | number | Uint8Array | null;

/** The text of each statement, with `:name` for its parameters. */
export type Statements = Readonly<Record<StatementName, string>>;

/** The names of the statements. Each operation of a store is one statement, so that it is atomic. */
export type StatementName =
  | 'read'
  | 'list'
  | 'remove'
  | 'store'
  | 'add'
  | 'replace'
  | 'receive'
  | 'amend'
  | 'acquire'
  | 'remaining'
  | 'shorten'
  | 'markAttempt'
  | 'release'
  | 'settle'
  | 'beginTrial'
  | 'endTrial'
  | 'storePending'
  | 'findPending'
  | 'receivePending'
  | 'takePending'
  | 'sweepPending';

/** A row of the table of records. PostgreSQL returns integers as text. */
export interface Row {
  readonly name: string;
  readonly bank: string;
  readonly client_id: string;
  readonly consent: string;
  readonly envelope: Uint8Array;
  readonly state: 'usable' | 'needs-consent';
  readonly expires_at: number | string | null;
  readonly obtained_at: number | string;
  readonly refresh_token_expires_at: number | string | null;
  readonly certificate_thumbprint: string;
  readonly attempted_at: number | string | null;
  readonly revision: number | string;
}

/** The columns that a new token set sets. */
const tokenColumns = [
  ...['bank', 'client_id', 'consent', 'envelope', 'state', 'expires_at', 'obtained_at'],
  ...['refresh_token_expires_at', 'certificate_thumbprint'],
];

const columns = ['name', ...tokenColumns, 'attempted_at', 'revision'].join(', ');

/**
 * The statements, in the SQL that SQLite and PostgreSQL share.
 *
 * @param now SQL expression for the store's clock in milliseconds
 */
export function statements({ tokens, trials, pending }: Schema, now: string): Statements {
  const noLease = 'lease_holder = NULL, lease_until = NULL, lease_length = NULL';
  const setColumns = `${tokenColumns.map((column) => `${column} = :${column}`).join(', ')},
    revision = ${tokens}.revision + 1`;
  const setTokens = `${setColumns}, attempted_at = NULL`;
  const setTokensAndEndLease = `${setTokens}, ${noLease}`;
  // Revisions begin with the time, so that a record which was removed and made again has no revision of the former one.
  const insert = `INSERT INTO ${tokens} (name, ${tokenColumns.join(', ')}, revision)
    VALUES (:name, ${tokenColumns.map((column) => `:${column}`).join(', ')}, ${now})`;
  const isUnchanged = 'name = :name AND revision = :revision';
  const isHeld = `name = :name AND lease_holder = :holder AND lease_until > ${now}`;
  return {
    read: `SELECT ${columns} FROM ${tokens} WHERE name = :name`,
    list: `SELECT ${columns} FROM ${tokens} ORDER BY bank, consent, client_id`,
    remove: `DELETE FROM ${tokens}
      WHERE name = :name AND revision = COALESCE(:revision, revision) RETURNING name`,
    store: `${insert} ON CONFLICT (name) DO UPDATE SET ${setTokensAndEndLease} RETURNING ${columns}`,
    add: `${insert} ON CONFLICT (name) DO NOTHING RETURNING ${columns}`,
    replace: `UPDATE ${tokens} SET ${setTokensAndEndLease} WHERE ${isUnchanged} RETURNING ${columns}`,
    receive: `UPDATE ${tokens} SET ${setTokens} WHERE ${isUnchanged} RETURNING ${columns}`,
    amend: `UPDATE ${tokens} SET ${setColumns} WHERE ${isUnchanged} RETURNING ${columns}`,
    // The holder may ask again: if the connection was lost, it does not know that it has the lease.
    acquire: `UPDATE ${tokens}
      SET lease_holder = :holder, lease_until = ${now} + :length, lease_length = :length
      WHERE name = :name AND (lease_until IS NULL OR lease_until <= ${now} OR lease_holder = :holder)
      RETURNING ${columns}`,
    remaining: `SELECT lease_until - ${now} AS remaining, lease_length FROM ${tokens} WHERE name = :name`,
    shorten: `UPDATE ${tokens} SET lease_until = ${now} + lease_length
      WHERE name = :name AND lease_until > ${now} + lease_length RETURNING name`,
    markAttempt: `UPDATE ${tokens} SET attempted_at = :at WHERE ${isHeld} RETURNING name`,
    // Also after the time of the lease, as long as no other caller has taken it: else a mark would stay although nothing was sent.
    release: `UPDATE ${tokens} SET ${noLease}, attempted_at = :attempted_at
      WHERE name = :name AND lease_holder = :holder RETURNING name`,
    settle: `UPDATE ${tokens} SET ${setColumns}, ${noLease}, attempted_at = :attempted_at
      WHERE ${isUnchanged} AND lease_holder = :holder RETURNING ${columns}`,
    // Each caller has a row of its own, so that none waits for another.
    beginTrial: `INSERT INTO ${trials} (id, begun_at, filling) VALUES (:id, ${now}, :filling)
      ON CONFLICT (id) DO NOTHING RETURNING id`,
    endTrial: `DELETE FROM ${trials} WHERE id = :id OR begun_at < ${now} - 60000 RETURNING id`,
    storePending: `INSERT INTO ${pending} (name, envelope, kept_until)
      VALUES (:name, :envelope, ${now} + :lifetime) ON CONFLICT (name) DO NOTHING RETURNING name`,
    findPending: `SELECT envelope, CASE WHEN taker IS NULL THEN 0 ELSE 1 END AS is_taken
      FROM ${pending} WHERE name = :name AND kept_until > ${now}`,
    // The row is marked and not deleted: if the connection was lost, the taker asks again, and no other caller gets it.
    receivePending: `UPDATE ${pending} SET receiver = :receiver, kept_until = ${now} + :lifetime
      WHERE name = :name AND kept_until > ${now} AND taker IS NULL AND (receiver IS NULL OR receiver = :receiver)
      RETURNING name`,
    takePending: `UPDATE ${pending} SET taker = :taker
      WHERE name = :name AND kept_until > ${now} AND (taker IS NULL OR taker = :taker)
      RETURNING envelope`,
    sweepPending: `DELETE FROM ${pending} WHERE kept_until <= ${now} RETURNING name`,
  };
}

const PARAMETER = /:(\w+)/g;

/** The names of a statement's parameters, each once, in the order of the text. */
export function parametersOf(statement: string): string[] {
  return [...new Set([...statement.matchAll(PARAMETER)].map(([, name]) => name!))];
}

/** The statement with `$1`, `$2` … in place of the names, in the order of {@link parametersOf}. */
export function numbered(statement: string): string {
  const names = parametersOf(statement);
  return statement.replace(PARAMETER, (_, name: string) => `$${names.indexOf(name) + 1}`);
}
