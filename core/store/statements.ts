import type { Schema } from './schema';

/** A value that a statement takes. */
export type Value = string | number | Uint8Array | null;

/** What a statement says, with `:name` for each value that it takes. */
export type Statements = Readonly<Record<StatementName, string>>;

/** What stores do, one statement each: no other caller comes in between. */
export type StatementName =
  | 'read'
  | 'list'
  | 'remove'
  | 'store'
  | 'add'
  | 'replace'
  | 'receive'
  | 'acquire'
  | 'remaining'
  | 'shorten'
  | 'markAttempt'
  | 'release'
  | 'beginTrial'
  | 'endTrial'
  | 'keepPending'
  | 'findPending'
  | 'receivePending'
  | 'takePending'
  | 'sweepPending';

/** A row of the table of records. PostgreSQL hands out whole numbers as text. */
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

/** The columns that come with a new token set. */
const received = [
  ...['bank', 'client_id', 'consent', 'envelope', 'state', 'expires_at', 'obtained_at'],
  ...['refresh_token_expires_at', 'certificate_thumbprint'],
];

const row = ['name', ...received, 'attempted_at', 'revision'].join(', ');

/**
 * The statements, in words that SQLite and PostgreSQL share.
 *
 * @param now the store's clock in milliseconds, as an expression
 */
export function statements({ tokens, trials, pending }: Schema, now: string): Statements {
  const over = 'lease_holder = NULL, lease_until = NULL, lease_length = NULL';
  const newTokens = `${received.map((column) => `${column} = :${column}`).join(', ')},
    attempted_at = NULL, revision = ${tokens}.revision + 1`;
  const set = `${newTokens}, ${over}`;
  // A record that was removed and made again must not be taken for the former one: its revisions begin with the time.
  const insert = `INSERT INTO ${tokens} (name, ${received.join(', ')}, revision)
    VALUES (:name, ${received.map((column) => `:${column}`).join(', ')}, ${now})`;
  const isHeld = `name = :name AND lease_holder = :holder AND lease_until > ${now}`;
  return {
    read: `SELECT ${row} FROM ${tokens} WHERE name = :name`,
    list: `SELECT ${row} FROM ${tokens} ORDER BY bank, consent, client_id`,
    remove: `DELETE FROM ${tokens} WHERE name = :name RETURNING name`,
    store: `${insert} ON CONFLICT (name) DO UPDATE SET ${set} RETURNING ${row}`,
    add: `${insert} ON CONFLICT (name) DO NOTHING RETURNING ${row}`,
    replace: `UPDATE ${tokens} SET ${set} WHERE name = :name AND revision = :revision RETURNING ${row}`,
    receive: `UPDATE ${tokens} SET ${newTokens} WHERE name = :name AND revision = :revision RETURNING ${row}`,
    // The holder may ask again: where a connection is lost, it does not learn that it was given the lease.
    acquire: `UPDATE ${tokens}
      SET lease_holder = :holder, lease_until = ${now} + :length, lease_length = :length
      WHERE name = :name AND (lease_until IS NULL OR lease_until <= ${now} OR lease_holder = :holder)
      RETURNING ${row}`,
    remaining: `SELECT lease_until - ${now} AS remaining, lease_length FROM ${tokens} WHERE name = :name`,
    shorten: `UPDATE ${tokens} SET lease_until = ${now} + lease_length
      WHERE name = :name AND lease_until > ${now} + lease_length RETURNING name`,
    markAttempt: `UPDATE ${tokens} SET attempted_at = :at WHERE ${isHeld} RETURNING name`,
    release: `UPDATE ${tokens} SET ${over},
      attempted_at = CASE WHEN :outcome = 'unknown' THEN attempted_at END,
      state = CASE WHEN :outcome = 'needs-consent' THEN 'needs-consent' ELSE state END
      WHERE ${isHeld} RETURNING name`,
    // A row for each caller: none waits for another.
    beginTrial: `INSERT INTO ${trials} (id, begun_at, filling) VALUES (:id, ${now}, :filling)
      ON CONFLICT (id) DO NOTHING RETURNING id`,
    endTrial: `DELETE FROM ${trials} WHERE id = :id OR begun_at < ${now} - 60000 RETURNING id`,
    keepPending: `INSERT INTO ${pending} (name, envelope, kept_until)
      VALUES (:name, :envelope, ${now} + :lifetime) ON CONFLICT (name) DO NOTHING RETURNING name`,
    findPending: `SELECT envelope, CASE WHEN taker IS NULL THEN 0 ELSE 1 END AS is_taken
      FROM ${pending} WHERE name = :name AND kept_until > ${now}`,
    // They are marked, not deleted: where a connection is lost, the taker asks again, and nobody else is given it.
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

/** The names of the values that a statement takes, each once, in the order of the text. */
export function parametersOf(statement: string): string[] {
  return [...new Set([...statement.matchAll(PARAMETER)].map(([, name]) => name!))];
}

/** The statement with `$1`, `$2` … in place of names, in the order of {@link parametersOf}. */
export function numbered(statement: string): string {
  const names = parametersOf(statement);
  return statement.replace(PARAMETER, (_, name: string) => `$${names.indexOf(name) + 1}`);
}
