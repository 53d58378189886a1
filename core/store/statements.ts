import { HOUR } from '../lib/time';
import { memoryStatements, type MemoryStatementName } from './memoryStatements';
import type { Schema } from './schema';

/** A value of a statement's parameter. */
export type Value = string | number | Uint8Array | null;

/** The text of each statement, with `:name` for its parameters. */
export type Statements = Readonly<Record<StatementName, string>>;

/** The names of the statements. Each operation of a store is one statement, so that it is atomic. */
export type StatementName =
  | MemoryStatementName
  | 'find'
  | 'list'
  | 'look'
  | 'remove'
  | 'store'
  | 'add'
  | 'replace'
  | 'receive'
  | 'amend'
  | 'rename'
  | 'beat'
  | 'sweepHolders'
  | 'acquire'
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

/** The statements of callers that hold a lease or store tokens of the bank, and the heartbeat. They go before all others. */
export const holderStatements: ReadonlySet<StatementName> = new Set([
  ...(['beat', 'sweepHolders', 'markAttempt', 'receive', 'store', 'add', 'replace'] as const),
  ...(['settle', 'release', 'amend', 'rename'] as const),
]);

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
  readonly attempt_limit: number | string | null;
  readonly revision: number | string;
  /** The store's clock when the row was read. */
  readonly store_now: number | string;
}

/** A row of the table of records with its lease. The columns of the lease are `null` if there is none. */
export interface LookRow extends Row {
  readonly lease_holder: string | null;
  readonly lease_process: string | null;
  readonly lease_length: number | string | null;
  readonly remaining: number | string | null;
  /** 1 if the holder marked an attempt under this lease. */
  readonly is_marked: number | string;
  readonly beat: number | string | null;
  readonly beat_age: number | string | null;
}

/** The columns that a new token set sets. */
const tokenColumns = [
  ...['bank', 'client_id', 'consent', 'envelope', 'state', 'expires_at', 'obtained_at'],
  ...['refresh_token_expires_at', 'certificate_thumbprint'],
];

/** The SQL expressions in which databases differ. */
export interface SqlDialect {
  /** The store's clock in milliseconds since the epoch. */
  readonly now: string;
  /** A query of the texts in the parameter `:names`, which is a JSON array. The column is `name`. */
  readonly names: string;
}

/** The parameter `:marked_at` if the holder of a lease has marked no attempt. */
export const NO_MARK = -1;

/** Milliseconds after which a process without a heartbeat is forgotten. */
const FORGET_HOLDER = 24 * HOUR;

/** The statements, in the SQL that SQLite and PostgreSQL share. */
export function statements(schema: Schema, dialect: SqlDialect): Statements {
  const { tokens, trials, pending, holders } = schema;
  const { now, names } = dialect;
  const columns = [
    ...['name', ...tokenColumns, 'attempted_at', 'attempt_limit', 'revision'],
    `${now} AS store_now`,
  ].join(', ');
  const noLease =
    'lease_holder = NULL, lease_until = NULL, lease_length = NULL, lease_process = NULL';
  const noMark = 'attempted_at = NULL, attempt_limit = NULL, attempt_holder = NULL';
  const setMark =
    'attempted_at = :attempted_at, attempt_limit = :attempt_limit, attempt_holder = NULL';
  const setColumns = `${tokenColumns.map((column) => `${column} = :${column}`).join(', ')},
    revision = ${tokens}.revision + 1`;
  const setTokens = `${setColumns}, ${noMark}`;
  const setTokensAndEndLease = `${setTokens}, ${noLease}`;
  // Revisions begin with the time, so that a record which was removed and made again has no revision of the former one.
  const insert = `INSERT INTO ${tokens} (name, ${tokenColumns.join(', ')}, revision)
    VALUES (:name, ${tokenColumns.map((column) => `:${column}`).join(', ')}, ${now})`;
  const isUnchanged = 'name = :name AND revision = :revision';
  const isHeld = `name = :name AND lease_holder = :holder AND lease_until > ${now}`;
  return {
    ...memoryStatements(schema, dialect),
    find: `SELECT ${columns} FROM ${tokens} WHERE name IN (${names})`,
    list: `SELECT ${columns} FROM ${tokens} WHERE client_id = :client_id ORDER BY bank, consent, name`,
    look: `SELECT ${columns}, lease_holder, lease_process, lease_length, lease_until - ${now} AS remaining,
      CASE WHEN attempt_holder = lease_holder THEN 1 ELSE 0 END AS is_marked, beat, ${now} - beat_at AS beat_age
      FROM ${tokens} LEFT JOIN ${holders} ON process = lease_process WHERE name = :name`,
    beat: `INSERT INTO ${holders} (process, beat, beat_at) VALUES (:process, 1, ${now})
      ON CONFLICT (process) DO UPDATE SET beat = ${holders}.beat + 1, beat_at = ${now} RETURNING beat`,
    sweepHolders: `DELETE FROM ${holders} WHERE beat_at < ${now} - ${FORGET_HOLDER} RETURNING process`,
    remove: `DELETE FROM ${tokens}
      WHERE name = :name AND revision = COALESCE(:revision, revision)
        AND COALESCE(lease_holder, '') = COALESCE(:holder, lease_holder, '')
      RETURNING name`,
    store: `${insert} ON CONFLICT (name) DO UPDATE SET ${setTokensAndEndLease} RETURNING ${columns}`,
    add: `${insert} ON CONFLICT (name) DO NOTHING RETURNING ${columns}`,
    replace: `UPDATE ${tokens} SET ${setTokensAndEndLease} WHERE ${isUnchanged} RETURNING ${columns}`,
    receive: `UPDATE ${tokens} SET ${setTokens} WHERE ${isUnchanged} RETURNING ${columns}`,
    amend: `UPDATE ${tokens} SET ${setColumns} WHERE ${isUnchanged} RETURNING ${columns}`,
    // Of two at the same time, which both find the name free, the key of the table lets one through.
    rename: `UPDATE ${tokens} SET name = :name, ${setColumns}
      WHERE name = :from AND revision = :revision AND lease_holder = :holder
        AND NOT EXISTS (SELECT 1 FROM ${tokens} AS other WHERE other.name = :name)
      RETURNING ${columns}`,
    // The holder may ask again: if the connection was lost, it does not know that it has the lease.
    acquire: `UPDATE ${tokens}
      SET lease_holder = :holder, lease_process = :process, lease_until = ${now} + :length, lease_length = :length
      WHERE name = :name AND (lease_holder IS NULL OR lease_holder = :holder OR (lease_holder = :from
        AND CASE WHEN attempt_holder = lease_holder THEN attempted_at ELSE ${NO_MARK} END = :marked_at))
      RETURNING ${columns}`,
    shorten: `UPDATE ${tokens} SET lease_until = ${now} + lease_length
      WHERE name = :name AND lease_until > ${now} + lease_length RETURNING name`,
    markAttempt: `UPDATE ${tokens}
      SET attempted_at = ${now}, attempt_limit = :limit, attempt_holder = :holder
      WHERE ${isHeld} RETURNING attempted_at`,
    // Also after the time of the lease, as long as no other caller has taken it: else a mark would stay although nothing was sent.
    release: `UPDATE ${tokens} SET ${noLease}, ${setMark}
      WHERE name = :name AND lease_holder = :holder RETURNING name`,
    settle: `UPDATE ${tokens} SET ${setColumns}, ${noLease}, ${setMark}
      WHERE ${isUnchanged} AND lease_holder = :holder RETURNING ${columns}`,
    // Each caller has a row of its own, so that none waits for another.
    beginTrial: `INSERT INTO ${trials} (id, begun_at, filling) VALUES (:id, ${now}, :filling)
      ON CONFLICT (id) DO NOTHING RETURNING id`,
    endTrial: `DELETE FROM ${trials} WHERE id = :id OR begun_at < ${now} - 60000 RETURNING id`,
    storePending: `INSERT INTO ${pending} (name, envelope, kept_until)
      VALUES (:name, :envelope, ${now} + :lifetime) ON CONFLICT (name) DO NOTHING RETURNING name`,
    findPending: `SELECT envelope, CASE WHEN receiver IS NULL THEN 0 ELSE 1 END AS is_received,
        CASE WHEN taker IS NULL THEN 0 ELSE 1 END AS is_taken
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

/** A parameter, or a quoted identifier, which may contain what looks like one. */
const PARAMETER = /"[^"]*"|:(\w+)/g;

/** The names of a statement's parameters, each once, in the order of the text. */
export function parametersOf(statement: string): string[] {
  const names = [...statement.matchAll(PARAMETER)].flatMap(([, name]) => name ?? []);
  return [...new Set(names)];
}

/** The statement with `$1`, `$2` … in place of the names, in the order of {@link parametersOf}. */
export function numbered(statement: string): string {
  const names = parametersOf(statement);
  return statement.replace(PARAMETER, (text, name?: string) =>
    name === undefined ? text : `$${names.indexOf(name) + 1}`,
  );
}
